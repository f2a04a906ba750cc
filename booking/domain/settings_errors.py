"""Refusals about what the owner decides: the logo and the legal texts."""

from booking.domain.errors import Refusal, sentence


class LogoTooBig(Refusal):
    message = sentence("This file is larger than 1 MB. Please save the picture smaller.")


class LogoIsSvg(Refusal):
    message = sentence(
        "SVG files can carry programs, so they are not taken. Please save the logo as PNG, twice "
        "as large as it is to be shown."
    )


class LogoTooManyPixels(Refusal):
    message = sentence("This picture has too many dots. 800 across are plenty for a logo.")


class NoPicture(Refusal):
    message = sentence(
        "This file is not a picture that can be read. Please choose PNG, JPEG or WebP."
    )


class NothingToPublish(Refusal):
    message = sentence("There is nothing to publish yet. Please write the text first.")

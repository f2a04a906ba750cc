"""Refusals about what people write: pictures, articles, topics."""

from booking.domain.errors import Refusal, sentence


class PictureTooBig(Refusal):
    message = sentence("This file is larger than 10 MB. Please save the picture smaller.")


class PictureIsSvg(Refusal):
    message = sentence(
        "SVG files can carry programs, so they are not taken. Please save the drawing as PNG, "
        "1600 dots across."
    )


class PictureTooManyDots(Refusal):
    message = sentence(
        "This picture has too many dots. Please save it smaller: 1600 across are plenty."
    )


class NotAPicture(Refusal):
    message = sentence(
        "This file is not a picture that can be read. Please choose PNG, JPEG, WebP or GIF."
    )


class NoAltText(Refusal):
    message = sentence("Please say what the picture shows, for people who cannot see it.")


class AltTextTooLong(Refusal):
    message = sentence("Please say what the picture shows in at most 300 characters.")

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


class AddressTaken(Refusal):
    message = sentence("Another piece has this address. Please choose another.")


class PlannedForThePast(Refusal):
    message = sentence("This time has passed. Please choose a later one, or publish it now.")


class AlreadyPublished(Refusal):
    status = 409
    message = sentence("It is published already. Archive it to take it away.")


class NotArchived(Refusal):
    status = 409
    message = sentence("This piece is not archived.")


class IsArchived(Refusal):
    status = 409
    message = sentence("This piece is archived. Bring it back first.")


class TopicThere(Refusal):
    message = sentence("There is a topic of this name already.")


class SameTopic(Refusal):
    message = sentence("Please choose another topic to join it with.")

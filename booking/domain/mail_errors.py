"""Refusals when a mail is to be sent again."""

from booking.domain.errors import Refusal, sentence


class MailStillWaits(Refusal):
    status = 409
    message = sentence("This mail has not left yet. It goes by itself.")


class MailNotStuck(Refusal):
    status = 409
    message = sentence("This mail is not stuck any more: it is on its way, or has left.")


class MailDropped(Refusal):
    message = sentence("This mail was kept back for a reason, and the reason still holds.")


class MailOutdated(Refusal):
    message = sentence(
        "What this mail tells is no longer so: the session is over, was moved or was called off."
    )


class MailWithLink(Refusal):
    """Who needs the link asks for it, and only they get it."""

    message = sentence(
        "This mail carries a link that works once and only for a while. Whoever needs one asks for "
        "a new one themselves: on the page for signing in, or, for an invitation, you invite again."
    )


class MailNotRepeated(Refusal):
    message = sentence("A mail of this kind tells of one moment and is not sent twice.")


class MailNobody(Refusal):
    message = sentence("There is no mail address to send it to.")


class MailAddressRefused(Refusal):
    message = sentence(
        "This address has refused a mail, and nothing is sent there. Correct it, or say that mails "
        "may be sent there again: on the client’s record, or in the settings under “Mail”."
    )

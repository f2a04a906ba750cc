"""Whether the mail server lets us in: connected to, made safe, signed in to, sender accepted.

It is gone to over the same outlet as mails are. All of it together has a limit: a server that
answers a byte a minute is as useless as one that does not answer.
"""

from collections.abc import Mapping
from contextlib import closing
from email.message import EmailMessage
from typing import Any

from booking import config
from booking.domain.errors import sentence
from booking.mail.answers import (
    CertificateProblem,
    MailProblem,
    NoTlsProblem,
    ServerProblem,
    SignInProblem,
    SilentProblem,
)
from booking.mail.outlet import SmtpOutlet
from booking.mail.way import Patience, way_of
from booking.upkeep.findings import Finding, look, ok, wrong

# Twenty seconds: nine to be let in, nine to be heard, two to say goodbye; a test mail takes up to
# twenty more. Each further address of the server that does not answer adds eight.
PATIENCE = Patience(answer=8, whole=9, taking=20, goodbye=2)

# What is said of each problem on the way in; the last fits all.
NOT_IN: tuple[tuple[type[ServerProblem], str], ...] = (
    (SilentProblem, sentence(
        "%(host)s did not answer in time. Is it the right server and port?"
    )),
    (CertificateProblem, sentence(
        "%(host)s is not trusted, so nothing is sent there: %(why)s"
    )),
    (NoTlsProblem, sentence(
        "%(host)s offers no TLS, so no password is sent and no mail leaves. Use smtps://, or "
        "another port. In a network of your own SMTP_WITHOUT_TLS=true lets mails leave, never a "
        "password."
    )),
    (SignInProblem, sentence(
        "%(host)s does not accept name and password: %(why)s. Many providers want a password made "
        "for programs."
    )),
    (ServerProblem, sentence(
        "%(host)s cannot be reached: %(why)s. Are name and port in SMTP_URL right, and does the "
        "machine’s provider let mail out?"
    )),
)  # fmt: skip


def check(settings: Mapping[str, Any], patience: Patience = PATIENCE) -> Finding:
    """Go through all that comes before a mail, with this patience; none is written."""
    if not settings["SMTP_URL"]:
        return _none(settings)
    way, sender = way_of(settings, patience), settings["MAIL_FROM"]
    with closing(SmtpOutlet(way)) as outlet:
        if (not_in := _knock(outlet)) is not None:
            return not_in
        try:
            outlet.offer_nothing(sender)
        except MailProblem as problem:
            return wrong("server", sentence(
                "%(host)s does not take mails from %(sender)s: %(why)s"
            ), host=way.server, sender=sender, why=str(problem))  # fmt: skip
        if not outlet.is_safe:
            return look("server", sentence(
                "%(host)s takes mails from %(sender)s, but offers no TLS: they travel in the open."
            ), host=way.server, sender=sender)  # fmt: skip
    return ok("server", sentence("%(host)s takes mails from %(sender)s, over TLS."),
              host=way.server, sender=sender)  # fmt: skip


def send(
    settings: Mapping[str, Any], message: EmailMessage, address: str, patience: Patience = PATIENCE
) -> Finding:
    """Hand a mail over at once, and tell what the server says to it."""
    if not settings["SMTP_URL"]:
        return _none(settings)
    way = way_of(settings, patience)
    with closing(SmtpOutlet(way)) as outlet:
        if (not_in := _knock(outlet)) is not None:
            return not_in
        try:
            outlet.send(message, settings["MAIL_FROM"], address)
        except MailProblem as problem:
            return wrong("test mail", sentence(
                "%(host)s did not take a mail to %(address)s: %(why)s"
            ), host=way.server, address=address, why=str(problem))  # fmt: skip
    return ok("test mail", sentence(
        "%(host)s took a mail to %(address)s. If it is not in the inbox, look among the unwanted "
        "mails."
    ), host=way.server, address=address)  # fmt: skip


def _knock(outlet: SmtpOutlet) -> Finding | None:
    """Return what is wrong with the way in; None when we are let in."""
    try:
        outlet.make_ready()
    except ServerProblem as problem:
        words = next(words for kind, words in NOT_IN if isinstance(problem, kind))
        return wrong("server", words, host=outlet.way.server, why=str(problem))
    return None


def _none(settings: Mapping[str, Any]) -> Finding:
    tell = look if config.is_local(settings["PUBLIC_URL"]) else wrong
    return tell("server", sentence(
        "No mail server is set up: mails are files, and reach nobody. Set SMTP_URL and MAIL_FROM."
    ))  # fmt: skip

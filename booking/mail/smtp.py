"""Handing a mail to the server, and which of its answers are final."""

import contextlib
import hashlib
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from booking.mail.headers import WholeHeader
from booking.mail.models import OutgoingMail
from booking.mail.outbox import ONE_TIME_LINK

TIMEOUT_SECONDS = 20


class MailProblem(Exception):
    """The mail did not go out; the text says why."""


class TemporaryProblem(MailProblem):
    """It may go out later: the server is away, busy or wants us to come again."""


class FinalProblem(MailProblem):
    """It will never go out as it is: the server refused this mail or this address."""


def compose(
    mail: OutgoingMail,
    sender: str,
    sender_name: str,
    now: datetime,
    link: str | None = None,
    reply_to: str = "",
) -> EmailMessage:
    """Build the message as it goes over the wire; `link` takes the place of the one-time link.

    Answers go to `reply_to` when there is one.

    The Message-ID follows from the dedupe key alone, so that a repeated delivery is recognised.
    """
    message = EmailMessage()
    message["From"] = f'"{_quoted(sender_name)}" <{sender}>'
    message["To"] = mail.to_address
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(mail.dedupe_key, sender)
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        link_back = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe"] = WholeHeader("List-Unsubscribe", link_back)
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body_text.replace(ONE_TIME_LINK, link or ""))
    message.add_alternative(mail.body_html.replace(ONE_TIME_LINK, link or ""), subtype="html")
    if mail.calendar_text:
        message.add_alternative(
            mail.calendar_text, subtype="calendar", params={"method": mail.calendar_method or ""}
        )
    return message


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID for a dedupe key; a hash, since the key names what it is about."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def _quoted(name: str) -> str:
    return "".join(char for char in name if char >= " " and char not in '"\\')


def deliver(message: EmailMessage, url: str) -> None:
    """Send over SMTP: ``smtp://`` (STARTTLS when offered, always with a password) or ``smtps://``.

    Raises TemporaryProblem or FinalProblem (RFC 5321: 4yz come again, 5yz do not).
    """
    try:
        server = _connect(url)
    except smtplib.SMTPAuthenticationError as error:
        raise TemporaryProblem(f"sign-in refused: {error.smtp_code}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TemporaryProblem(f"{type(error).__name__}: {error}") from error
    try:
        _hand_over(server, message)
    finally:
        # The mail's fate is decided; how the server says goodbye changes nothing about it.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    """Give the message to a server we are signed in to.

    Only a refusal of this recipient or this content is final. A refused sender or greeting is a
    fault of our settings: the mails wait until it is mended.
    """
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _problem(code, text) from error
    except smtplib.SMTPDataError as error:
        raise _problem(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise TemporaryProblem(f"{type(error).__name__}: {error}") from error


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    try:
        _open(
            server,
            parts.scheme,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            context,
        )
    except BaseException:
        server.close()
        raise
    return server


def _open(
    server: smtplib.SMTP, scheme: str, user: str, password: str, context: ssl.SSLContext
) -> None:
    """Greet, go over to TLS and sign in; a password never travels in the open."""
    server.ehlo_or_helo_if_needed()
    if scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif scheme == "smtp" and user:
        raise TemporaryProblem("the server offers no TLS, so the password was not sent")
    if user:
        server.login(user, password)


def _problem(code: int, text: bytes | str) -> MailProblem:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = FinalProblem if 500 <= code < 600 else TemporaryProblem
    return kind(f"{code} {words}")


def write_file(message: EmailMessage, folder: Path, now: datetime) -> Path:
    """Keep the message as an .eml file: what happens when no SMTP server is configured.

    The name follows from time and Message-ID; a repeated delivery replaces the same mail's file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S}-{message['Message-ID'].strip('<>').partition('@')[0][:12]}.eml"
    path = folder / name
    path.write_bytes(message.as_bytes())
    return path

"""A mail as a message: what the row says in the form that goes over the wire."""

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from booking.mail.headers import WholeHeader
from booking.mail.models import OutgoingMail
from booking.mail.outbox import ONE_TIME_LINK
from booking.mail.wire import SEVEN_BITS, plain_address


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
    message = EmailMessage(SEVEN_BITS)
    message["From"] = f'"{_quoted(sender_name)}" <{sender}>'
    message["To"] = plain_address(mail.to_address) or mail.to_address
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

"""The doctor's test mail: handed to the server at once, past the outbox, so that all is seen."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from booking.mail import smtp
from booking.mail.letters import render_letter
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice


def compose(address: str, settings: Mapping[str, Any], now: datetime) -> EmailMessage:
    """Return a mail to an address that says that it has arrived; nothing of it is kept."""
    letter, studio = render_letter("test", None, asked_at=now, is_doctor=True), practice.current()
    mail = OutgoingMail(
        dedupe_key=f"doctor-{secrets.token_hex(16)}", to_address=address, subject=letter.subject,
        body_text=letter.text, body_html=letter.html,
    )  # fmt: skip
    sender_name = studio.sender_name or studio.name
    return smtp.compose(mail, settings["MAIL_FROM"], sender_name, now, reply_to=studio.reply_to)

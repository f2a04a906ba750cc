"""The mail that shows whether mails arrive."""

from datetime import datetime

from booking.accounts.models import Account
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import render_letter


def test(account: Account, token: str, now: datetime) -> bool:
    """Write a mail to a manager; the same `token` again writes no second one. Returns whether."""
    key = f"test-{token}"
    if outbox.has_key_like(key):
        return False
    letter = render_letter("test", account.locale, asked_at=now)
    outbox.enqueue(Envelope(key, "test", account.email, about=account.about), letter, now)
    return True

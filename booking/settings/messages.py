"""The mail that shows whether mails arrive."""

from datetime import datetime

from booking.accounts.models import Account
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import Letter, render_letter


def test(account: Account, token: str, now: datetime) -> bool:
    """Write a mail to a manager; the same `token` again writes no second one. Returns whether."""
    key = f"test-{token}"
    if outbox.has_key_like(key):
        return False
    envelope = Envelope(key, "test", account.email, about=account.about)
    outbox.enqueue(envelope, test_letter(account, now), now)
    return True


def test_letter(account: Account, now: datetime) -> Letter:
    """What that mail says."""
    return render_letter("test", account.locale, asked_at=now)

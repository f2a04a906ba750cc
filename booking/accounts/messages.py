"""Mails about accounts."""

import secrets
from datetime import datetime

from booking.accounts import tokens
from booking.accounts.models import Account
from booking.mail import outbox
from booking.mail.letters import render_letter
from booking.mail.outbox import ONE_TIME_LINK, Envelope


def sign_in_link(email: str, account: Account | None, now: datetime) -> None:
    """Send a link that signs in once; staff are told to use their password instead."""
    is_staff = account is not None and account.role.is_staff
    letter = render_letter(
        "sign_in_staff" if is_staff else "sign_in",
        None,
        link=ONE_TIME_LINK,
        minutes=int(tokens.LIFETIME[tokens.SIGN_IN].total_seconds() // 60),
    )
    envelope = Envelope(
        key=f"sign-in-{secrets.token_hex(12)}",
        kind="sign_in",
        address=email,
        token_purpose=None if is_staff else tokens.SIGN_IN,
    )
    outbox.enqueue(envelope, letter, now)

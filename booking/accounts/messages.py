"""Mails about accounts, one function each."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from booking.accounts import tokens
from booking.accounts.models import Account, Invitation
from booking.mail import outbox
from booking.mail.envelopes import Envelope
from booking.mail.letters import render_letter
from booking.mail.outbox import ONE_TIME_LINK
from booking.web.links import absolute_url

# Who has asked for a link waits for it at least this long; then they have asked again, or left.
LEAST_PATIENCE = timedelta(hours=1)


def sign_in_link(email: str, account: Account | None, now: datetime) -> None:
    """Send a link that signs in once, or makes the account; staff have a password."""
    if account is not None and (account.role.is_staff or account.is_closed):
        _send("sign_in_staff", email, account, now)
    else:
        name = "sign_in" if account else "sign_up"
        _send(name, email, account, now, purpose=tokens.SIGN_IN)


def password_link(email: str, account: Account | None, now: datetime) -> None:
    """Send a link for a new password; an address without an account is told that it has none."""
    if account is None or account.is_closed:
        sign_up = absolute_url("accounts.sign_up")
        _send("password_unknown", email, None, now, sign_up=sign_up)
    else:
        _send("password", email, account, now, purpose=tokens.PASSWORD)


def password_changed(account: Account, now: datetime) -> None:
    reset = absolute_url("accounts.forgotten")
    _send("password_changed", account.email, account, now, reset=reset)


def new_address(account: Account, email: str, now: datetime, *, is_taken: bool) -> None:
    """Send the link that proves a new address, or say there that it has an account already."""
    if is_taken:
        _send("new_address_taken", email, None, now)
    else:
        _send("new_address", email, account, now, purpose=tokens.ADDRESS)


def address_changing(account: Account, now: datetime) -> None:
    """Tell the present address that another has been asked for."""
    reset = absolute_url("accounts.forgotten")
    _send("address_changing", account.email, account, now, reset=reset)


def address_changed(account: Account, before: str, now: datetime) -> None:
    """Tell the address that was the account's until now."""
    _send("address_changed", before, account, now)


def invitation(invitation: Invitation, now: datetime) -> None:
    letter = render_letter(
        "invitation", None, link=ONE_TIME_LINK, days=tokens.LIFETIME[tokens.INVITATION].days
    )
    envelope = Envelope(
        key=f"invitation-{invitation.id}",
        kind="invitation",
        address=invitation.email,
        about=invitation.about,
        token_purpose=tokens.INVITATION,
        useless_after=now + tokens.LIFETIME[tokens.INVITATION],
    )
    outbox.enqueue(envelope, letter, now)


def factor_reset(account: Account, now: datetime) -> None:
    _send("factor_reset", account.email, account, now)


def factor_changed(account: Account, now: datetime) -> None:
    """Tell the owner that the second step, or its recovery codes, are not what they were."""
    reset = absolute_url("accounts.forgotten")
    _send("factor_changed", account.email, account, now, reset=reset)


def account_closed(account: Account, now: datetime) -> None:
    _send("account_closed", account.email, account, now)


def _send(
    name: str,
    email: str,
    account: Account | None,
    now: datetime,
    purpose: str | None = None,
    **context: Any,
) -> None:
    letter = render_letter(
        name,
        account.locale if account else None,
        link=ONE_TIME_LINK,
        minutes=tokens.minutes(purpose) if purpose else 0,
        **context,
    )
    envelope = Envelope(
        key=f"{name.replace('_', '-')}-{secrets.token_hex(12)}",
        kind=name,
        address=email,
        about=account.about if account else "",
        token_purpose=purpose,
        useless_after=now + max(LEAST_PATIENCE, tokens.LIFETIME[purpose]) if purpose else None,
    )
    outbox.enqueue(envelope, letter, now)

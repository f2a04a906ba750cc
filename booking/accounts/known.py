"""Browsers that have signed in before: strangers who guess a password cannot lock them out.

Attempts are counted by the address typed. A browser that once signed in to that account carries
a signed cookie and is counted by itself, so that somebody else's attempts leave it free.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from booking.accounts.models import Account
from booking.accounts.operations import find_account
from booking.accounts.tokens import digest
from booking.web.limits import address_typed, hashed_address

YEAR_SECONDS = 365 * 24 * 60 * 60


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known-device")


def _cookie() -> str:
    return "__Host-known" if current_app.config.get("SESSION_COOKIE_SECURE") else "known"


def remember(response: Response, account: Account) -> None:
    """Mark the browser as one that has signed in to this account."""
    response.set_cookie(
        _cookie(),
        str(_signer().dumps([account.email, secrets.token_urlsafe(9), _mark(account)])),
        max_age=YEAR_SECONDS,
        secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
        httponly=True,
        samesite="Lax",
    )


def who_tries() -> str:
    """Return under which key an attempt to sign in counts."""
    typed = address_typed()
    try:
        address, device, mark = _signer().loads(request.cookies.get(_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return typed
    if hashed_address(address) != typed:
        return typed
    account = find_account(address)
    return f"known:{device}" if account and _mark(account) == mark else typed


def _mark(account: Account) -> str:
    """What changes with the password: after a new one, browsers from before count as strangers."""
    return digest(account.password_hash or "")[:16]

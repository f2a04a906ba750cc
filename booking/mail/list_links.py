"""Links with which a mail that one may do without is stopped: the signature is the proof.

They name no address, and work without signing in for as long as there is the mail.
"""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from booking.mail.unsubscribing import KINDS, digest
from booking.web.links import absolute_url


class Stop(NamedTuple):
    """What a link says: which address, by its digest, and which kind of mail."""

    address_hash: str
    kind: str


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="mail-unsubscribe")


def unsubscribe_link(address: str, kind: str) -> str:
    """Return the signed part of an address."""
    return str(_serializer().dumps([digest(address), kind]))


def unsubscribe_url(address: str, kind: str) -> str:
    """Return the whole address, for the mail and its List-Unsubscribe header (RFC 8058)."""
    return absolute_url("accounts.unsubscribe", link=unsubscribe_link(address, kind))


def read_unsubscribe(link: str) -> Stop | None:
    """Return what a link says, None when we did not sign it or no longer send such mails."""
    try:
        address_hash, kind = _serializer().loads(link)
    except (BadSignature, ValueError, TypeError):
        return None
    return Stop(address_hash, kind) if kind in KINDS else None

"""Manage links: a signature that opens one booking and nothing else."""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from booking.bookings.models import Booking
from booking.web.links import absolute_url

MANAGE = "manage"


class Link(NamedTuple):
    """What a link says: which booking, as it was at which revision."""

    booking_id: int
    revision: int


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"booking-{purpose}")


def make_link(booking: Booking, purpose: str = MANAGE) -> str:
    """Return the signed part of an address for this booking as it is now."""
    return str(_serializer(purpose).dumps([booking.id, booking.revision]))


def read_link(link: str, purpose: str = MANAGE) -> Link | None:
    """Return what a link says, None when we did not sign it for this purpose."""
    try:
        booking_id, revision = _serializer(purpose).loads(link)
    except (BadSignature, ValueError, TypeError):
        return None
    return Link(booking_id, revision)


def manage_url(booking: Booking) -> str:
    """Return the whole address of the manage page, for a mail or a calendar entry."""
    return absolute_url("bookings.manage", link=make_link(booking))

"""Manage links: a signature that opens one booking and nothing else."""

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from booking.bookings.models import Booking, Enrolment
from booking.bookings.waiting_models import WaitlistEntry
from booking.web.links import absolute_url

MANAGE = "manage"
ENROLMENT = "enrolment"
WAITING = "waiting"


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


def enrolment_link(enrolment: Enrolment) -> str:
    """Return the signed part of an address for what was booked at once."""
    return str(_serializer(ENROLMENT).dumps([enrolment.id]))


def waiting_link(entry: WaitlistEntry) -> str:
    """Return the signed part of an address for a place in a line."""
    return str(_serializer(WAITING).dumps([entry.id]))


def read_number(link: str, purpose: str) -> int | None:
    """Return which row a link was signed for, None when it was not, or not for this purpose."""
    try:
        (number,) = _serializer(purpose).loads(link)
    except (BadSignature, ValueError, TypeError):
        return None
    return number


def enrolment_url(enrolment: Enrolment) -> str:
    return absolute_url("bookings.enrolment", link=enrolment_link(enrolment))


def waiting_url(entry: WaitlistEntry) -> str:
    return absolute_url("bookings.waiting", link=waiting_link(entry))

"""Who is looking at a page, as the rules about new and invited clients see them."""

from flask import g

from booking import clock
from booking.accounts import access
from booking.bookings.newcomers import Visitor, visitor_of
from booking.practice import queries as practice


def this_visitor() -> Visitor:
    """Return who is looking at the page of this request; asked of the database once at most."""
    if "visitor" not in g:
        g.visitor = visitor_of(access.signed_in(), practice.current(), clock.utcnow())
    return g.visitor

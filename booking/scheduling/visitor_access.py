"""Who is looking, as far as what is offered depends on it; known by the room of the bookings.

That room comes later, so `create_app` gives this one its look-up.
"""

from collections.abc import Callable
from typing import Protocol

from flask import Flask, current_app

from booking.catalog.models import Service
from booking.domain.policies import Policy


class Visitor(Protocol):
    """What the pages on which a time is chosen ask about who looks at them."""

    @property
    def policy(self) -> Policy: ...

    def may_book(self, service: Service) -> bool: ...


def init_app(app: Flask, look_up: Callable[[], Visitor]) -> None:
    app.extensions["visitor"] = look_up


def this_visitor() -> Visitor:
    """Return who is looking at the page of this request."""
    return current_app.extensions["visitor"]()

"""What to read before and after a session: articles are another room, which `create_app` asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app

from booking.web.links import absolute_url

BEFORE, AFTER = "before", "after"


class Piece(NamedTuple):
    """An article as a mail names it; minutes are how long it takes to read.

    A page names it by its slug: mails alone need the whole address.
    """

    title: str
    summary: str
    minutes: int
    link: str
    slug: str = ""


def pieces(service_id: int, moment: str, now: datetime) -> Sequence[Piece]:
    """Return the published articles that go with a service, the first one first."""
    return _pieces(current_app.extensions["reading"](service_id, moment, now))


def for_reminder(service_id: int, now: datetime) -> dict[str, Any]:
    """Return what a reminder names: the "reading" before the service, else what is "fitting".

    The mail goes anyway, so it takes what the sidebar would. One to read afterwards does not: it
    goes because somebody has said what that is.
    """
    reading = pieces(service_id, BEFORE, now)
    fits = [] if reading else current_app.extensions["reading_that_fits"](service_id, now)
    return {"reading": reading, "fitting": _pieces(fits)}


def _pieces(found: Sequence[Any]) -> list[Piece]:
    return [
        Piece(one.title, one.summary, one.minutes, _address(one.slug), one.slug) for one in found
    ]


def _address(slug: str) -> str:
    return absolute_url("articles.show", slug=slug)

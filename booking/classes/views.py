"""The timetable, and a page for each class that comes every week."""

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from booking import clock
from booking.catalog import queries as catalog
from booking.classes import queries, structured_words, words
from booking.classes.models import ClassSession, Level
from booking.classes.queries import Filter
from booking.classes.timetable import timetable as make_timetable
from booking.database import db
from booking.domain.availability import DAY, local_date
from booking.domain.intervals import Interval
from booking.practice import queries as practice
from booking.web.addresses import day_argument, number_argument

bp = Blueprint("classes", __name__)

bp.add_app_template_filter(words.level_words)
bp.add_app_template_filter(words.places_words)
bp.add_app_template_global(structured_words.about_classes)

# How far other pages look for classes, and how many they name.
AHEAD = 14 * DAY
NEXT = 4
ON_TOPIC = 2
# How many of its dates a class names on its own page.
SHOWN = 6


@bp.app_template_global()
def has_classes() -> bool:
    """Whether this practice teaches classes at all, asked once a database session."""
    if "has_classes" not in db.session.info:
        db.session.info["has_classes"] = queries.any_series()
    return db.session.info["has_classes"]


@bp.app_template_global()
def coming_classes(
    category_id: int | None = None, service_id: int | None = None
) -> Sequence[ClassSession]:
    """The next classes, for the pages on which other openings stand."""
    if not has_classes():
        return []
    now = clock.utcnow()
    wanted = Filter(category_id, service_id=service_id)
    return queries.between(Interval(now, now + AHEAD), wanted, limit=NEXT)


@bp.app_template_global()
def classes_on(topics: Sequence[str]) -> Sequence[ClassSession]:
    """The next classes of the kinds of work among these topics, for what is read about them."""
    if not topics or not has_classes():
        return []
    now = clock.utcnow()
    wanted = Filter(kinds=tuple(topics))
    return queries.between(Interval(now, now + AHEAD), wanted, limit=ON_TOPIC)


@bp.get("/classes")
def timetable() -> ResponseReturnValue:
    studio, now = practice.current(), clock.utcnow()
    chosen = Filter(number_argument("kind"), number_argument("teacher"), wanted_level())
    week = make_timetable(day_argument("week"), chosen, studio, now)
    return render_template(
        "classes/timetable.html",
        week=week,
        chosen=chosen,
        kinds=queries.kinds_taught(),
        teachers=queries.teachers(),
        levels=list(Level),
        today=local_date(now, studio.zone),
        now=now,
    )


def wanted_level() -> Level | None:
    named = request.args.get("level", "")
    return Level(named) if named in set(Level) else None


@bp.get("/classes/<slug:slug>")
def series(slug: str) -> ResponseReturnValue:
    found = queries.find_series(slug) or abort(404)
    now = clock.utcnow()
    ahead = queries.ahead_of(found.id, now)
    return render_template(
        "classes/series.html",
        series=found,
        sessions=ahead[:SHOWN],
        term=ahead if found.term_cents is not None else [],
        others=[
            one
            for one in catalog.visible_services()
            if one.category_id == found.service.category_id and catalog.live_options(one)
        ],
        now=now,
    )

"""The week of one practitioner, and a day of all of them or of all rooms."""

from collections.abc import Sequence
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from booking import clock
from booking.accounts.access import this_account
from booking.accounts.models import Role
from booking.catalog import queries as catalog
from booking.catalog.models import Practitioner
from booking.domain.availability import DAY, local_date
from booking.domain.series import WEEK
from booking.practice import queries as practice
from booking.studio import grid
from booking.studio.grid import Viewer
from booking.studio.views import bp, what_was_done
from booking.web.addresses import number_argument, our_day
from booking.web.fields import parse_day
from booking.web.wall import today


def who_looks() -> tuple[Viewer, Practitioner | None]:
    """Return what is open to who is signed in, and their own calendar if they have one."""
    account = this_account()
    own = catalog.practitioner_of(account.id)
    return Viewer(account.role is Role.MANAGER, own.id if own else None), own


@bp.get("/week", endpoint="week")
def this_week() -> ResponseReturnValue:
    return show_week(today())


@bp.get("/week/<day>", endpoint="week_of")
def week_of(day: str) -> ResponseReturnValue:
    return show_week(our_day(parse_day(day)))


def show_week(day: date) -> ResponseReturnValue:
    studio, now = practice.current(), clock.utcnow()
    viewer, own = who_looks()
    open_to = catalog.practitioners() if viewer.sees_all else [own] if own else []
    shown = chosen(open_to, own)
    days = grid.week_days(day)
    return render_template(
        "studio/week.html",
        columns=grid.columns(days, [shown], viewer, studio, now) if shown else [],
        shown=shown,
        practitioners=open_to,
        day=day,
        days=days,
        today=local_date(now, studio.zone),
        previous=days[0] - WEEK,
        following=days[0] + WEEK,
        by_room=False,
        back="week",
        now=now,
        done=what_was_done(now),
    )


def chosen(open_to: Sequence[Practitioner], own: Practitioner | None) -> Practitioner | None:
    """Return whose week is shown: who is named in the address, else one's own, else the first."""
    wanted = number_argument("practitioner")
    found = next((one for one in open_to if one.id == wanted), None)
    return found or own or next(iter(open_to), None)


@bp.get("/grid/<day>", endpoint="grid")
def show_grid(day: str) -> ResponseReturnValue:
    """A day with a column for each practitioner, or for each room."""
    studio, now, shown = practice.current(), clock.utcnow(), our_day(parse_day(day))
    viewer, own = who_looks()
    by_room = request.args.get("by") == "room"
    givers = catalog.practitioners() if viewer.sees_all else [own] if own else []
    resources = catalog.rooms() if by_room else givers
    return render_template(
        "studio/grid.html",
        columns=grid.columns([shown], resources, viewer, studio, now, by_room=by_room)
        if resources
        else [],
        day=shown,
        today=local_date(now, studio.zone),
        previous=shown - DAY,
        following=shown + DAY,
        by_room=by_room,
        back="rooms" if by_room else "grid",
        now=now,
        done=what_was_done(now),
    )

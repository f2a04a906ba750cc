"""A series for a caller: what each date would be, and booking those that are ticked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.bookings import obstacles, repeats
from booking.bookings.models import Booking
from booking.bookings.repeats import Chosen, DatePlan, Rhythm
from booking.catalog.models import ServiceOption
from booking.database import transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.scheduling.calendar import Wanted
from booking.studio.book_desk_views import (
    Desk,
    open_desk,
    order_of,
    prepare,
    show_form,
    to_day,
)
from booking.studio.book_for_forms import BookForm, DatesForm, OrderForm
from booking.studio.book_for_words import plan_words
from booking.studio.views import bp
from booking.web.fields import instant_text
from booking.web.filters import clock_words, refusal_words
from booking.web.forms import SelectChoice


@dataclass(frozen=True, slots=True)
class Row:
    """One date as the page shows it; without a tick when nothing is free that day."""

    plan: DatePlan
    words: list[str]
    take: Any
    at: Any
    seen: str


def show_dates(form: BookForm, desk: Desk, first: datetime) -> ResponseReturnValue:
    """List what each date would be, those ticked that one would book without a second look."""
    dates = DatesForm(formdata=None)
    prepare_dates(dates, desk, form)
    dates.first.data = first
    try:
        return page(dates, desk, is_fresh=True)
    except Refusal as refusal:
        return show_form(form, desk, refusal_words(refusal)), refusal.status


def prepare_dates(dates: Any, desk: Desk, form: OrderForm) -> None:
    for name in (*OrderForm.KEPT, "silent"):
        dates[name].data = form[name].data
    prepare(dates, desk)


def page(dates: Any, desk: Desk, message: str = "", *, is_fresh: bool = False) -> str:
    studio, now = practice.current(), clock.utcnow()
    rhythm = Rhythm(dates.first.data, dates.weeks.data, dates.times.data)
    plans = repeats.preview(order_of(dates, desk), rhythm, studio, now)
    demand = desk.chosen.demand
    taken = [
        Wanted(desk.practitioner_id, demand.whole(one.starts_at))
        for one in plans
        if not one.is_practitioner_free
    ]
    there = obstacles.of(taken, now)
    rows = []
    for plan in plans:
        whole = demand.whole(plan.starts_at)
        own = [one for one in there if one.interval.overlaps(whole)]
        rows.append(_row(plan, plan_words(plan, own), dates, is_fresh=is_fresh))
    return render_template(
        "studio/book_dates.html",
        form=dates,
        rows=rows,
        desk=desk,
        option=_option(desk),
        who=desk.person.name if desk.person else dates.name.data,
        message=message,
    )


def _option(desk: Desk) -> ServiceOption:
    return next(one for one in desk.options if one.id == desk.option_id)


def _row(plan: DatePlan, words: list[str], dates: Any, *, is_fresh: bool) -> Row:
    """Fit the fields of one date to what is free then."""
    take, at = dates[f"take_{plan.number}"], dates[f"at_{plan.number}"]
    starts = [plan.starts_at] if plan.is_free else [one.starts_at for one in plan.nearest]
    at.choices = [SelectChoice(instant_text(one), clock_words(one)) for one in starts]
    if at.data not in {instant_text(one) for one in starts}:
        at.data = instant_text(_closest(starts, plan.starts_at)) if starts else None
        if not is_fresh and not plan.is_plain:
            take.data = False  # What was ticked is not to be had any more.
    if is_fresh:
        take.data = plan.is_plain
    return Row(plan, words, take, at, ",".join(one.value for one in plan.against))


def _closest(starts: Sequence[datetime], wanted: datetime) -> datetime:
    return min(starts, key=lambda one: abs(one - wanted))


@bp.post("/book/dates")
def book_dates() -> ResponseReturnValue:
    """Book all that is ticked, or nothing: then the list is shown again as it is now."""
    dates, desk = DatesForm(), open_desk()
    prepare(dates, desk)
    if not dates.validate_on_submit() or not dates.weeks.data or not dates.times.data:
        abort(400)
    if not (dates.is_new and dates.name.data) and desk.person is None:
        abort(400)
    chosen = dates.ticked()
    if not chosen:
        return page(dates, desk, _("Please tick at least one date.")), 422
    try:
        bookings = transact(_book_all, dates, desk, chosen)
    except Refusal as refusal:
        return page(dates, desk, refusal_words(refusal)), refusal.status
    return to_day(bookings[0], dates, desk)


def _book_all(dates: Any, desk: Desk, chosen: Sequence[Chosen]) -> list[Booking]:
    order = order_of(dates, desk)
    return repeats.book_all(order, chosen, dates.weeks.data, practice.current(), clock.utcnow())

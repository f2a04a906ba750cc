"""Booking for somebody who calls: one short form, from "who is it" to "booked"."""

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking import clock
from booking.accounts.access import this_account, this_actor
from booking.bookings import changes, obstacles, repeats, staff_bookings
from booking.bookings.forms import UndoForm
from booking.bookings.models import Booking, Status
from booking.database import transact
from booking.domain.availability import local_date
from booking.domain.desk_errors import SpokenAgainst
from booking.domain.errors import Refusal, SlotTaken
from booking.practice import queries as practice
from booking.scheduling.calendar import Wanted
from booking.studio import book_for_queries as queries
from booking.studio.book_dates_views import show_dates
from booking.studio.book_desk_views import (
    Desk,
    offered,
    open_desk,
    order_of,
    prepare,
    preselected,
    show_form,
    to_day,
)
from booking.studio.book_for_forms import TYPED, BookForm, new_token, parse_offered
from booking.studio.book_for_words import obstacle_words
from booking.studio.client_views import words_argument
from booking.studio.views import bp, find, owns_booking
from booking.web.addresses import number_argument
from booking.web.fields import instant_text
from booking.web.filters import refusal_words


@bp.get("/book", endpoint="book_for")
def show_book_for() -> ResponseReturnValue:
    form, desk = BookForm(), open_desk()
    form.token.data = new_token()
    form.person.data = request.args.get("person", "")
    form.option.data = number_argument("option")
    form.practitioner.data = number_argument("practitioner")
    prepare(form, desk)
    if desk.person is not None:
        form.client.data = desk.person.name
    _fill_in(form, desk, parse_offered(request.args.get("at")))
    return show_form(form, desk)


def _fill_in(form: BookForm, desk: Desk, start: datetime | None) -> None:
    """Choose a time that is known already, as an opening or as if it had been typed."""
    if start is None:
        return
    desk.times = offered(desk)
    if start in desk.times:
        form.start.data = instant_text(start)
    else:
        form.start.data = TYPED
        form.show(start, practice.current().zone)


@bp.get("/book/clients")
def callers() -> ResponseReturnValue:
    """The part of the form that lists who may be meant, for while somebody types."""
    words, account = words_argument("q"), this_account()
    found = list(queries.callers(account, words))
    return render_template(
        "studio/_callers.html", callers=found, words=words, chosen=preselected(found, words)
    )


@bp.post("/book")
def do_book_for() -> ResponseReturnValue:
    form, desk = BookForm(), open_desk()
    is_final = form.press.data == "book"
    if form.press.data == "look":
        words = form.client.data or ""
        form.person.data = preselected(queries.callers(desk.account, words), words)
    prepare(form, desk, "" if is_final else form.preset.data or "")
    if not is_final:
        return show_form(form, desk)
    start = form.chosen(practice.current().zone) if form.is_complete() else None
    if start is None:
        return show_form(form, desk), 422
    if form.weeks.data:
        return show_dates(form, desk, start)
    return book_one(form, desk, start)


def book_one(form: BookForm, desk: Desk, start: datetime) -> ResponseReturnValue:
    """Book it, or show the same form again with what is in the way."""
    warning = f"{instant_text(start)}-{desk.practitioner_id}-{desk.option_id}"
    sure = bool(form.anyway.data) and form.warned.data == warning
    try:
        booking = transact(_book, form, desk, start, sure)
    except SpokenAgainst as refusal:
        form.warned.data, form.anyway.data = warning, False
        return show_form(form, desk, refusal_words(refusal), refusal.values["objections"]), 422
    except SlotTaken as refusal:
        return show_taken(form, desk, start, refusal)
    except Refusal as refusal:
        return show_form(form, desk, refusal_words(refusal)), refusal.status
    return to_day(booking, form, desk)


def _book(form: BookForm, desk: Desk, start: datetime, sure: bool) -> Booking:
    order = order_of(form, desk)
    return staff_bookings.book(order, start, practice.current(), clock.utcnow(), all_the_same=sure)


def show_taken(
    form: BookForm, desk: Desk, start: datetime, refusal: Refusal
) -> ResponseReturnValue:
    """Say what has the time, and offer the nearest that are free instead."""
    studio, now = practice.current(), clock.utcnow()
    terms = desk.chosen
    there = obstacles.of([Wanted(desk.practitioner_id, terms.demand.whole(start))], now)
    words = [refusal_words(refusal), *(obstacle_words(one) for one in there)]
    desk.times = queries.nearest_times(start, terms, studio, now)
    if form.start.data != TYPED:
        form.start.data = None
    return show_form(form, desk, " · ".join(words)), refusal.status


@bp.app_template_global()
def just_booked() -> Booking | None:
    """Return the session that was booked a moment ago and can be undone, for the day's page."""
    number = number_argument("booked")
    if number is None or not owns_booking({"booking_id": number}):
        return None
    booking = find(number)
    can_undo = booking.status is Status.BOOKED and booking.revision == 1
    return booking if can_undo and clock.utcnow() <= booking.undo_until else None


@bp.post("/bookings/<id:booking_id>/undo-booked")
def undo_booked(booking_id: int) -> ResponseReturnValue:
    """Take back what was booked for a caller, a series whole."""
    form = UndoForm()
    if not form.validate_on_submit():
        abort(400)
    booking = find(booking_id)
    day = local_date(booking.starts_at, practice.current().zone)
    try:
        count = transact(_undo, booking_id, form.revision.data or 0)
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        flash(
            ngettext(
                "Undone. Nothing was booked and nobody was told.",
                "Undone: %(num)s sessions. Nothing was booked and nobody was told.",
                count,
            ),
            "success",
        )
    return redirect(url_for("studio.day", day=day.isoformat()), code=303)


def _undo(booking_id: int, revision: int) -> int:
    booking, actor, now = find(booking_id), this_actor(), clock.utcnow()
    if booking.repeat_id is not None:
        return len(repeats.undo_all(booking.repeat_id, actor, practice.current(), now))
    changes.undo(booking_id, revision, actor, practice.current(), now)
    return 1

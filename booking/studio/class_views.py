"""A class on the day: who comes, marking them, walk-ins, a message to all."""

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_account, this_actor
from booking.accounts.audit import actor_of
from booking.accounts.models import Person, Role
from booking.bookings import changes, class_mailing, enrolments, line, places, roster
from booking.bookings.class_following import live_places
from booking.bookings.enrolments import Attempt, Order
from booking.bookings.models import Enrolment, PlaceKind, Status
from booking.catalog.own_access import only_own
from booking.classes import queries as classes
from booking.classes.models import ClassSession, SessionState
from booking.classes.timetable import week_of
from booking.clients import clients
from booking.clients.clients import Entry
from booking.database import db, transact
from booking.domain.availability import local_date
from booking.domain.errors import Refusal
from booking.domain.series import WEEK
from booking.practice import queries as practice
from booking.studio.class_forms import MarkPlacesForm, WalkInForm, WriteForm
from booking.studio.views import bp
from booking.web.addresses import day_argument, our_day
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice

SOMEBODY_ELSE = 0


def teaches_class(values: dict) -> bool:
    """Owner look-up for the access table: teachers have their own classes, managers all."""
    account, session = access.signed_in(), classes.find(values["session_id"])
    if account is None or session is None:
        return False
    return account.role is Role.MANAGER or session.practitioner.account_id == account.id


def this_session(session_id: int) -> ClassSession:
    return classes.find(session_id) or abort(404)


@bp.get("/classes", endpoint="classes")
def show_classes() -> ResponseReturnValue:
    """A week of classes with their places, and the series behind them."""
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    first = our_day(day_argument("week") or today)
    own = only_own()
    sessions = classes.between(
        week_of(first, studio.zone), classes.Filter(practitioner_id=own), tuple(SessionState)
    )
    series = [one for one in classes.all_series() if own in {None, one.practitioner_id}]
    return render_template(
        "studio/classes.html",
        sessions=sessions,
        waiting=line.counts(one.id for one in sessions),
        series=series,
        first=first,
        previous=first - WEEK,
        following=first + WEEK,
        now=now,
        today=today,
    )


@bp.get("/classes/<id:session_id>", endpoint="class_session")
def show_class(session_id: int) -> ResponseReturnValue:
    session = this_session(session_id)
    return show_roster(session, walk_in_form(session))


def show_roster(session: ClassSession, form: WalkInForm, message: str = "") -> str:
    studio, now = practice.current(), clock.utcnow()
    lines = roster.lines(session)
    return render_template(
        "studio/roster.html",
        session=session,
        lines=lines,
        line=line.of_session(session.id),
        openable=clients.openable([one.booking.person_id for one in lines], this_account()),
        form=form,
        message=message,
        is_today=local_date(session.starts_at, studio.zone) <= local_date(now, studio.zone),
        begun=session.starts_at <= now,
        now=now,
    )


def walk_in_form(session: ClassSession) -> WalkInForm:
    form = WalkInForm(token=secrets.token_urlsafe(24), regular=SOMEBODY_ELSE)
    form.regular.choices = [
        SelectChoice(str(SOMEBODY_ELSE), _("Somebody else")),
        *(SelectChoice(str(one.id), one.name) for one in roster.regulars(session)),
    ]
    if len(form.regular.choices) == 1:
        form.name.label.text = _("Name")
    return form


@bp.post("/classes/<id:session_id>/mark")
def mark_places(session_id: int) -> ResponseReturnValue:
    """Arrived, not come, or taken back: for one place, or for all that are not marked."""
    form = MarkPlacesForm()
    if not form.validate_on_submit():
        abort(400)
    status, booking_id = Status(form.status.data), form.booking.data
    try:
        count = transact(_mark, session_id, booking_id, status)
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
    else:
        if booking_id is None:
            flash(ngettext("%(num)s place marked.", "%(num)s places marked.", count), "success")
    return redirect(url_for("studio.class_session", session_id=session_id), code=303)


def _mark(session_id: int, booking_id: int | None, status: Status) -> int:
    studio, now, actor = practice.current(), clock.utcnow(), this_actor()
    marked = [
        one.id
        for one in live_places(session_id)
        if booking_id == one.id or (booking_id is None and one.status is Status.BOOKED)
    ]
    if booking_id is not None and not marked:
        abort(404)
    for one in marked:
        changes.mark(one, status, actor, studio, now)
    return len(marked)


@bp.post("/classes/<id:session_id>/walk-in")
def walk_in(session_id: int) -> ResponseReturnValue:
    session = this_session(session_id)
    form = walk_in_form(session)
    is_fine = form.validate_on_submit()
    if is_fine and not form.regular.data and not form.name.data:
        form.name.errors = [_("Please type a name, or choose who was here before.")]
        is_fine = False
    if not is_fine:
        return show_roster(session, form), 422
    try:
        enrolment = transact(_write_down, session_id, form)
    except Refusal as refusal:
        return show_roster(this_session(session_id), form, refusal_words(refusal)), refusal.status
    flash(_("%(name)s has a place.", name=enrolment.person.name), "success")
    return redirect(url_for("studio.class_session", session_id=session_id), code=303)


def _write_down(session_id: int, form: Any) -> Enrolment:
    studio, now, account = practice.current(), clock.utcnow(), access.signed_in()
    actor = actor_of(account)
    if known := enrolments.find(Attempt("studio", form.token.data)):
        return known
    if form.regular.data:
        person = db.session.get_one(Person, form.regular.data)
    else:
        entry = Entry(form.name.data, form.phone.data or None, None)
        person = clients.add(entry, None, actor, now)
    order = Order(PlaceKind.DROP_IN, studio, now, account, actor)
    return places.add_walk_in(
        session_id, person, order, form.token.data, may_overbook=form.may_overbook.data
    )


@bp.get("/classes/<id:session_id>/write")
def write_class(session_id: int) -> ResponseReturnValue:
    form = WriteForm(token=secrets.token_urlsafe(24))
    return show_write(this_session(session_id), form)


def show_write(session: ClassSession, form: WriteForm) -> str:
    return render_template(
        "studio/write_class.html",
        session=session,
        form=form,
        waiting=len(line.of_session(session.id)),
    )


@bp.post("/classes/<id:session_id>/write")
def do_write_class(session_id: int) -> ResponseReturnValue:
    session, form = this_session(session_id), WriteForm()
    if not form.validate_on_submit():
        return show_write(session, form), 422
    letter = class_mailing.Words(
        form.subject.data or "", form.text.data or "", form.token.data or ""
    )
    told, silent = transact(
        class_mailing.write_all, session_id, letter, this_actor(), clock.utcnow(),
        and_waiting=form.waiting.data,
    )  # fmt: skip
    flash(ngettext("Sent to %(num)s person.", "Sent to %(num)s people.", told), "success")
    if silent:
        names = ", ".join(silent)
        flash(_("They have no mail address and must be phoned: %(names)s", names=names), "error")
    return redirect(url_for("studio.class_session", session_id=session_id), code=303)

"""Booking places in classes: one class, the rest of a term, and what was booked at once."""

import secrets
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access, people
from booking.accounts.models import Person
from booking.bookings import enrolments, line, offers, places, queries, waiting
from booking.bookings.class_forms import ClassForm, PartyForm, TermForm, WaitForm, for_people
from booking.bookings.enrolments import Attempt
from booking.bookings.forms import UndoForm
from booking.bookings.links import ENROLMENT, enrolment_link, make_link, read_number, waiting_link
from booking.bookings.models import Enrolment, PlaceKind
from booking.bookings.reading_links import BEFORE, pieces
from booking.bookings.views import bp, client_actor, is_client, visitor
from booking.classes import queries as classes
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import transact
from booking.domain.errors import ClassFull, Refusal, StillFree
from booking.practice import queries as practice
from booking.web.filters import money, refusal_words
from booking.web.forms import SelectChoice
from booking.web.limits import address_typed, limiter


@bp.app_template_global()
def waiting_counts(sessions: list[ClassSession]) -> dict[int, int]:
    """How many wait for each of these classes: only full ones have a line."""
    full = [session.id for session in sessions if not session.free]
    return line.counts(full) if full else {}


def party_form(wanted: type[PartyForm], **data: Any) -> Any:
    """Return the form, fitted to who is signed in."""
    persons = own_people()
    ticked = {f"who_{one.id}": True for one in persons if one.is_holder}
    form = for_people(wanted, persons)(**{"attempt": new_token(), **ticked, **data})
    if access.signed_in() is not None:
        del form.companion_1, form.companion_2, form.companion_3
    return fit(form, persons)


def new_token() -> str:
    """Return a token for a form that may be sent twice."""
    return secrets.token_urlsafe(24)


def own_people() -> list[Person]:
    """Return the people of who is signed in; staff who never came are asked their name."""
    account = access.signed_in()
    persons = people.of_account(account.id) if account else []
    return persons if any(one.is_holder for one in persons) else []


def fit(form: Any, persons: list[Person]) -> Any:
    """Take out of a form what is known of who is signed in."""
    account = access.signed_in()
    if account is None:
        return form
    form.trust()
    del form.email
    if persons:
        del form.name
        form.phone.data = form.phone.data or persons[0].phone
    if queries.has_agreed(account.id, practice.current().policy_version):
        del form.policy
    return form


def find_session(session_id: int) -> ClassSession:
    session = classes.find(session_id)
    is_public = session is not None and session.state is not SessionState.CLASH
    return session if session is not None and is_public else abort(404)


def class_form(session: ClassSession, **data: Any) -> Any:
    form = party_form(ClassForm, **{"kind": PlaceKind.DROP_IN.value, **data})
    series = session.series
    form.kind.choices = [
        SelectChoice(
            PlaceKind.DROP_IN.value, _("One place, %(price)s", price=money(series.price_cents))
        )
    ]
    if series.trial_cents is not None:
        words = _("A trial place, %(price)s: for a first class", price=money(series.trial_cents))
        form.kind.choices.append(SelectChoice(PlaceKind.TRIAL.value, words))
    return form


@bp.get("/classes/book/<id:session_id>")
def class_details(session_id: int) -> ResponseReturnValue:
    session = find_session(session_id)
    form = class_form(session) if session.free else party_form(WaitForm)
    return show_class(session, form)


def show_class(session: ClassSession, form: Any, message: str = "") -> str:
    """One class: what it is, and the form for a place, or for the line when it is full."""
    studio, now = practice.current(), clock.utcnow()
    return render_template(
        "bookings/class.html",
        session=session,
        series=session.series,
        form=form,
        is_full=not session.free,
        can_wait=offers.time_for(session, studio, now) is not None,
        waiting=line.counts([session.id]).get(session.id, 0),
        cancel_until=offers.deadline_of(session, studio),
        message=message,
        now=now,
    )


@bp.post("/classes/book/<id:session_id>")
@limiter.limit("6/minute")
@limiter.limit("10/hour;20/day", key_func=address_typed, exempt_when=is_client)
def book_class(session_id: int) -> ResponseReturnValue:
    """Book a place for each who comes; all of them or none."""
    session = find_session(session_id)
    form = class_form(session)
    if not form.validate_on_submit():
        return show_class(session, form), 422
    attempt = Attempt(visitor(), form.attempt.data)
    try:
        enrolment = transact(
            places.book_class, session_id, attempt, form.party(), PlaceKind(form.kind.data),
            access.signed_in(), practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_refused(session_id, form, refusal)
    return to_enrolment(enrolment)


def show_refused(session_id: int, form: Any, refusal: Refusal) -> ResponseReturnValue:
    """The page again as it is now, with what was typed; when it is full, with the line."""
    session = find_session(session_id)
    if isinstance(refusal, ClassFull) and not session.free:
        form = party_form(WaitForm)
    elif isinstance(refusal, StillFree):
        form = class_form(session)
    return show_class(session, form, refusal_words(refusal)), refusal.status


@bp.post("/classes/book/<id:session_id>/wait")
@limiter.limit("6/minute")
@limiter.limit("10/hour;20/day", key_func=address_typed, exempt_when=is_client)
def wait_for_class(session_id: int) -> ResponseReturnValue:
    """Join the line of a full class."""
    session = find_session(session_id)
    form = party_form(WaitForm)
    if not form.validate_on_submit():
        return show_class(session, class_form(session) if session.free else form), 422
    try:
        entries = transact(
            waiting.join_class, session_id, form.attempt.data, form.party(), access.signed_in(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_refused(session_id, form, refusal)
    return redirect(url_for("bookings.waiting", link=waiting_link(entries[0])), code=303)


def find_term(slug: str) -> ClassSeries:
    series = classes.find_series(slug)
    return series if series is not None and series.term_cents is not None else abort(404)


@bp.get("/classes/<slug:slug>/term")
def term(slug: str) -> ResponseReturnValue:
    return show_term(find_term(slug), party_form(TermForm))


def show_term(series: ClassSeries, form: Any, message: str = "") -> str:
    now = clock.utcnow()
    return render_template(
        "bookings/term.html",
        series=series,
        sessions=classes.ahead_of(series.id, now),
        form=form,
        message=message,
    )


@bp.post("/classes/<slug:slug>/term")
@limiter.limit("6/minute")
@limiter.limit("10/hour;20/day", key_func=address_typed, exempt_when=is_client)
def book_term(slug: str) -> ResponseReturnValue:
    """Book all that is left of a term, or nothing."""
    series, form = find_term(slug), party_form(TermForm)
    if not form.validate_on_submit():
        return show_term(series, form), 422
    attempt = Attempt(visitor(), form.attempt.data)
    try:
        enrolment = transact(
            places.book_term, series.id, attempt, form.party(), access.signed_in(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_term(find_term(slug), form, refusal_words(refusal)), refusal.status
    return to_enrolment(enrolment)


def to_enrolment(enrolment: Enrolment) -> ResponseReturnValue:
    """Go on to what was booked: a single place has its booking's own page."""
    booked = enrolment.places
    if len(booked) == 1:
        return redirect(url_for("bookings.manage", link=make_link(booked[0])), code=303)
    return redirect(url_for("bookings.enrolment", link=enrolment_link(enrolment)), code=303)


def opens_enrolment(values: dict) -> bool:
    """Owner look-up for the access table: a link opens what was booked at once."""
    number = read_number(values["link"], ENROLMENT)
    return number is not None and enrolments.by_id(number) is not None


def enrolment_of(link: str) -> Enrolment:
    return enrolments.by_id(read_number(link, ENROLMENT) or 0) or abort(404)


@bp.get("/places/<signed:link>")
def enrolment(link: str) -> ResponseReturnValue:
    return show_enrolment(enrolment_of(link), link)


def show_enrolment(
    found: Enrolment, link: str, refusal: Refusal | None = None
) -> ResponseReturnValue:
    now = clock.utcnow()
    service = found.series.service
    is_ahead = any(now < place.starts_at for place in found.live_places)
    page = render_template(
        "bookings/enrolment.html",
        enrolment=found,
        link=link,
        now=now,
        service=service,
        reading=pieces(service.id, BEFORE, now) if is_ahead else [],
        can_undo=now <= found.undo_until and bool(found.live_places),
        make_link=make_link,
        message=refusal_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


@bp.post("/places/<signed:link>/undo")
def undo_places(link: str) -> ResponseReturnValue:
    found, form = enrolment_of(link), UndoForm()
    if not form.validate_on_submit():
        abort(400)
    slug = found.series.slug
    try:
        transact(
            places.undo, found.id, form.revision.data or 0, client_actor(),
            practice.current(), clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_enrolment(enrolment_of(link), link, refusal)
    flash(_("Undone. Nothing was booked and nobody was told."), "success")
    return redirect(url_for("classes.series", slug=slug), code=303)

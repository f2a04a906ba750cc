"""A booking's own page, opened by a signed link: see it, undo, move, cancel, say you will come."""

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.bookings import agreement, calendar_messages, changes, moves, newcomers, queries
from booking.bookings.forms import ConfirmForm, MoveForm, UndoForm
from booking.bookings.links import make_link, read_link
from booking.bookings.models import Booking, Status
from booking.bookings.reading_links import BEFORE, pieces
from booking.bookings.reminding_views import guest_reminders
from booking.bookings.views import bp, client_actor
from booking.catalog import queries as catalog
from booking.database import transact
from booking.domain.errors import PlaceStays, Refusal
from booking.mail import calendar_file
from booking.practice import queries as practice
from booking.scheduling.views import chosen_practitioner
from booking.scheduling.week import parts_of_day, week_for
from booking.web.addresses import day_argument
from booking.web.filters import refusal_words


def opens_booking(values: dict) -> bool:
    """Owner look-up for the access table: a link opens the booking it was signed for."""
    link = read_link(values["link"])
    return link is not None and queries.find(link.booking_id) is not None


def booking_of(link: str) -> Booking:
    said = read_link(link) or abort(404)
    return queries.find(said.booking_id) or abort(404)


@bp.get("/manage/<signed:link>")
def manage(link: str) -> ResponseReturnValue:
    return show_booking(booking_of(link), link)


def show_booking(
    booking: Booking, link: str, refusal: Refusal | None = None
) -> ResponseReturnValue:
    now = clock.utcnow()
    said = read_link(link)
    is_open = booking.status in agreement.OPEN
    is_ahead = booking.status is Status.BOOKED and now < booking.starts_at
    reading = pieces(booking.service_id, BEFORE, now) if is_ahead else []
    page = render_template(
        "bookings/manage.html",
        booking=booking,
        link=link,
        now=now,
        service=booking.service,
        reading=reading,
        can_undo=changes.can_undo(booking, client_actor(), now),
        can_move=booking.status is Status.BOOKED
        and now <= booking.move_until
        and not booking.is_class,
        can_cancel=is_open and now < booking.starts_at,
        is_current=said is not None and said.revision == booking.revision,
        form=ConfirmForm(),
        reminding=guest_reminders(booking),
        message=refusal_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


@bp.get("/manage/<signed:link>/calendar.ics")
def calendar(link: str) -> ResponseReturnValue:
    booking = booking_of(link)
    text = calendar_file.render(calendar_messages.entry_of(booking), "PUBLISH", clock.utcnow())
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response


@bp.post("/manage/<signed:link>/undo")
def undo(link: str) -> ResponseReturnValue:
    form = UndoForm()
    if not form.validate_on_submit():
        abort(400)
    booking = booking_of(link)
    slug = booking.service.slug
    try:
        undone = transact(
            changes.undo, booking.id, form.revision.data or 0, client_actor(), practice.current(),
            clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_booking(booking_of(link), link, refusal)
    if undone.status is Status.UNDONE:
        flash(_("Undone. Nothing was booked and nobody was told."), "success")
        return redirect(url_for("scheduling.service", slug=slug), code=303)
    flash(_("Undone. Your booking is back at its old time."), "success")
    return redirect(url_for("bookings.manage", link=make_link(undone)), code=303)


@bp.get("/manage/<signed:link>/cancel")
def cancel(link: str) -> ResponseReturnValue:
    booking = booking_of(link)
    return render_template(
        "bookings/cancel.html",
        booking=booking,
        link=link,
        service=booking.service,
        is_late=clock.utcnow() > booking.cancel_until,
        form=ConfirmForm(),
    )


@bp.post("/manage/<signed:link>/cancel")
def do_cancel(link: str) -> ResponseReturnValue:
    booking = booking_of(link)
    try:
        cancelled = transact(
            changes.cancel, booking.id, client_actor(), practice.current(), clock.utcnow()
        )
    except Refusal as refusal:
        return show_booking(booking_of(link), link, refusal)
    return redirect(url_for("bookings.manage", link=make_link(cancelled)), code=303)


@bp.get("/manage/<signed:link>/move")
def move(link: str) -> ResponseReturnValue:
    return show_move(booking_of(link), link)


def show_move(booking: Booking, link: str, refusal: Refusal | None = None) -> ResponseReturnValue:
    """The week strip again, looking through the time the booking itself has taken."""
    studio, now = practice.current(), clock.utcnow()
    if booking.option is None:
        return show_booking(booking, link, PlaceStays())
    if booking.status is not Status.BOOKED or now > booking.move_until:
        return show_booking(booking, link, refusal)
    terms = catalog.terms_of([booking.option])[booking.option.id]
    with_whom = chosen_practitioner(terms.practitioner_ids)
    agreed = moves.agreed_terms(booking, terms).only(with_whom)
    policy = newcomers.policy_of(booking.person, studio, now)
    week = week_for(agreed, day_argument("day"), studio, policy, now, moves.own_claims(booking))
    page = render_template(
        "bookings/move.html",
        booking=booking,
        link=link,
        service=booking.service,
        week=week,
        parts=parts_of_day(week.chosen, studio),
        names=catalog.names_of(set(terms.practitioner_ids)),
        with_whom=with_whom,
        message=refusal_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


@bp.post("/manage/<signed:link>/move")
def do_move(link: str) -> ResponseReturnValue:
    booking = booking_of(link)
    form = MoveForm()
    if not form.validate_on_submit() or form.start.data is None:
        abort(400)
    if booking.option is None:
        return show_booking(booking, link, PlaceStays())
    terms = catalog.terms_of([booking.option])[booking.option.id].only(form.practitioner.data)
    try:
        moved = transact(
            moves.move,
            booking.id,
            terms,
            form.start.data,
            client_actor(),
            practice.current(),
            clock.utcnow(),
        )
    except Refusal as refusal:
        return show_move(booking_of(link), link, refusal)
    flash(_("Your booking has its new time."), "success")
    return redirect(url_for("bookings.manage", link=make_link(moved)), code=303)


@bp.post("/manage/<signed:link>/acknowledge")
def acknowledge(link: str) -> ResponseReturnValue:
    said = read_link(link) or abort(404)
    try:
        transact(
            changes.acknowledge, said.booking_id, said.revision, client_actor(), clock.utcnow()
        )
    except Refusal as refusal:
        return show_booking(booking_of(link), link, refusal)
    flash(_("Thank you. We look forward to seeing you."), "success")
    return redirect(url_for("bookings.manage", link=link), code=303)

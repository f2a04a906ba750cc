"""Moving a session by a plain form: what the grid's drag and its keys end on, and all there is
without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from booking import clock
from booking.accounts.access import this_account, this_actor
from booking.accounts.models import Role
from booking.bookings import agreement, moves, obstacles, staff_moves
from booking.bookings.models import Booking, Status
from booking.bookings.staff_moves import Where
from booking.catalog import queries as catalog
from booking.catalog.models import Resource
from booking.database import transact
from booking.domain.errors import NotLive, PlaceStays, Refusal, SlotTaken
from booking.domain.openings import Terms
from booking.practice import queries as practice
from booking.studio.obstacle_words import objection_words, taken_words
from booking.studio.views import bp, find, page_of
from booking.web.addresses import number_argument
from booking.web.editing import EditForm
from booking.web.fields import parse_instant
from booking.web.filters import refusal_words, when_words
from booking.web.forms import SelectChoice
from booking.web.number_fields import whole_number
from booking.web.wall_fields import WhenForm
from booking.web.words import lazy as _l

NO_ROOM = 0


class StaffMoveForm(WhenForm, EditForm):
    """Where a session is to be, and whether its client hears of it."""

    minutes = whole_number(_l("Length in minutes"), 5, 720)
    practitioner = SelectField(_l("Practitioner"), coerce=int)
    room = SelectField(_l("Room"), coerce=int)
    tell = RadioField(
        _l("Tell the client?"),
        [InputRequired(_l("Please say whether the client is told by mail."))],
        validate_choice=True,
    )
    anyway = BooleanField(_l("Move it all the same"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a page of the form says besides: why not, or what speaks against it."""

    message: str = ""
    warnings: tuple[str, ...] = ()


@bp.get("/bookings/<id:booking_id>/move")
def move(booking_id: int) -> ResponseReturnValue:
    """The form, filled in with where the session is, or with where it was dropped."""
    booking = find(booking_id)
    refusal = _why_not(booking)
    if refusal is not None:
        flash(refusal_words(refusal), "error")
        return redirect(page_of(booking), code=303)
    wanted = dropped_at(booking)
    form: Any = StaffMoveForm(
        formdata=None, minutes=wanted.minutes, practitioner=wanted.practitioner_id,
        room=wanted.room_id or NO_ROOM,
    )  # fmt: skip
    form.show(wanted.starts_at, practice.current().zone)
    form.opened_on(as_shown(booking))
    terms = offer_choices(form, booking)
    warnings = () if wanted == staff_moves.where(booking) else warn(booking, wanted, terms)
    return show_move(booking, form, Said(warnings=warnings))


def _why_not(booking: Booking) -> Refusal | None:
    if booking.is_class:
        return PlaceStays()
    return None if booking.status is Status.BOOKED else NotLive()


def dropped_at(booking: Booking) -> Where:
    """Return where the address says that the session was dropped; else where it is."""
    is_now = staff_moves.where(booking)
    try:
        start = parse_instant(request.args.get("at", ""))
    except ValueError:
        start = is_now.starts_at
    length = number_argument("minutes")
    return Where(
        starts_at=start,
        minutes=length if length and 5 <= length <= 720 else is_now.minutes,
        practitioner_id=number_argument("practitioner") or is_now.practitioner_id,
        room_id=number_argument("room") or is_now.room_id,
    )


def as_shown(booking: Booking) -> Mapping[str, Any]:
    """Return what the form's fields show of a booking as it is."""
    wall = booking.starts_at.astimezone(practice.current().zone)
    return {
        "day": wall.date(),
        "time": wall.time().replace(tzinfo=None),
        "minutes": booking.minutes,
        "practitioner": booking.practitioner_id,
        "room": booking.room_id or NO_ROOM,
    }


def offer_choices(form: Any, booking: Booking) -> Terms:
    """Offer who and where; a practitioner has their own calendar, a manager everybody's."""
    terms = staff_moves.terms_for(booking)
    people: list[Resource] = [booking.practitioner]
    if this_account().role is Role.MANAGER:
        people = [*catalog.practitioners()]
    rooms = [one for one in catalog.rooms() if one.id in terms.room_ids]
    form.practitioner.choices = _choices(people, booking.practitioner)
    form.room.choices = _choices(rooms, booking.room)
    if booking.room is None or not terms.needs_room:
        form.room.choices.insert(0, SelectChoice(str(NO_ROOM), _("no room")))
    if booking.person.address:
        form.tell.choices = [
            SelectChoice("yes", _("Yes, by mail")),
            SelectChoice("no", _("No, they know it")),
        ]
    else:
        del form.tell
    return terms


def _choices(resources: list[Any], known: Resource | None) -> list[Any]:
    if known is not None and known.id not in {one.id for one in resources}:
        resources = [*resources, known]
    return [SelectChoice(str(one.id), one.name) for one in resources]


def warn(booking: Booking, wanted: Where, terms: Terms) -> tuple[str, ...]:
    """Return the sentences of what speaks against the place."""
    found = staff_moves.against(booking, wanted, practice.current(), clock.utcnow())
    said = [objection_words(one) for one in found]
    is_other = wanted.practitioner_id != booking.practitioner_id
    if is_other and wanted.practitioner_id not in terms.practitioner_ids:
        said.append(_("This practitioner is not among those who give this service."))
    return tuple(said)


def show_move(booking: Booking, form: Any, said: Said) -> str:
    return render_template(
        "studio/move.html",
        booking=booking,
        form=form,
        message=said.message,
        warnings=said.warnings,
        back=page_of(booking),
        now=clock.utcnow(),
    )


@bp.post("/bookings/<id:booking_id>/move")
def do_move(booking_id: int) -> ResponseReturnValue:
    booking, form = find(booking_id), StaffMoveForm()
    refusal = _why_not(booking)
    if refusal is not None:
        flash(refusal_words(refusal), "error")
        return redirect(page_of(booking), code=303)
    terms = offer_choices(form, booking)
    start = form.instant(practice.current().zone) if form.validate_on_submit() else None
    if start is None:
        return show_move(booking, form, Said()), 422
    wanted = Where(start, form.minutes.data or 0, form.practitioner.data, form.room.data or None)
    warnings = warn(booking, wanted, terms)
    if warnings and not form.anyway.data:
        return show_move(booking, form, Said(warnings=warnings)), 422
    return carry_out(booking_id, form, wanted, warnings)


def carry_out(
    booking_id: int, form: Any, wanted: Where, warnings: tuple[str, ...]
) -> ResponseReturnValue:
    """Move it, and go back to where one came from, which offers to undo it."""
    tell = form.tell is not None and form.tell.data == "yes"
    now = clock.utcnow()

    def write() -> bool:
        if not form.is_current(as_shown(agreement.lock(booking_id))):
            return False
        staff_moves.move(booking_id, wanted, tell, this_actor(), practice.current(), now)
        return True

    try:
        is_done = transact(write)
    except SlotTaken:
        return show_taken(find(booking_id), form, wanted, warnings), 409
    except Refusal as refusal:
        said = Said(refusal_words(refusal), warnings)
        return show_move(find(booking_id), form, said), refusal.status
    booking = find(booking_id)
    if not is_done:
        return show_move(booking, form, Said(warnings=warnings)), 409
    flash(
        _("%(name)s: %(when)s.", name=booking.person.name, when=when_words(booking.starts_at)),
        "success",
    )
    return redirect(page_of(booking, did=booking_id), code=303)


def show_taken(booking: Booking, form: Any, wanted: Where, warnings: tuple[str, ...]) -> str:
    there = obstacles.of(
        staff_moves.times_of(booking, wanted), clock.utcnow(), moves.own_claims(booking)
    )
    return show_move(booking, form, Said(taken_words(there, this_account()), warnings))

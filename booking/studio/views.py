"""The therapist's day: who comes, and one press for what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_actor
from booking.accounts.models import Account, Role
from booking.bookings import approvals, changes, line, queries
from booking.bookings.forms import ConfirmForm
from booking.bookings.models import Booking, Status
from booking.catalog import queries as catalog
from booking.clients import record
from booking.clients.models import Flag
from booking.database import transact
from booking.domain.availability import DAY, local_date
from booking.domain.errors import Refusal
from booking.mail import health
from booking.payments import queries as payments
from booking.payments.queries import Due
from booking.practice import queries as practice
from booking.studio.day import Day, day_of
from booking.web import wall
from booking.web.addresses import number_argument, our_day
from booking.web.fields import parse_day
from booking.web.filters import refusal_words
from booking.web.forms import Form, SelectChoice
from booking.web.words import lazy as _l

bp = Blueprint("studio", __name__, url_prefix="/studio")


@bp.app_template_filter()
def wall_day(instant: datetime) -> date:
    """Return the date on the practice's wall."""
    return local_date(instant, practice.current().zone)


class MarkForm(Form):
    """What happened; not typed by anybody, so another value is malformed."""

    status = RadioField(
        choices=[SelectChoice(one.value) for one in sorted(changes.MARKS)],
    )


class LateForm(Form):
    """The client called it off, and late."""

    tell = BooleanField(_l("Send them a mail about it"))


def owns_booking(values: dict) -> bool:
    """Owner look-up for the access table: practitioners have their own, managers all."""
    return is_theirs(queries.find(values["booking_id"]))


def is_theirs(booking: Booking | None) -> bool:
    """Tell whether who is signed in may open a booking."""
    account = access.signed_in()
    if account is None or booking is None:
        return False
    return account.role is Role.MANAGER or booking.practitioner.account_id == account.id


def what_was_done(now: datetime) -> Booking | None:
    """Return the booking that the address says was changed just now, while that can be undone."""
    number = number_argument("did")
    booking = queries.find(number) if number else None
    if booking is None or not is_theirs(booking):
        return None
    return booking if is_restorable(booking, now) or is_movable_back(booking, now) else None


def is_restorable(booking: Booking, now: datetime) -> bool:
    """Tell whether staff may take back that the booking was called off."""
    return booking.restorable_until is not None and now <= booking.restorable_until


def is_movable_back(booking: Booking, now: datetime) -> bool:
    """Tell whether staff may take back that the booking was moved."""
    last = booking.last_move
    is_staffs = last is not None and last.by_staff
    return is_staffs and booking.status is Status.BOOKED and now <= booking.undo_until


@bp.get("/")
def today() -> ResponseReturnValue:
    return show_day(wall.today())


@bp.get("/day/<day>")
def day(day: str) -> ResponseReturnValue:
    return show_day(our_day(parse_day(day)))


def show_day(day: date) -> ResponseReturnValue:
    studio, now = practice.current(), clock.utcnow()
    account = access.signed_in() or abort(404)
    practitioner_id, is_all = whose(account)
    shown = Day()
    if is_all or practitioner_id is not None:
        shown = day_of(day, practitioner_id, None if is_all else practitioner_id, studio, now)
    today = local_date(now, studio.zone)
    return render_template(
        "studio/day.html",
        day=day,
        today=today,
        previous=day - DAY,
        following=day + DAY,
        shown=shown,
        going_on=shown.now(now) if day == today else None,
        coming=shown.following(now) if day == today else None,
        waiting=line.counts(one.id for one in shown.sessions),
        practitioners=catalog.practitioners() if is_all else [],
        practitioner_id=practitioner_id,
        is_all=is_all and practitioner_id is None,
        form=ConfirmForm(),
        now=now,
        done=what_was_done(now),
        more=more_of([one.booking for one in shown.entries if one.booking is not None]),
        requests=requests_of(practitioner_id, is_all) if day == today else 0,
        mails=health.look(now) if day == today else None,
        is_manager=account.role is Role.MANAGER,
    )


def requests_of(practitioner_id: int | None, is_all: bool) -> int:
    """Return how many clients wait for an answer, of one practitioner or of all."""
    if practitioner_id is None and not is_all:
        return 0
    return len(approvals.waiting(practitioner_id))


@dataclass(frozen=True, slots=True)
class More:
    """What else is shown with bookings: flags by person, and what is due by booking."""

    flags: dict[int, list[Flag]]
    dues: dict[int, Due]


def more_of(bookings: Sequence[Booking]) -> More:
    return More(
        record.flags_of(one.person_id for one in bookings),
        payments.due_of(one.id for one in bookings),
    )


def whose(account: Account) -> tuple[int | None, bool]:
    """Return whose calendar is shown: one practitioner's id, or None and True for everybody's."""
    own = catalog.practitioner_of(account.id)
    if account.role is Role.MANAGER:
        return number_argument("practitioner"), True
    return (own.id if own else None), False


@bp.post("/bookings/<id:booking_id>/mark")
def mark(booking_id: int) -> ResponseReturnValue:
    form = MarkForm()
    if not form.validate_on_submit():
        abort(400)
    status = Status(form.status.data)
    actor = this_actor()
    try:
        marked = transact(
            changes.mark, booking_id, status, actor, practice.current(), clock.utcnow()
        )
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    if status is Status.BOOKED:
        flash(_("Taken back: %(name)s.", name=marked.person.name), "success")
    return back_to_day(booking_id)


def back_to_day(booking_id: int, did: int | None = None) -> ResponseReturnValue:
    """Go back to the page that the press was on, which offers to undo it."""
    return redirect(page_of(find(booking_id), did), code=303)


def page_of(booking: Booking, did: int | None = None) -> str:
    """Return the address of where one came from, as the address says, on the booking's day."""
    day = local_date(booking.starts_at, practice.current().zone).isoformat()
    back = request.args.get("back", "")
    if back == "booking":
        return url_for("studio.booking", booking_id=booking.id, did=did)
    if back == "week":
        whose_week = booking.practitioner_id
        return url_for("studio.week_of", day=day, practitioner=whose_week, did=did)
    if back in {"grid", "rooms"}:
        return url_for("studio.grid", day=day, by="room" if back == "rooms" else None, did=did)
    return url_for("studio.day", day=day, did=did)


def find(booking_id: int) -> Booking:
    return queries.find(booking_id) or abort(404)


@bp.get("/bookings/<id:booking_id>/cancel")
def cancel(booking_id: int) -> ResponseReturnValue:
    booking = find(booking_id)
    return render_template(
        "studio/cancel.html",
        booking=booking,
        late_form=LateForm(formdata=None),
        back=page_of(booking),
        now=clock.utcnow(),
    )


@bp.post("/bookings/<id:booking_id>/cancel")
def do_cancel(booking_id: int) -> ResponseReturnValue:
    try:
        booking = transact(
            changes.cancel,
            booking_id,
            this_actor(),
            practice.current(),
            clock.utcnow(),
        )
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return back_to_day(booking_id)
    told = (
        _("They are told by mail.") if booking.person.address else _("They have no mail address.")
    )
    flash(_("Cancelled: %(name)s. %(told)s", name=booking.person.name, told=told), "success")
    return back_to_day(booking_id, did=booking_id)

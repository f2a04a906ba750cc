"""What a member of staff may book for a caller, and the form as it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_account
from booking.accounts.audit import actor_of
from booking.accounts.models import Account, Person, Role
from booking.bookings.models import Booking, Status
from booking.bookings.staff_bookings import Order
from booking.catalog import queries as catalog
from booking.catalog.models import Practitioner, ServiceOption
from booking.clients import clients
from booking.domain.availability import local_date
from booking.domain.openings import Terms
from booking.practice import queries as practice
from booking.studio import book_for_queries as queries
from booking.studio.book_for_forms import (
    NEW,
    TYPED,
    BookForm,
    OrderForm,
    new_token,
    weeks_choices,
)
from booking.web.fields import instant_text
from booking.web.filters import when_brief
from booking.web.forms import SelectChoice
from booking.web.wall import today


@dataclass
class Desk:
    """What this member of staff may book, and what is chosen of it."""

    account: Account
    practitioners: list[Practitioner]
    options: list[ServiceOption]
    terms: dict[int, Terms]
    person: Person | None = None
    option_id: int = 0
    practitioner_id: int = 0
    times: list[datetime] = field(default_factory=list)

    @property
    def chosen(self) -> Terms:
        return self.terms[self.option_id].only(self.practitioner_id)


def open_desk() -> Desk:
    """Return what may be booked: practitioners their own calendar, managers all."""
    account = this_account()
    own = catalog.practitioner_of(account.id)
    everybody = catalog.practitioners()
    mine = [one for one in everybody if own and one.id == own.id]
    if account.role is Role.MANAGER:
        mine += [one for one in everybody if one not in mine]
    options = queries.options()
    ids, terms = {one.id for one in mine}, catalog.terms_of(options)
    given = [one for one in options if ids & set(terms[one.id].practitioner_ids)]
    return Desk(account, mine, given, terms)


def prepare(form: OrderForm, desk: Desk, preset: str = "") -> None:
    """Fit the form to what may be booked; what nobody chose becomes the client's usual."""
    form.weeks.choices = [SelectChoice(str(key), words) for key, words in weeks_choices()]
    form.option.choices = _grouped(desk)
    form.practitioner.choices = [SelectChoice(str(one.id), one.name) for one in desk.practitioners]
    if form.person_id is not None:
        desk.person = clients.find(form.person_id, desk.account)
        if desk.person is None or desk.person.erased_at is not None:
            desk.person, form.person.data = None, None
    _refuse_others(form, desk)
    if preset == f"{form.option.data}-{form.practitioner.data}":
        form.option.data = form.practitioner.data = None
    _choose(form, desk)


def _refuse_others(form: OrderForm, desk: Desk) -> None:
    """What is not in the lists is not theirs to book: nobody types it, and a link may be old."""
    for item, known in ((form.option, desk.options), (form.practitioner, desk.practitioners)):
        if item.data in {None, *(one.id for one in known)}:
            continue
        if form.is_submitted():
            abort(404)
        item.data = None


def _grouped(desk: Desk) -> dict[str, list[Any]]:
    """The options by their services, with length and price."""
    found: dict[str, list[Any]] = {}
    for one in desk.options:
        words = _("%(service)s, %(num)s minutes", service=one.service.name, num=one.minutes)
        found.setdefault(one.service.name, []).append(SelectChoice(str(one.id), words))
    return found


def _choose(form: OrderForm, desk: Desk) -> None:
    ids = [one.id for one in desk.practitioners]
    last = queries.last_session(desk.person.id, ids) if desk.person else None
    by_id = {one.id: one for one in desk.options}
    usual = [form.option.data, last.option_id if last else None, *by_id]
    desk.option_id = next((one for one in usual if one in by_id), 0)
    if not desk.option_id:
        return
    givers = [one for one in ids if one in desk.terms[desk.option_id].practitioner_ids]
    wanted = [form.practitioner.data] if form.practitioner.data in ids else []
    usual = [last.practitioner_id] if last and last.practitioner_id in givers else []
    desk.practitioner_id = [*wanted, *usual, *givers][0]
    form.option.data, form.practitioner.data = desk.option_id, desk.practitioner_id


def offered(desk: Desk) -> list[datetime]:
    if not desk.option_id:
        return []
    return queries.next_times(desk.chosen, practice.current(), clock.utcnow())


def show_form(form: BookForm, desk: Desk, message: str = "", against: Any = ()) -> str:
    times = desk.times or offered(desk)
    kept = form.offered()
    if kept is not None and kept not in times:
        times = sorted([*times, kept])
    if not times and not form.start.data:
        form.start.data = TYPED
    form.start.choices = [
        SelectChoice(instant_text(one), when_brief(one, today())) for one in times
    ]
    form.start.choices.append(SelectChoice(TYPED, _("another time")))
    form.preset.data = f"{desk.option_id}-{desk.practitioner_id}"
    found = found_callers(desk, form.client.data or "")
    form.person.data = form.person.data or preselected(found, form.client.data or "")
    return render_template(
        "studio/book_for.html",
        form=form,
        desk=desk,
        callers=found,
        words=form.client.data or "",
        chosen=form.person.data,
        message=message,
        against=against,
    )


def found_callers(desk: Desk, words: str) -> list[Person]:
    """Return the clients who may be meant, who is chosen first."""
    known = [desk.person] if desk.person else []
    if known and words == known[0].name:
        return known  # Chosen elsewhere: nobody has to be looked for.
    found = queries.callers(desk.account, words)
    return [*known, *(one for one in found if one not in known)]


def preselected(found: Sequence[Person], words: str) -> str | None:
    """Choose the only one who is called so, or somebody new when nobody is.

    Whose name is only like it is offered, and chosen by hand.
    """
    meant = [one for one in found if clients.is_named(one, words)]
    if len(meant) == 1:
        return str(meant[0].id)
    return NEW if words.strip() and not meant else None


def order_of(form: OrderForm, desk: Desk) -> Order:
    """Return what is to be booked; call it within the transaction."""

    def whose() -> Person:
        if form.is_new:
            return clients.add(form.entry(), None, actor_of(desk.account), clock.utcnow())
        return clients.find(form.person_id or 0, desk.account) or abort(404)

    return Order(
        token=form.token.data or "",
        option=catalog.find_option(desk.option_id) or abort(404),
        practitioner_id=desk.practitioner_id,
        whose=whose,
        account=desk.account,
        note=form.note.data or "",
        is_silent=bool(form.silent.data),
    )


def to_day(booking: Booking, form: OrderForm, desk: Desk) -> ResponseReturnValue:
    """Go to the day of the session, which says what was booked and offers to undo it."""
    if booking.status is Status.UNDONE:  # An old form: its session was taken back.
        form.token.data = new_token()
        message = _("This was undone. Press again to book it anew.")
        if isinstance(form, BookForm):
            return show_form(form, desk, message), 409
        flash(message, "error")
        return redirect(url_for("studio.book_for"), code=303)
    day = local_date(booking.starts_at, practice.current().zone)
    return redirect(url_for("studio.day", day=day.isoformat(), booked=booking.id), code=303)

"""Fewer reminders, or none: chosen on a booking's own page by who has no account to choose in."""

from collections.abc import Sequence

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.bookings import reminders
from booking.bookings.forms import GuestRemindersForm
from booking.bookings.links import read_link
from booking.bookings.models import Booking, Status
from booking.bookings.queries import find
from booking.bookings.views import bp, client_actor
from booking.database import lock_row, transact
from booking.practice import queries as practice
from booking.web.filters import lead_words
from booking.web.forms import SelectChoice

USUAL, LAST, NONE, SET = "usual", "last", "none", "set"


def times_words(leads: Sequence[int]) -> str:
    return ", ".join(lead_words(one) for one in leads) or _("not at all")


def ways_of(booking: Booking) -> dict[str, list[int] | None]:
    """Return what may be chosen of this booking's client, by the form's values."""
    usual, own = reminders.usual_leads(booking, practice.current()), booking.person.reminder_leads
    ways: dict[str, list[int] | None] = {USUAL: None}
    if len(usual) > 1:
        ways[LAST] = [min(usual)]
    ways[NONE] = []
    return ways if own in ways.values() else {**ways, SET: own}


def guest_reminders(booking: Booking) -> GuestRemindersForm | None:
    """Return the form for a guest who is written to; None for all others.

    Whoever has an account chooses there, for all that they book.
    """
    person = booking.person
    is_ahead = booking.status is Status.BOOKED and booking.starts_at > clock.utcnow()
    if not is_ahead or person.account_id is not None or booking.is_silent or not person.address:
        return None
    ways = ways_of(booking)
    usual = reminders.usual_leads(booking, practice.current())
    words = {
        USUAL: _("As usual: %(times)s", times=times_words(usual)),
        LAST: _("Only the last: %(times)s", times=times_words([min(usual, default=0)])),
        NONE: _("None"),
        SET: _("As agreed with us: %(times)s", times=times_words(person.reminder_leads or [])),
    }
    form = GuestRemindersForm(
        way=next(name for name, leads in ways.items() if leads == person.reminder_leads)
    )
    form.way.choices = [SelectChoice(name, words[name]) for name in ways]
    return form


@bp.post("/manage/<signed:link>/reminders")
def choose_guest_reminders(link: str) -> ResponseReturnValue:
    said = read_link(link) or abort(404)
    booking = find(said.booking_id) or abort(404)
    form = guest_reminders(booking) or abort(404)
    if not form.validate_on_submit():
        abort(400)
    transact(_choose, said.booking_id, str(form.way.data))
    flash(_("Saved. We remind you as you have chosen."), "success")
    return redirect(url_for("bookings.manage", link=link), code=303)


def _choose(booking_id: int, way: str) -> None:
    booking = find(booking_id) or abort(404)
    lock_row(booking.person)
    ways = ways_of(booking)
    if way in ways:
        reminders.choose_for(booking.person, ways[way], client_actor(), clock.utcnow())

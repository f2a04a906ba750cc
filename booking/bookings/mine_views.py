"""What a client has booked, what they may book again, and when they want to be reminded."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.accounts.models import Account
from booking.bookings import line, queries, reminders
from booking.bookings.forms import RemindersForm
from booking.bookings.links import make_link, waiting_link
from booking.bookings.models import Booking
from booking.bookings.views import bp
from booking.bookings.visitor_access import this_visitor
from booking.catalog.models import ServiceOption
from booking.catalog.queries import terms_of
from booking.database import db, transact
from booking.domain.availability import local_date
from booking.domain.openings import Opening, next_openings
from booking.mail import unsubscribing
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary
from booking.scheduling.views import CARD_DAYS
from booking.web.filters import lead_words
from booking.web.forms import SelectChoice

# How many of the sessions a client had are offered again.
AGAIN = 3


@dataclass(frozen=True, slots=True)
class Again:
    """A session the client had, and the next openings of just the same."""

    booking: Booking
    first: ServiceOption
    openings: list[Opening]

    @property
    def service(self):  # noqa: ANN201 - a Service
        return self.first.service


@bp.get("/my/bookings")
def mine() -> ResponseReturnValue:
    account = access.signed_in() or abort(404)
    now = clock.utcnow()
    waiting = line.of_account(account.id)
    positions = line.positions(waiting)
    upcoming, past = queries.upcoming_of(account.id, now), queries.past_of(account.id, now)
    return render_template(
        "bookings/mine.html",
        upcoming=upcoming,
        past=past,
        again=again_for(past),
        waiting=[(entry, positions.get(entry.id, 0)) for entry in waiting],
        waiting_link=waiting_link,
        topics=sorted({one.service.category.slug for one in upcoming or past}),
        about_services=sorted({one.service_id for one in upcoming or past}),
        today=local_date(now, practice.current().zone),
        make_link=make_link,
        now=now,
    )


def again_for(past: list[Booking]) -> list[Again]:
    """Return what the client had last, each kind once, all from one set of selects.

    The same service, length and practitioner: pressing a time and confirming books it.
    """
    had: dict[tuple[int, int], tuple[Booking, ServiceOption]] = {}
    for booking in past:
        option = booking.option
        if option and not (option.is_archived or booking.service.is_archived):
            had.setdefault((option.id, booking.practitioner_id), (booking, option))
    last = list(had.values())[:AGAIN]
    if not last:
        return []
    offered = terms_of([option for _booking, option in last])
    terms = {one.id: offered[option.id].only(one.practitioner_id) for one, option in last}
    studio, now = practice.current(), clock.utcnow()
    today, policy = local_date(now, studio.zone), this_visitor().policy
    diary = load_diary(terms.values(), today, today + CARD_DAYS, studio.zone, now)
    return [
        Again(one, option, next_openings(terms[one.id], diary, policy, now, count=2))
        for one, option in last
        if one.practitioner_id in terms[one.id].practitioner_ids
    ]


@bp.get("/account/reminders", endpoint="reminders")
def show_reminders() -> ResponseReturnValue:
    account = access.signed_in() or abort(404)
    chosen = account.reminder_leads
    shown = practice.current().reminder_leads if chosen is None else chosen
    ticks = {name: minutes in shown for name, minutes in RemindersForm.LEADS.items()}
    stopped = unsubscribing.stopped(account.email)
    lists = {kind: kind not in stopped for kind in unsubscribing.KINDS}
    form = RemindersForm(way="studio" if chosen is None else "own", **ticks, **lists)
    return show_choice(form)


def show_choice(form: RemindersForm) -> str:
    offer_ways(form)
    account = access.signed_in() or abort(404)
    set_apart = [one for one in account.persons if one.reminder_leads is not None]
    return render_template("bookings/reminders.html", form=form, set_apart=set_apart)


def offer_ways(form: RemindersForm) -> None:
    usual = ", ".join(lead_words(minutes) for minutes in practice.current().reminder_leads)
    form.way.choices = [
        SelectChoice("studio", _("As the studio does: %(times)s", times=usual)),
        SelectChoice("own", _("My own way:")),
    ]
    account, studio = access.signed_in() or abort(404), practice.current()
    stopped = unsubscribing.stopped(account.email)
    for kind in unsubscribing.KINDS:
        if kind in form and not getattr(studio, kind) and kind not in stopped:
            del form[kind]  # The practice sends none, so there is nothing to choose.


@bp.post("/account/reminders")
def choose_reminders() -> ResponseReturnValue:
    account, form = access.signed_in() or abort(404), RemindersForm()
    offer_ways(form)
    if not form.validate_on_submit():
        return show_choice(form), 422
    transact(_choose, account.id, form.leads(), form.wanted())
    flash(_("Saved. It counts for sessions that are booked already as well."), "success")
    return redirect(url_for("bookings.reminders"), code=303)


def _choose(account_id: int, leads: list[int] | None, wanted: set[str]) -> None:
    account, now = db.session.get_one(Account, account_id), clock.utcnow()
    reminders.choose(account, leads, practice.current(), now)
    reminders.choose_lists(account, wanted, now)

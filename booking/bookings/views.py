"""Booking in three screens: a time (elsewhere), the details, done."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from booking import clock
from booking.accounts import access, people
from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Account
from booking.bookings import agreement, holds, operations, queries
from booking.bookings.forms import DetailsForm, HoldForm
from booking.bookings.holds import Wish
from booking.bookings.links import make_link
from booking.bookings.models import Booking, Hold, Status
from booking.bookings.visitor_access import this_visitor
from booking.catalog import queries as catalog
from booking.catalog.models import ServiceOption
from booking.database import db, transact
from booking.domain.availability import DAY, MINUTE, local_date
from booking.domain.errors import Blocked, NoLongerOffered, Refusal, SlotTaken
from booking.domain.openings import nearest_openings
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.limits import address_typed, limiter

bp = Blueprint("bookings", __name__)

# What a visitor types and must never have to type again.
TYPED = ("name", "email", "phone", "note")


@bp.app_template_filter()
def status_words(status: Status) -> str:
    """A status as a person would say it."""
    return {
        Status.REQUESTED: _("waits for an answer"),
        Status.BOOKED: _("booked"),
        Status.ARRIVED: _("was here"),
        Status.NO_SHOW: _("did not come"),
        Status.CANCELLED: _("cancelled"),
        Status.LATE_CANCELLED: _("cancelled late"),
        Status.UNDONE: _("undone"),
        Status.DECLINED: _("declined"),
    }[status]


@bp.app_template_filter()
def repeat_words(booking: Booking) -> str:
    """1 of 6, every 2 weeks; nothing of a session that was booked alone."""
    repeat = booking.repeat
    if repeat is None or repeat.times < 2:
        return ""
    every = ngettext("every week", "every %(num)s weeks", repeat.weeks)
    return _(
        "%(number)s of %(times)s, %(every)s",
        number=booking.repeat_number, times=repeat.times, every=every,
    )  # fmt: skip


def owns_hold(values: dict) -> bool:
    """Owner look-up for the access table: a hold is the visitor's who made it."""
    return holds.option_of(values["token"], session.get("visitor")) is not None


def visitor() -> str:
    """Return the name this browser goes by in its signed cookie; one is made when it has none."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_urlsafe(16)
        if "_user_id" not in session:  # Who signed in chose how long the cookie stays.
            session.permanent = True
    return session["visitor"]


def is_client() -> bool:
    """Whether somebody with an account is signed in, whose address is proved."""
    return access.signed_in() is not None


def client_actor() -> Actor:
    """Whoever comes by a link acts as a client, staff too: their rights are in the studio."""
    account = access.signed_in()
    return Actor("client", account.id) if account else GUEST


@bp.post("/book")
@limiter.limit("30/minute")
# A visitor holds one time at once, but a new cookie is a new visitor.
@limiter.limit("12/10minutes", exempt_when=is_client)
def hold() -> ResponseReturnValue:
    """Set the pressed time aside and go on to the details."""
    form = HoldForm()
    if not form.validate_on_submit() or form.start.data is None:
        abort(400)
    option = catalog.find_option(form.option.data or 0) or abort(404)
    terms = catalog.terms_of([option])[option.id].only(form.practitioner.data)
    wish = Wish(terms, form.start.data, this_visitor().policy)
    try:
        this_visitor().require(option.service)
        token = transact(_hold, wish, access.signed_in())
    except Blocked:
        raise  # Other times would not help.
    except Refusal as refusal:
        return show_taken(option, wish, refusal)
    return redirect(url_for("bookings.details", token=token), code=303)


def _hold(wish: Wish, account: Account | None) -> str:
    """Return the hold's token, while the hold need not be read again."""
    return holds.hold(wish, visitor(), practice.current(), clock.utcnow(), account).token


def show_taken(
    option: ServiceOption, wish: Wish, refusal: Refusal, *, has_typed: bool = False
) -> ResponseReturnValue:
    """Say what happened and offer the nearest free times, as buttons."""
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    day = min(max(local_date(wish.starts_at, studio.zone), today), today + 365 * DAY)
    diary = load_diary([wish.terms], max(day - 3 * DAY, today), day + 7 * DAY, studio.zone, now)
    policy = wish.policy or studio.policy
    is_open = this_visitor().may_book(option.service)
    nearest = nearest_openings(wish.starts_at, wish.terms, diary, policy, now) if is_open else ()
    asked = wish.terms.practitioner_ids
    return render_template(
        "bookings/taken.html",
        message=refusal_words(refusal),
        option=option,
        service=option.service,
        openings=nearest,
        practitioner_id=asked[0] if len(asked) == 1 else None,
        has_typed=has_typed,
    ), refusal.status


@bp.get("/book/<signed:token>")
def details(token: str) -> ResponseReturnValue:
    held = find_held(token)
    if booked := operations.find_by_token(token):
        return to_booking(booked)
    form = DetailsForm(option=held.option_id)
    person = people.own_person(account) if (account := access.signed_in()) else None
    if account is not None and person is not None:
        form.phone.data = person.phone
        form.person.data = queries.last_person(account.id, held.option.service_id) or person.id
    for name, value in holds.typed_before(held).items():
        form[name].data = value
    return show_details(held, form)


def show_details(held: Hold, form: DetailsForm, message: str = "") -> str:
    fitting = prepare(form, held)
    studio = practice.current()
    wanted = [one for one in fitting if one.id == form.option.data]
    option = next(iter([*wanted, *fitting]), held.option)
    cancel_until, _ignored = agreement.deadlines(held.starts_at, studio)
    return render_template(
        "bookings/details.html",
        held=held,
        option=option,
        ends_at=held.starts_at + option.minutes * MINUTE,
        service=held.option.service,
        fitting=fitting,
        shown=operations.terms_shown(fitting),
        form=form,
        cancel_until=cancel_until,
        now=clock.utcnow(),
        message=message,
        person=people.own_person(account) if (account := access.signed_in()) else None,
        studio=studio,
    )


def prepare(form: DetailsForm, held: Hold) -> Sequence[ServiceOption]:
    """Fit the form to who is signed in and to what fits the time; return the options that do."""
    fit_to_client(form)
    fitting = holds.fitting_options(held, practice.current(), clock.utcnow())
    form.option.choices = [SelectChoice(str(one.id)) for one in fitting]
    return fitting


def fit_to_client(form: DetailsForm) -> None:
    """Take out of the form what is known of who is signed in, or not asked of a guest."""
    account = access.signed_in()
    if account is None:
        del form.person
        return
    form.trust()
    del form.email
    known = people.of_account(account.id)
    if form.person is not None:  # It was taken out when the form was read, before it is shown.
        form.person.choices = [SelectChoice(str(one.id), one.name) for one in known]
    has_name = any(one.is_holder for one in known)
    if has_name:
        del form.name
    if not has_name or len(known) < 2:
        del form.person
    if queries.has_agreed(account.id, practice.current().policy_version):
        del form.policy


@bp.post("/book/<signed:token>")
@limiter.limit("6/minute")
@limiter.limit("10/hour;20/day", key_func=address_typed, exempt_when=is_client)
def book(token: str) -> ResponseReturnValue:
    """Book it. The hold's token makes a second press find the first one's booking."""
    option_id = holds.option_of(token, visitor()) or abort(404)
    form = DetailsForm()
    if form.option.data == option_id:  # The length that is held needs no asking: it fits.
        fit_to_client(form)
        form.option.choices = [SelectChoice(str(option_id))]
    else:
        prepare(form, find_held(token))
    if not form.validate_on_submit():
        return show_mistakes(token, form)
    try:
        link = transact(_book, form, token, access.signed_in())
    except SlotTaken as refusal:
        return show_lost(find_held(token), form, refusal)
    except Refusal as refusal:
        return show_refused(token, form, refusal)
    return redirect(url_for("bookings.manage", link=link), code=303)


def find_held(token: str) -> Hold:
    return holds.find(token, visitor()) or abort(404)


def show_mistakes(token: str, form: DetailsForm) -> ResponseReturnValue:
    """Show the form as it was typed. A second press shows the booking, whatever its form says."""
    if booked := operations.find_by_token(token):
        return to_booking(booked)
    if form.option.data and catalog.find_option(form.option.data) is None:
        return show_refused(token, form, NoLongerOffered())
    return show_details(find_held(token), form), 422


def _book(form: DetailsForm, token: str, account: Account | None) -> str:
    """Return the link to the booking, while it need not be read again."""
    option = catalog.find_option(form.option.data)
    if option is None and (booked := operations.find_by_token(token)):
        return make_link(booked)
    if option is None:
        raise NoLongerOffered
    booking = operations.book_as_shown(
        form.shown.data or "", token, visitor(), option,
        form.details(), account, practice.current(), clock.utcnow(),
    )  # fmt: skip
    return make_link(booking)


def to_booking(booking: Booking) -> ResponseReturnValue:
    return redirect(url_for("bookings.manage", link=make_link(booking)), code=303)


def show_refused(token: str, form: DetailsForm, refusal: Refusal) -> ResponseReturnValue:
    return show_details(find_held(token), form, refusal_words(refusal)), refusal.status


def show_lost(held: Hold, form: DetailsForm, refusal: Refusal) -> ResponseReturnValue:
    """The hold had run out and somebody else has the time: keep what was typed for the next."""
    typed = {name: form[name].data or "" for name in TYPED if name in form}
    start = held.starts_at
    transact(holds.keep_typed, held.id, typed)
    option = catalog.find_option(form.option.data) or abort(404)
    wish = Wish(catalog.terms_of([option])[option.id], start, this_visitor().policy)
    return show_taken(option, wish, refusal, has_typed=True)


@bp.post("/book/<signed:token>/let-go")
def let_go(token: str) -> ResponseReturnValue:
    """Give the time back and choose another."""
    held = find_held(token)
    slug = held.option.service.slug
    transact(_let_go, held.id)
    if catalog.find_service(slug) is None:
        return redirect(url_for("scheduling.home"), code=303)
    return redirect(url_for("scheduling.service", slug=slug), code=303)


def _let_go(hold_id: int) -> None:
    held = db.session.get_one(Hold, hold_id, with_for_update=True, populate_existing=True)
    holds.release(held)

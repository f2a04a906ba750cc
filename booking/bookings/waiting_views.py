"""A place in a line: its own page, an offer to take or refuse, and how one comes to wait."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import access
from booking.bookings import line, times, waiting
from booking.bookings.class_forms import OfferForm, WishForm
from booking.bookings.class_views import fit, new_token, own_people
from booking.bookings.line import Wish
from booking.bookings.links import WAITING, make_link, read_number, waiting_link
from booking.bookings.operations import terms_shown
from booking.bookings.views import bp, client_actor, is_client
from booking.bookings.visitor_access import this_visitor
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.catalog import queries as catalog
from booking.catalog.models import Service
from booking.database import transact
from booking.domain.availability import DAY, local_date
from booking.domain.errors import NotForYou, Refusal, StillFree
from booking.domain.openings import Opening
from booking.practice import queries as practice
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.limits import address_typed, limiter

ANYONE = 0
# How long somebody waits unless they say otherwise.
USUALLY = 14 * DAY


def opens_waiting(values: dict) -> bool:
    """Owner look-up for the access table: a link opens the entry it was signed for."""
    number = read_number(values["link"], WAITING)
    return number is not None and line.find(number) is not None


def entry_of(link: str) -> WaitlistEntry:
    return line.find(read_number(link, WAITING) or 0) or abort(404)


@bp.get("/waiting/<signed:link>", endpoint="waiting")
def show_waiting(link: str) -> ResponseReturnValue:
    return show_entry(entry_of(link), link)


def show_entry(
    entry: WaitlistEntry, link: str, refusal: Refusal | None = None
) -> ResponseReturnValue:
    now = clock.utcnow()
    offer = entry.open_offer
    page = render_template(
        "bookings/waiting.html",
        entry=entry,
        link=link,
        offer=offer if offer is not None and offer.expires_at > now else None,
        position=line.position(entry),
        service=entry.service,
        shown=terms_shown([entry.option] if entry.option else []),
        now=now,
        message=refusal_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


def pressed_offer(link: str) -> Offer:
    """Return the offer whose page was pressed on, which may have ended since."""
    form = OfferForm()
    if not form.validate_on_submit():
        abort(400)
    offers = entry_of(link).offers
    return next((one for one in offers if one.id == form.offer.data), None) or abort(400)


@bp.post("/waiting/<signed:link>/take")
def take_offer(link: str) -> ResponseReturnValue:
    """Take what is kept for one: it becomes a booking."""
    offer = pressed_offer(link)
    shown = OfferForm().shown.data or ""
    account = access.signed_in()
    by = None if account is None or account.role.is_staff else account
    try:
        booking = transact(
            waiting.accept_as_shown, shown, offer.id, by, practice.current(), clock.utcnow()
        )
    except Refusal as refusal:
        return show_entry(entry_of(link), link, refusal)
    return redirect(url_for("bookings.manage", link=make_link(booking)), code=303)


@bp.post("/waiting/<signed:link>/decline")
def decline_offer(link: str) -> ResponseReturnValue:
    """Say no: it goes to the next in line."""
    offer = pressed_offer(link)
    try:
        transact(waiting.decline, offer.id, client_actor(), practice.current(), clock.utcnow())
    except Refusal as refusal:
        return show_entry(entry_of(link), link, refusal)
    flash(_("Thank you for telling us. It goes to the next in line."), "success")
    return redirect(url_for("bookings.waiting", link=link), code=303)


@bp.post("/waiting/<signed:link>/leave")
def leave_line(link: str) -> ResponseReturnValue:
    entry = entry_of(link)
    try:
        transact(waiting.leave, entry.id, client_actor(), practice.current(), clock.utcnow())
    except Refusal as refusal:
        return show_entry(entry_of(link), link, refusal)
    flash(_("You are no longer on the waiting list."), "success")
    return redirect(url_for("bookings.waiting", link=link), code=303)


def find_service(slug: str) -> Service:
    service = catalog.find_service(slug)
    return service if service is not None and catalog.live_options(service) else abort(404)


def wish_form(service: Service) -> Any:
    """The form for one service: its lengths, who gives it, and how far ahead one may look."""
    today = local_date(clock.utcnow(), practice.current().zone)
    persons = own_people()
    form: Any = WishForm(
        attempt=new_token(),
        until=today + USUALLY,
        practitioner=ANYONE,
        person=persons[0].id if persons else None,
    )
    form.person.choices = [SelectChoice(str(one.id), one.name) for one in persons]
    if not persons:
        del form.person
    fit(form, persons)
    options = catalog.live_options(service)
    form.option.choices = [
        SelectChoice(str(one.id), _("%(num)s minutes", num=one.minutes)) for one in options
    ]
    terms = catalog.terms_of(options[:1])[options[0].id]
    names = catalog.names_of(set(terms.practitioner_ids))
    form.practitioner.choices = [
        SelectChoice(str(ANYONE), _("Anyone")),
        *(SelectChoice(str(one), name) for one, name in names.items()),
    ]
    furthest = practice.current().policy.furthest(clock.utcnow(), practice.current().zone)
    form.until.render_kw = {"required": True, "min": str(today), "max": str(furthest)}
    return form


@bp.get("/services/<slug:slug>/tell-me")
def wish(slug: str) -> ResponseReturnValue:
    service = find_service(slug)
    return show_wish(service, wish_form(service))


def show_wish(
    service: Service, form: Any, message: str = "", free: list[Opening] | None = None
) -> str:
    return render_template(
        "bookings/wish.html",
        service=service,
        form=form,
        message=message,
        free=free or [],
        with_whom=form.practitioner.data or None,
    )


@bp.post("/services/<slug:slug>/tell-me")
@limiter.limit("6/minute")
@limiter.limit("10/hour;20/day", key_func=address_typed, exempt_when=is_client)
def do_wish(slug: str) -> ResponseReturnValue:
    """Join the line for a time that suits; when one is free already, show it instead."""
    service = find_service(slug)
    form = wish_form(service)
    if not form.validate_on_submit():
        return show_wish(service, form), 422
    if not this_visitor().may_book(service):
        return show_wish(service, form, refusal_words(NotForYou())), NotForYou.status
    studio, now = practice.current(), clock.utcnow()
    today = local_date(now, studio.zone)
    if not today <= form.until.data <= studio.policy.furthest(now, studio.zone):
        form.until.errors = [_("Please choose a date within what can be booked.")]
        return show_wish(service, form), 422
    option = catalog.find_option(form.option.data) or abort(404)
    wanted = Wish(
        option, form.practitioner.data or None, form.weekdays(), form.parts(), form.until.data
    )
    try:
        entry = transact(
            waiting.join_times, wanted, form.attempt.data, form.party(), access.signed_in(),
            studio, now,
        )  # fmt: skip
    except StillFree as refusal:
        return show_free(service.slug, form, wanted, refusal)
    except Refusal as refusal:
        return show_wish(find_service(slug), form, refusal_words(refusal)), refusal.status
    return redirect(url_for("bookings.waiting", link=waiting_link(entry)), code=303)


def show_free(slug: str, form: Any, wanted: Wish, refusal: Refusal) -> ResponseReturnValue:
    """These times suit already: nobody needs to wait for them."""
    entry, policy = times.entry_for(wanted), this_visitor().policy
    free = times.fitting(entry, policy, practice.current(), clock.utcnow())
    message = _("These times suit what you said and are free now:")
    return show_wish(find_service(slug), form, message, free), refusal.status

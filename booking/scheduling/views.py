"""The pages on which a time is chosen: home, a kind of work, a service."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from booking import clock
from booking.catalog import queries as catalog
from booking.catalog.models import Audience, Service, ServiceOption
from booking.domain.openings import Opening, next_openings
from booking.practice import queries as practice
from booking.scheduling.queries import load_diary
from booking.scheduling.visitor_access import this_visitor
from booking.scheduling.week import parts_of_day, week_for
from booking.web.addresses import day_argument, number_argument
from booking.web.wall import today

bp = Blueprint("scheduling", __name__)

# How far the cards look for the next two openings.
CARD_DAYS = timedelta(days=14)
# How many services are offered beside what is read about them.
ON_TOPIC = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A service with its options and its next openings for the first of them.

    `is_open` says whether whoever looks may book it at all.
    """

    service: Service
    options: Sequence[ServiceOption]
    openings: Sequence[Opening]
    names: dict[int, str]
    is_open: bool = True

    @property
    def first(self) -> ServiceOption:
        return self.options[0]


def cards_for(services: Sequence[Service]) -> list[Card]:
    """Return the cards of services, all from one set of selects."""
    studio, now, visitor = practice.current(), clock.utcnow(), this_visitor()
    offered = [(service, catalog.live_options(service)) for service in services]
    offered = [(service, options) for service, options in offered if options]
    allowed = {service.id for service, _options in offered if visitor.may_book(service)}
    terms = catalog.terms_of([options[0] for _service, options in offered])
    diary = load_diary(terms.values(), today(), today() + CARD_DAYS, studio.zone, now)
    names = catalog.names_of({one for each in terms.values() for one in each.practitioner_ids})
    return [
        Card(
            service,
            options,
            next_openings(terms[options[0].id], diary, visitor.policy, now, count=2)
            if service.id in allowed
            else (),
            names,
            is_open=service.id in allowed,
        )
        for service, options in offered
        if service.id in allowed or service.audience is not Audience.INVITED
    ]


@bp.app_template_global()
def cards_on(topics: Sequence[str], services: Sequence[Service] = ()) -> list[Card]:
    """Return the cards of services that a piece is about, in the studio's order.

    First the `services` it names, then those of the kinds of work among its topics: one of each
    kind before the next, so that a piece on two of them leads to both.
    """
    if not (topics or services):
        return []
    shown = catalog.visible_services()
    kinds: dict[str, list[Service]] = {}
    for service in shown:
        if service.category.slug in topics:
            kinds.setdefault(service.category.slug, []).append(service)
    in_turn = (one for row in zip_longest(*kinds.values()) for one in row if one is not None)
    named = {service.id for service in services}
    wanted = dict.fromkeys([*(one for one in shown if one.id in named), *in_turn])
    return cards_for([*wanted][:ON_TOPIC]) if wanted else []


@bp.app_template_global()
def cards_of(service_ids: Collection[int]) -> list[Card]:
    """Return the cards of these services, of all that are shown when there are none of these."""
    services = catalog.visible_services()
    return cards_for([one for one in services if one.id in service_ids] or services)


@bp.get("/")
def home() -> ResponseReturnValue:
    cards = cards_for(catalog.visible_services())
    return render_template(
        "scheduling/home.html", cards=cards, soonest=soonest_of(cards)[:3], today=today()
    )


def soonest_of(cards: Sequence[Card]) -> list[Card]:
    """Return the cards by their first opening, one for each kind of work."""
    ordered = sorted((card for card in cards if card.openings), key=lambda card: card.openings[0])
    by_kind: dict[int, Card] = {}
    for card in ordered:
        by_kind.setdefault(card.service.category_id, card)
    return list(by_kind.values())


@bp.get("/kinds/<slug:slug>")
def category(slug: str) -> ResponseReturnValue:
    found = catalog.find_category(slug) or abort(404)
    services = [one for one in catalog.visible_services() if one.category_id == found.id]
    return render_template(
        "scheduling/category.html", category=found, cards=cards_for(services), today=today()
    )


@bp.get("/services/<slug:slug>")
def service(slug: str) -> ResponseReturnValue:
    found = catalog.find_service(slug) or abort(404)
    options = catalog.live_options(found)
    if options and not this_visitor().may_book(found):
        return render_template("scheduling/not_for_you.html", service=found, options=options)
    if not options:
        return render_template("scheduling/not_offered.html", service=found)
    return render_template("scheduling/service.html", **what_is_open(found, options))


@bp.get("/services/<slug:slug>/openings")
def openings(slug: str) -> ResponseReturnValue:
    """Show what may be chosen and nothing around it, for the page's script or another page."""
    found = catalog.find_service(slug) or abort(404)
    options = catalog.live_options(found)
    if not options or not this_visitor().may_book(found):
        abort(404)
    return render_template(
        "scheduling/_openings.html", is_part=True, **what_is_open(found, options)
    )


def what_is_open(found: Service, options: Sequence[ServiceOption]) -> dict[str, Any]:
    """Return what the openings of a service are shown by: those that the address chooses."""
    option = chosen_option(options)
    terms = catalog.terms_of([option])[option.id]
    with_whom = chosen_practitioner(terms.practitioner_ids)
    studio = practice.current()
    week = week_for(
        terms.only(with_whom), day_argument("day"), studio, this_visitor().policy, clock.utcnow()
    )
    return {
        "service": found,
        "options": options,
        "option": option,
        "week": week,
        "parts": parts_of_day(week.chosen, studio),
        "names": catalog.names_of(set(terms.practitioner_ids)),
        "with_whom": with_whom,
    }


def chosen_option(options: Sequence[ServiceOption]) -> ServiceOption:
    """Return the option the address names, the first when it names none of these."""
    wanted = number_argument("option")
    return next((one for one in options if one.id == wanted), options[0])


def chosen_practitioner(practitioner_ids: Sequence[int]) -> int | None:
    """Return the practitioner the address names, None for anyone."""
    wanted = number_argument("with")
    return wanted if wanted in practitioner_ids else None

"""A month of openings to jump by."""

from typing import Any

from babel import Locale
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking import clock
from booking.catalog import queries as catalog
from booking.practice import queries as practice
from booking.scheduling.month import bookable_months, month_for
from booking.scheduling.views import bp, chosen_option, chosen_practitioner
from booking.scheduling.visitor_access import this_visitor
from booking.web.addresses import our_day
from booking.web.fields import parse_month
from booking.web.filters import page_language
from booking.web.wall import today


@bp.get("/services/<slug:slug>/month/<month>")
def month(slug: str, month: str) -> ResponseReturnValue:
    found = catalog.find_service(slug) or abort(404)
    options, first = catalog.live_options(found), our_day(parse_month(month))
    visitor = this_visitor()
    if not options:
        abort(404)
    if not visitor.may_book(found):
        return redirect(url_for("scheduling.service", slug=slug), code=303)
    studio, now = practice.current(), clock.utcnow()
    earliest, latest = bookable_months(studio, now)
    if not earliest <= first <= latest:
        nearest = min(max(first, earliest), latest)
        query: dict[str, Any] = {
            name: request.args[name] for name in ("option", "with") if name in request.args
        }
        return redirect(
            url_for("scheduling.month", slug=slug, month=f"{nearest:%Y-%m}", **query), code=303
        )
    option = chosen_option(options)
    terms = catalog.terms_of([option])[option.id]
    with_whom = chosen_practitioner(terms.practitioner_ids)
    first_weekday = Locale.parse(page_language(), sep="-").first_week_day
    return render_template(
        "scheduling/month.html",
        service=found,
        option=option,
        options=options,
        month=month_for(terms.only(with_whom), first, studio, visitor.policy, now, first_weekday),
        weekdays=[(first_weekday + number) % 7 for number in range(7)],
        names=catalog.names_of(set(terms.practitioner_ids)),
        with_whom=with_whom,
        today=today(),
    )

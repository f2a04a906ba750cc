"""Days on which the studio is closed, chosen from the public holidays or typed."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.bookings import absences
from booking.bookings.forms import ConfirmForm
from booking.classes import queries as classes
from booking.classes.queries import Filter
from booking.database import transact
from booking.domain.availability import DAY, day_interval
from booking.domain.errors import Refusal
from booking.domain.intervals import Interval
from booking.practice import queries as practice
from booking.scheduling import holidays
from booking.scheduling.holidays import Place
from booking.studio.holidays_forms import ClosedDayForm, WhichForm, holidays_form
from booking.studio.hours_views import told_outside, wanted_argument
from booking.studio.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice
from booking.web.wall import today
from booking.web.words import locale_for


def wanted() -> tuple[Place, int]:
    """Return the place and the year that the address names, or the best guess."""
    place = holidays.guess(practice.current())
    country, region = wanted_argument("country") or place.country, request.args.get("region")
    if country in holidays.countries() and (country != place.country or region is not None):
        known = region in holidays.countries()[country]
        place = Place(country, region or "" if known else "")
    year, this_year = wanted_argument("year"), today().year
    is_near = year.isdecimal() and this_year <= int(year) <= this_year + 2
    return place, int(year) if is_near else this_year


def public(place: Place, year: int) -> dict[date, str]:
    """The holidays that are still to come, named in the practice's language."""
    found = holidays.public(place, year, practice.current().locale)
    return {day: name for day, name in found.items() if day >= today()}


@bp.get("/closed-days")
def closed_days() -> ResponseReturnValue:
    return show(ClosedDayForm(formdata=None))


def show(form: ClosedDayForm, message: str = "") -> str:
    studio, now = practice.current(), clock.utcnow()
    place, year = wanted()
    first = today()
    closed = holidays.closed_between(first, first + 3 * 366 * DAY)
    offered = public(place, year)
    return render_template(
        "studio/closed_days.html",
        place=place,
        year=year,
        which=which_form(place, year),
        # The list of all countries is long, and hardly anybody needs it.
        is_choosing_country="country" in request.args,
        offered=offered,
        ticks=holidays_form(offered, {one.on_date for one in closed}),
        closed=closed,
        outside=absences.outside_hours(studio, now),
        taught=taught_on({one.on_date for one in closed}),
        form=form,
        confirm=ConfirmForm(),
        message=message,
    )


def which_form(place: Place, year: int) -> WhichForm:
    form = WhichForm(
        formdata=None,
        data={"country": place.country, "region": place.region, "year": str(year)},
    )
    locale = locale_for(None) or practice.current().locale
    form.country.choices = [
        SelectChoice(code, name) for code, name in holidays.country_names(locale).items()
    ]
    form.region.choices = [
        SelectChoice("", _("The whole country")),
        *(SelectChoice(*item) for item in holidays.region_names(place.country).items()),
    ]
    form.year.choices = [SelectChoice(str(one), str(one)) for one in years()]
    return form


def years() -> range:
    return range(today().year, today().year + 3)


def taught_on(days: set[date]) -> list:
    """Return the classes on closed days: they are not held to hours, and take place."""
    if not days:
        return []
    zone = practice.current().zone
    window = Interval(day_interval(min(days), zone).start, day_interval(max(days), zone).end)
    return [one for one in classes.between(window, Filter()) if one.local_start.date() in days]


@bp.post("/closed-days/holidays")
def choose_holidays() -> ResponseReturnValue:
    place, year = wanted()
    offered = public(place, year)
    form = holidays_form(offered)
    if form.validate_on_submit():
        chosen = [day for day in offered if form[f"day_{day:%Y%m%d}"].data]
        transact(holidays.choose, offered, chosen, this_actor(), clock.utcnow())
        told_outside(None, _("Saved."))
    return back(place, year)


def back(place: Place, year: int) -> ResponseReturnValue:
    return redirect(
        url_for("studio.closed_days", country=place.country, region=place.region, year=year),
        code=303,
    )


@bp.post("/closed-days")
def close_day() -> ResponseReturnValue:
    form: Any = ClosedDayForm()
    if not form.validate_on_submit():
        return show(form), 422
    try:
        transact(
            holidays.close, form.day.data, form.name.data or "", this_actor(),
            clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        form.day.errors = [refusal_words(refusal)]
        return show(form), refusal.status
    told_outside(None, _("The studio is closed on that day."))
    return redirect(url_for("studio.closed_days"), code=303)


@bp.post("/closed-days/<id:closed_id>/open")
def open_day(closed_id: int) -> ResponseReturnValue:
    transact(holidays.reopen, closed_id, this_actor(), clock.utcnow())
    flash(_("The hours count again on that day."), "success")
    return redirect(url_for("studio.closed_days"), code=303)

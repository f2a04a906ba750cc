"""The time zone: found by town or country, and saved after what it moves has been looked at."""

from datetime import datetime
from typing import Any

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.domain.zones import load_zone
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import zones
from booking.settings.forms import ZoneForm
from booking.settings.views import bp, save, say_saved
from booking.web.forms import SelectChoice
from booking.web.words import clock_of

LONGEST_QUERY = 80


def zone_shown(studio: Practice) -> dict[str, Any]:
    return {"zone": studio.zone_name}


@bp.get("/zone")
def zone() -> ResponseReturnValue:
    shown = zone_shown(practice.current())
    form = ZoneForm(formdata=None, data={**shown, "q": request.args.get("q", "")[:LONGEST_QUERY]})
    form.opened_on(shown)
    return zone_page(form)


def zone_page(form: ZoneForm, moved: zones.Moved | None = None) -> str:
    now = clock.utcnow()
    has_found = offer_zones(form, now)
    return render_template("settings/zone.html", form=form, moved=moved, has_found=has_found)


def offer_zones(form: ZoneForm, now: datetime) -> bool:
    """Offer what fits the words looked for, with the time on each clock; tell whether any does."""
    studio, names = practice.current(), dict(Locale.parse(str(get_locale())).territories)
    found = zones.found(form.q.data or "", studio.locale.partition("_")[2], names)
    kept = {studio.zone_name, form.zone.data}
    known = [one for one in zones.places() if one.zone_name in kept and one not in found]
    offered = [*known, *found]
    if studio.zone_name not in {one.zone_name for one in offered}:
        offered.insert(0, zones.Place(studio.zone_name, ""))
    form.zone.choices = [
        SelectChoice(one.zone_name, _place_words(one, names, now)) for one in offered
    ]
    return bool(found)


def _place_words(place: zones.Place, names: dict[str, str], now: datetime) -> str:
    """New York, United States: now 8:00 AM"""
    where = ", ".join(filter(None, (place.town or place.zone_name, names.get(place.country, ""))))
    return _("%(place)s: now %(time)s", place=where, time=clock_of(now, load_zone(place.zone_name)))


@bp.post("/zone")
def change_zone() -> ResponseReturnValue:
    """List what moves at the first press; change it at the second, with the tick."""
    form, now, studio = ZoneForm(), clock.utcnow(), practice.current()
    if not form.validate_on_submit():
        return zone_page(form), 422
    if form.zone.data == studio.zone_name:
        say_saved(None)
        return redirect(url_for("settings.zone"), code=303)
    if not (form.is_looked_at and form.sure.data):
        status = 200
        if form.is_looked_at:
            form.sure.errors = [_("Please tick this if it is meant.")]
            status = 422
        form.looked_at.data, form.sure.data = form.zone.data, False
        return zone_page(form, zones.what_moves(studio, form.zone.data, now)), status
    count = save(
        form, zone_shown,
        lambda held: zones.move_zone(held, form.zone.data, this_actor(), now),
    )  # fmt: skip
    if count is None:
        form.sure.data = False
        return zone_page(form, zones.what_moves(practice.current(), form.zone.data, now)), 409
    flash(
        ngettext(
            "Saved. %(num)s booking reads differently now.",
            "Saved. %(num)s bookings read differently now.",
            count,
        ),
        "success",
    )
    return redirect(url_for("settings.zone"), code=303)

"""Forms of closed days."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField

from booking.web.forms import Form, text_field
from booking.web.wall_fields import day_field
from booking.web.words import lazy as _l


class WhichForm(Form):
    """Whose public holidays are shown; sent by GET, it changes nothing."""

    country = SelectField(_l("Country"))
    region = SelectField(_l("Region"))
    year = SelectField(_l("Year"))


class ClosedDayForm(Form):
    """A day of the studio's own."""

    day = day_field(_l("Date"), _l("Please choose a date."))
    name = text_field(_l("What for"), 120, _l("Please type a word for it."))


def holidays_form(offered: Mapping[date, str], closed: Collection[date] = ()) -> Any:
    """Make a form with a tick for each of the holidays."""
    ticks = {f"day_{day:%Y%m%d}": BooleanField(name) for day, name in offered.items()}
    data = {f"day_{day:%Y%m%d}": day in closed for day in offered}
    return type("HolidaysForm", (Form,), ticks)(data=data)

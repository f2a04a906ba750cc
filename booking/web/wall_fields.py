"""A moment that staff type as it stands on the wall, with the question that some hours need.

Clients never type a time: they press one that we offer. Staff do, and twice a year the clock does
something: an hour that is skipped is refused, one that comes twice is asked about.
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import DateField, RadioField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError

from booking.domain.walltime import instants_at
from booking.web.fields import YEARS
from booking.web.filters import clock_words
from booking.web.forms import Form, SelectChoice
from booking.web.words import lazy as _l


def in_our_years(form: Any, field: Any) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("Please type a year between 2000 and 2199."))


def day_field(label: Any, required: Any = None, **render: Any) -> DateField:
    """A date; optional without the sentence `required`."""
    rules = [InputRequired(required)] if required else [Optional()]
    return DateField(label, [*rules, in_our_years], render_kw=render)


def time_field(label: Any, required: Any = None, **render: Any) -> TimeField:
    """A time on the wall, to the minute; optional without the sentence `required`."""
    rules = [InputRequired(required)] if required else [Optional()]
    return TimeField(label, rules, format=["%H:%M", "%H:%M:%S"], render_kw=render)


class WhenForm(Form):
    """A form with a day, a time, and which of two when the clock shows that time twice."""

    day = day_field(_l("Day"), _l("Please choose a day."))
    time = time_field(_l("Time"), _l("Please type a time."))
    which = RadioField(
        _l("This time comes twice that night. Which one?"), [Optional()], validate_choice=False
    )

    def instant(self, zone: ZoneInfo) -> datetime | None:
        """Return the instant (UTC) that was meant; None, with the error at its field, for none.

        Ask after the form has been validated and found right.
        """
        assert self.day.data is not None  # noqa: S101 - the form is valid
        assert self.time.data is not None  # noqa: S101
        found = instants_at(datetime.combine(self.day.data, self.time.data), zone)
        if not found:
            self.time.errors = [_("The clocks skip this time on that day. Please type another.")]
        elif len(found) == 1:
            return found[0]
        return self._chosen(found)

    def _chosen(self, found: tuple[datetime, ...]) -> datetime | None:
        choices = {str(number): one for number, one in enumerate(found, 1)}
        self.which.choices = [SelectChoice(key, clock_words(one)) for key, one in choices.items()]
        if choices and self.which.data not in choices:
            self.which.errors = [_("Please say which of the two you mean.")]
        return choices.get(self.which.data or "")

    def show(self, instant: datetime, zone: ZoneInfo) -> None:
        """Fill in a moment that is known, as the wall shows it."""
        wall = instant.astimezone(zone)
        self.day.data, self.time.data = wall.date(), wall.time().replace(tzinfo=None)
        found = instants_at(wall.replace(tzinfo=None, fold=0), zone)
        if len(found) > 1:
            self._chosen(found)
            self.which.data = str(found.index(instant.astimezone(UTC)) + 1)

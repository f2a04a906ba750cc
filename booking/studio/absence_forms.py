"""Forms of time off."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Length, Optional

from booking.bookings.absences import Choice, Obstacle, What
from booking.domain.availability import day_interval
from booking.web.editing import EditForm
from booking.web.forms import Form, SelectChoice, text_field
from booking.web.wall_fields import WhenForm, day_field, time_field
from booking.web.words import lazy as _l


class StartForm(WhenForm):
    """When time off begins: without a time, with the day."""

    day = day_field(_l("From"), _l("Please choose the first day."))
    time = time_field(_l("Time (optional)"))

    def begins(self, zone: ZoneInfo) -> datetime | None:
        """Return the instant; None, with the error at its field, when there is none such."""
        if self.time.data is None:
            return day_interval(_given(self.day.data), zone).start
        return self.instant(zone)


class EndForm(WhenForm):
    """When time off ends: without a day, on the day it begins; without a time, with the day."""

    day = day_field(_l("Until (optional)"))
    time = time_field(_l("Time (optional)"))

    def ends(self, first: date, zone: ZoneInfo) -> datetime | None:
        """Return the instant; None, with the error at its field, when there is none such."""
        self.day.data = self.day.data or first
        if self.time.data is None:
            return day_interval(self.day.data, zone).end
        return self.instant(zone)


def _given(day: date | None) -> date:
    assert day is not None  # noqa: S101 - the form is valid
    return day


class AbsenceForm(Form):
    """Who or what is away, and what for."""

    who = SelectField(_l("Who or what"), coerce=int)
    note = text_field(_l("What for (optional)"), 200)
    # What was on the list that choices are made from.
    shown = HiddenField(validators=[Length(max=20_000)])


class NoteForm(EditForm):
    """The words for time off."""

    note = text_field(_l("What for (optional)"), 200)


def choices_form(obstacles: Sequence[Obstacle]) -> Any:
    """Make a form that asks what is to become of each, and of all that are not answered."""
    fields: dict[str, Any] = {
        f"do_{one.key}": RadioField(
            _("What is to become of it?"), [Optional()], choices=_choices(one)
        )
        for one in obstacles
    }
    fields["rest"] = RadioField(
        _("And all that you have not answered above?"),
        [Optional()],
        choices=[
            SelectChoice(Choice.KEEP.value, _("Keep them")),
            SelectChoice(Choice.CANCEL.value, _("Cancel them")),
        ],
    )
    return type("ChoicesForm", (Form,), fields)()


def _choices(one: Obstacle) -> list[Any]:
    keep, cancel = _choice_words(one)
    found = [SelectChoice(Choice.KEEP.value, keep)]
    if one.may_be_cancelled:
        found.append(SelectChoice(Choice.CANCEL.value, cancel))
    return found


def _choice_words(one: Obstacle) -> tuple[str, str]:
    if one.what is What.HOLD:
        return _("Let them finish: if they book, it stays"), _("Take the time back")
    if one.what is What.OFFER:
        return _("Let the offer stand"), _("Take the offer back: they wait on")
    if one.what is What.CLASS:
        return _("Keep it"), _("Cancel it: everybody in it is told")
    return _("Keep it"), _("Cancel it: the client is told")


def choices_of(form: Any, obstacles: Sequence[Obstacle], shown: set[str]) -> dict[str, Choice]:
    """Return what was chosen for each that stood on the list; the rest gets the common answer."""
    found = {}
    for one in obstacles:
        chosen = form[f"do_{one.key}"].data
        if chosen not in set(Choice) and one.key in shown:
            chosen = form.rest.data if one.may_be_cancelled else Choice.KEEP.value
        if chosen in set(Choice):
            found[one.key] = Choice(chosen)
    return found

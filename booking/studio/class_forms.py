"""Forms of classes: a series, one class, the roster, the rules."""

import re
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from booking.bookings import changes
from booking.classes.models import Level
from booking.web.editing import EditForm
from booking.web.fields import YEARS, phone_field, small_int
from booking.web.forms import Form, SelectChoice, prose_field, text_field
from booking.web.lead_fields import LeadsField
from booking.web.number_fields import price_field, whole_number
from booking.web.words import lazy as _l


def _in_years(_form: Any, field: Any) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("Please choose a date within the coming years."))


def _date(label: Any, *rules: Any) -> DateField:
    return DateField(label, [*rules, _in_years])


class SeriesTextsForm(Form):
    """What can be changed of a series without moving anybody."""

    name = text_field(_l("Name of the class"), 120, _l("Please type a name."))
    about = prose_field(_l("About this class (optional)"), 5000, rows=5)
    level = RadioField(_l("Level"))
    waitlist_mode = RadioField(_l("When a place becomes free"))
    price = price_field(_l("Price of a place"), InputRequired(_l("Please type a price.")))
    trial = price_field(_l("Price of a first class (optional)"), Optional())
    term = price_field(_l("Price of each class in a term (optional)"), Optional())
    last_on = _date(_l("Last date (optional)"), Optional())


class SeriesForm(SeriesTextsForm):
    """A class that is to come every week."""

    service = SelectField(_l("Service"), coerce=int)
    practitioner = SelectField(_l("Teacher"), coerce=int)
    room = SelectField(_l("Room"), coerce=int)
    first_on = _date(_l("First date"), InputRequired(_l("Please choose the first date.")))
    start = TimeField(_l("Begins at"), [InputRequired(_l("Please choose a time."))])
    minutes = whole_number(_l("Length in minutes"), 5, 480)
    capacity = whole_number(_l("Places"), 1, 500)
    skipped = prose_field(_l("Dates without class (optional)"), 2000, rows=3)

    def validate_skipped(self, field: Any) -> None:
        """Say which of the dates could not be read."""
        self.skipped_dates()

    def skipped_dates(self) -> tuple[date, ...]:
        """Return the dates, which stand one a line or with commas between them, as 2026-12-24."""
        found = []
        for words in re.split(r"[\s,;]+", (self.skipped.data or "").strip()):
            try:
                found += [date.fromisoformat(words)] if words else []
            except ValueError as error:
                raise ValidationError(
                    _("“%(words)s” is no date. Please write 2026-12-24.", words=words)
                ) from error
        return tuple(found)


class ChangeClassForm(Form):
    """What one class, or it and all that follow, is to be."""

    day = _date(_l("Date"), InputRequired(_l("Please choose a date.")))
    start = TimeField(_l("Begins at"), [InputRequired(_l("Please choose a time."))])
    minutes = whole_number(_l("Length in minutes"), 5, 480)
    practitioner = SelectField(_l("Teacher"), coerce=int)
    room = SelectField(_l("Room"), coerce=int)
    capacity = whole_number(_l("Places"), 1, 500)
    may_overbook = BooleanField(_l("Overbook: keep everybody, although there are fewer places"))
    scope = RadioField(_l("What is meant?"))


class CancelClassForm(Form):
    """Which classes do not take place."""

    scope = RadioField(_l("What is meant?"))


class MarkPlacesForm(Form):
    """A press on the roster: one place, or all that are not marked yet when none is named."""

    STATUSES: ClassVar = [SelectChoice(one.value) for one in sorted(changes.MARKS)]
    status = RadioField(choices=STATUSES)
    booking = small_int([Optional()])


class WalkInForm(Form):
    """Somebody who stands at the door."""

    token = HiddenField(validators=[InputRequired(), Length(16, 48)])
    regular = SelectField(_l("Who was here before"), coerce=int)
    name = text_field(_l("Or a new name"), 120)
    phone = phone_field(_l("Telephone (optional)"))
    may_overbook = BooleanField(_l("One more than there are places"))


class WriteForm(Form):
    """A message to everybody in a class."""

    token = HiddenField(validators=[InputRequired(), Length(16, 48)])
    subject = text_field(_l("Subject"), 150, _l("Please type a subject."))
    text = prose_field(_l("Message"), 5000, rows=8)
    waiting = BooleanField(_l("Also to those who wait"))

    def validate_text(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please type a message."))


class ClassRulesForm(EditForm):
    """What holds for all classes and waiting lists."""

    cancel_hours = whole_number(_l("Free to cancel until so many hours before a class"), 0, 168)
    reminders = LeadsField(_l("Reminders so long before a class"))
    offer_minutes = whole_number(_l("A freed place is kept for so many minutes"), 5, 720)
    quiet_from = TimeField(_l("No mail at night from"), [DataRequired(_l("Please choose a time."))])
    quiet_until = TimeField(_l("until"), [InputRequired(_l("Please choose a time."))])
    weeks = whole_number(_l("Classes are planned so many weeks ahead"), 1, 57)


LEVELS = tuple(Level)

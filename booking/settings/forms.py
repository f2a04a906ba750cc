"""Forms of the settings; lengths are typed as a number and a unit."""

from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from booking.domain.colours import read_colour
from booking.practice.models import Practice
from booking.settings import zones
from booking.web.editing import EditForm
from booking.web.fields import (
    EmailField,
    PhoneField,
    check_email,
    check_phone,
)
from booking.web.forms import AtMost, CleanTextRule, Form, SelectChoice, prose_field, text_field
from booking.web.lead_fields import LONGEST, UNIT_WORDS, UNITS, split
from booking.web.number_fields import whole_number
from booking.web.wall import wall_minute, wall_time
from booking.web.wall_fields import time_field
from booking.web.words import lazy as _l

REMINDERS = range(1, 9)
GRIDS = (5, 10, 15, 20, 30, 60)


def _email(label: Any) -> EmailField:
    return EmailField(
        label,
        [Optional(), AtMost(254), CleanTextRule(254), check_email],
        filters=[lambda value: (value or "").strip()],
        render_kw={"maxlength": 254, "autocomplete": "off"},
    )


def _keep_as_typed(form: Any, field: Any) -> None:
    """Refuse what is no number, and keep the one there is as people here write it."""
    typed = field.data
    check_phone(form, field)
    field.data = typed


class PracticeForm(EditForm):
    """What the practice says of itself."""

    name = text_field(_l("Name"), 120, _l("Please type the name of the practice."))
    headline = text_field(_l("Headline of the first page (optional)"), 160)
    introduction = prose_field(_l("Introduction under it (optional)"), 600, rows=3)
    about = prose_field(_l("About us (optional)"), 10_000, rows=8)
    address = prose_field(_l("Address"), 400, rows=3)
    directions = prose_field(_l("How to find us (optional)"), 3000, rows=4)
    phone = PhoneField(
        _l("Telephone (optional)"),
        [Optional(), AtMost(40), CleanTextRule(40), _keep_as_typed],
        filters=[lambda value: " ".join((value or "").split())],
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )
    email = _email(_l("E-mail address (optional)"))
    licence = text_field(_l("Licence numbers (optional)"), 120)


class MoneyForm(EditForm):
    """Money, and the languages that people read."""

    currency = SelectField(_l("Currency"))
    locale = SelectField(_l("Language of the practice, and how dates and sums are written"))
    offers_en = BooleanField("English")
    offers_es = BooleanField("Español")


class ZoneForm(EditForm):
    """Another zone; `looked_at` says for which one the page has listed what it moves."""

    zone = RadioField(_l("Time zone"), validate_choice=False)
    q = HiddenField(validators=[Length(max=80)])
    looked_at = HiddenField(validators=[Length(max=64)])
    sure = BooleanField(_l("I have looked at it: what is agreed keeps its moment"))

    def validate_zone(self, field: Any) -> None:
        if not zones.is_zone(field.data or ""):
            raise ValidationError(_("Please choose a time zone."))

    @property
    def is_looked_at(self) -> bool:
        """Whether the page has listed what this very choice moves."""
        return self.looked_at.data == self.zone.data


def _unit() -> SelectField:
    choices = [SelectChoice(name, words) for name, words in UNIT_WORDS.items()]
    return SelectField(_l("Unit"), choices=choices, default="hours")


def _number(label: Any, required: bool = True) -> Any:
    return whole_number(label, 0 if required else 1, 999, required)


class PoliciesForm(EditForm):
    """The rules of time. Existing bookings keep the deadlines they were agreed with."""

    cancel, cancel_unit = _number(_l("Free to cancel until so long before")), _unit()
    move, move_unit = _number(_l("Can be moved until so long before")), _unit()
    notice, notice_unit = _number(_l("Book at least so long before")), _unit()
    furthest_days = whole_number(_l("Book at most so many days ahead"), 1, 730)
    grid_minutes = SelectField(_l("Sessions begin every"), coerce=int)
    hold_minutes = whole_number(_l("A chosen time is kept for so many minutes"), 1, 60)
    undo_minutes = whole_number(_l("Undo is possible for so many minutes"), 1, 60)
    open_bookings = whole_number(_l("Bookings ahead that a new client may have"), 1, 100)
    quiet_from = time_field(_l("No mail at night from"), _l("Please choose a time."))
    quiet_until = time_field(_l("until"), _l("Please choose a time."))

    LENGTHS: ClassVar = {
        "cancel": "cancel_minutes", "move": "move_minutes", "notice": "notice_minutes",
    }  # fmt: skip
    PLAIN: ClassVar = (
        "furthest_days", "grid_minutes", "hold_minutes", "undo_minutes", "open_bookings",
    )  # fmt: skip

    def reminders(self) -> Iterable[Any]:
        """Yield the pairs of fields of each reminder, as many as there are."""
        return ((self[f"remind_{one}"], self[f"remind_{one}_unit"]) for one in REMINDERS)

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        lengths = [(self[name], self[f"{name}_unit"]) for name in self.LENGTHS]
        for number, unit in (*lengths, *self.reminders()):
            if not (number.errors or unit.errors) and (_minutes(number, unit) or 0) > LONGEST:
                number.errors = [_("Please type at most 60 days.")]
                is_fine = False
        return is_fine

    def values(self) -> dict[str, Any]:
        """Return what was typed by the names of the columns, lengths in minutes."""
        leads = {_minutes(number, unit) for number, unit in self.reminders()}
        return {
            **{column: _minutes(self[name], self[f"{name}_unit"])
               for name, column in self.LENGTHS.items()},
            **{name: self[name].data for name in self.PLAIN},
            "reminder_leads": sorted((one for one in leads if one), reverse=True),
            "quiet_from": wall_minute(self.quiet_from.data or time()),
            "quiet_until": wall_minute(self.quiet_until.data or time()),
        }  # fmt: skip


for _one in REMINDERS:
    setattr(PoliciesForm, f"remind_{_one}", _number(_l("Reminder so long before"), required=False))
    setattr(PoliciesForm, f"remind_{_one}_unit", _unit())


def _minutes(number: Any, unit: Any) -> int | None:
    return None if number.data is None else number.data * UNITS[unit.data]


def policies_shown(studio: Practice) -> dict[str, Any]:
    """Return what the form of the rules shows of the practice."""
    shown: dict[str, Any] = {name: getattr(studio, name) for name in PoliciesForm.PLAIN}
    for name, column in PoliciesForm.LENGTHS.items():
        shown[name], shown[f"{name}_unit"] = split(getattr(studio, column))
    leads = sorted(studio.reminder_leads, reverse=True)
    for one, lead in zip(REMINDERS, leads, strict=False):
        shown[f"remind_{one}"], shown[f"remind_{one}_unit"] = split(lead)
    shown["quiet_from"] = wall_time(studio.quiet_from)
    shown["quiet_until"] = wall_time(studio.quiet_until)
    return shown


class AccentForm(EditForm):
    """A colour of the practice's own; empty for ours."""

    accent = StringField(
        _l("Accent colour"),
        [Optional(), Length(max=7, message=_l("Please use at most %(max)d characters."))],
        filters=[lambda value: (value or "").strip()],
        render_kw={"maxlength": 7, "autocomplete": "off", "spellcheck": "false", "size": 9},
    )

    def validate_accent(self, field: Any) -> None:
        try:
            field.data = str(read_colour(field.data))
        except ValueError as error:
            raise ValidationError(
                _("Please type a colour as # and six digits from 0 to f, for example #7a1fa2.")
            ) from error


class LogoForm(Form):
    """A picture for the top of each page."""

    logo = FileField(
        _l("Picture (PNG, JPEG or WebP, at most 1 MB)"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": "image/png,image/jpeg,image/webp"},
    )
    has_name = BooleanField(_l("The name of the practice stands in the picture"))


class MailForm(EditForm):
    """Who mails are from."""

    sender_name = text_field(_l("Name of the sender (optional)"), 120)
    reply_to = _email(_l("Answers go to (optional)"))
    discreet_mails = BooleanField(_l("Say “Appointment” instead of the service’s name"))


class SendTestForm(Form):
    """A press; the page's token makes one mail of two presses."""

    token = HiddenField(validators=[InputRequired(), Length(16, 48)])


class LegalForm(EditForm):
    """The words of a legal text."""

    body = prose_field(_l("Text"), 60_000, rows=18)

"""Fields with rules of their own: mail addresses, telephone numbers, instants, ids."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import Field, FieldList, IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import EmailInput, HiddenInput, TelInput

from booking.web.forms import AtMost
from booking.web.words import lazy as _l

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the brackets.


class EmailField(StringField):
    widget = EmailInput()


class PhoneField(StringField):
    widget = TelInput()


def check_email(form: Any, field: Field) -> None:
    """Hold an address to RFC 5321 and 5322 without asking the network; keep its plain form."""
    found = plain_email(field.data)
    if found is None:
        raise ValidationError(
            _("This does not look like an e-mail address. An example: ada@example.com")
        )
    field.data = found


def plain_email(text: str) -> str | None:
    """Return an address in its plain form, None when it is none."""
    if "=?" in text:  # In a mail's header an encoded word (RFC 2047) reads as another one.
        return None
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def country() -> str:
    """The country whose numbers are written without its code."""
    locale = get_locale()
    return (locale.territory if locale else None) or "US"


def check_phone(form: Any, field: Field) -> None:
    """Read a number as people write it in the practice's country and keep it as E.164."""
    found = plain_phone(field.data, country())
    if found is None:
        raise ValidationError(
            _("This does not look like a telephone number. You may leave it empty.")
        )
    field.data = found


def plain_phone(text: str, country: str) -> str | None:
    """Return a number as E.164, None when it is none; `country` is where it has no code of one."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_field(label: Any, **render: Any) -> EmailField:
    return EmailField(
        label,
        [
            InputRequired(_l("Please type your e-mail address.")),
            AtMost(LONGEST_ADDRESS),
            check_email,
        ],
        filters=[lambda value: (value or "").strip()],
        render_kw={"maxlength": LONGEST_ADDRESS, "inputmode": "email", **render},
    )


def phone_field(label: Any, **render: Any) -> PhoneField:
    return PhoneField(
        label,
        [Optional(), AtMost(40), check_phone],
        filters=[lambda value: (value or "").strip()],
        render_kw={"maxlength": 40, "autocomplete": "tel", **render},
    )


def optional_email_field(label: Any) -> EmailField:
    """An address that may be left empty, typed by staff; kept in small letters."""
    return EmailField(
        label,
        [Optional(), AtMost(LONGEST_ADDRESS), check_email],
        filters=[lambda value: (value or "").strip().lower()],
        render_kw={"maxlength": LONGEST_ADDRESS, "autocomplete": "off"},
    )


# The largest number an id has in either database.
LARGEST = 2**31 - 1


def small_int(rules: list[Any]) -> IntegerField:
    """A number that fits a column; PostgreSQL refuses others with an error, not an empty answer."""
    return IntegerField(validators=[*rules, NumberRange(0, LARGEST)])


class RowsField(FieldList):
    """A list of fields whose rows are numbered in their names.

    The library takes for a number what is no whole number to Python: ², or a thousand digits.
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        numbered = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,4}})(?:-|$)")
        for name in formdata:
            if found := numbered.match(name):
                yield int(found[1])


class InstantField(Field):
    """An instant that we offered and get back, as ``2026-11-24T15:00Z``; never a local time."""

    widget = HiddenInput()
    data: datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = parse_instant(valuelist[0])

    def _value(self) -> str:
        return instant_text(self.data) if self.data else ""


# Dates outside these are a slip or a trick, and the first and last year have no neighbours.
YEARS = range(2000, 2200)


def parse_day(text: str) -> date | None:
    """Read a date of an address, 2026-11-24; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_month(text: str) -> date | None:
    """Read a month of an address, 2026-11, as its first day; None when it is none."""
    return parse_day(f"{text}-01") if re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII) else None


def parse_instant(text: str) -> datetime:
    """Read what `instant_text` wrote. Raises ValueError for anything else."""
    value = datetime.strptime(text, "%Y-%m-%dT%H:%MZ")  # noqa: DTZ007 - Z is read as a letter
    if value.year not in YEARS:
        raise ValueError("no year anybody books in")
    return value.replace(tzinfo=UTC)


def instant_text(value: datetime) -> str:
    """Write an instant for a form: to the minute, in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")

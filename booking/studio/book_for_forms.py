"""Forms of booking for a caller: one short one, and the dates of a series to choose from."""

import secrets
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from booking.bookings.repeats import Chosen
from booking.clients.clients import Entry
from booking.domain.repeats import TIMES, WEEKS
from booking.web.fields import (
    InstantField,
    optional_email_field,
    parse_instant,
    phone_field,
)
from booking.web.forms import Form, no_address, prose_field, text_field
from booking.web.wall_fields import WhenForm, day_field, time_field
from booking.web.words import lazy as _l

# Instead of a client's number: somebody whom the studio does not know yet.
NEW = "new"
# Instead of an instant that was offered: the day and the time beside it.
TYPED = "typed"
NUMBER_WORDS = _l("Please type a whole number from %(min)s to %(max)s.")


def new_token() -> str:
    return secrets.token_urlsafe(24)


class OrderForm(Form):
    """Who, what, with whom: what the form for a caller and the list of dates have in common."""

    token = HiddenField(validators=[InputRequired(), Length(16, 48), Regexp(r"[A-Za-z0-9_-]+\Z")])
    client = text_field(
        _l("Client: name or number"),
        120,
        autocomplete="off",
        spellcheck="false",
        enterkeyhint="search",
    )
    person = RadioField(_l("Who is it?"), validate_choice=False, choices=[])
    name = text_field(_l("Name"), 120, rules=[no_address], autocomplete="off")
    phone = phone_field(_l("Telephone (optional)"))
    email = optional_email_field(_l("E-mail address (optional)"))
    option = SelectField(_l("Service"), coerce=int)
    practitioner = SelectField(_l("With"), coerce=int)
    note = prose_field(_l("Note (optional)"), 2000, rows=2)
    silent = BooleanField(_l("Send no mail about it"))
    weeks = SelectField(_l("Repeat"), coerce=int, default=0)
    times = IntegerField(
        _l("How many times"),
        [
            Optional(),
            NumberRange(TIMES.start, TIMES.stop - 1, NUMBER_WORDS),
        ],
        render_kw={"inputmode": "numeric"},
    )

    KEPT: ClassVar[tuple[str, ...]] = (
        "token", "client", "person", "name", "phone", "email", "option", "practitioner", "note",
        "weeks", "times",
    )  # fmt: skip

    @property
    def is_new(self) -> bool:
        """Whether somebody is to be written down."""
        return self.person.data == NEW

    @property
    def person_id(self) -> int | None:
        """The client who was chosen."""
        text = self.person.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def entry(self) -> Entry:
        """Return who is to be written down."""
        return Entry(self.name.data or "", self.phone.data or None, self.email.data or None)

    def kept(self) -> dict[str, str]:
        """Return what was typed, for a page that carries it along unseen."""
        values = {name: str(self[name].data or "") for name in self.KEPT}
        return values | ({"silent": "y"} if self.silent.data else {})


class BookForm(OrderForm, WhenForm):
    """A session for somebody who calls."""

    start = RadioField(_l("When"), validate_choice=False, choices=[])
    day = day_field(_l("Day"))
    time = time_field(_l("Time"))
    press = HiddenField()
    # What we had chosen before anybody did, so that it may become another client's usual.
    preset = HiddenField()
    anyway = BooleanField(_l("Book it all the same"))
    warned = HiddenField()

    def is_complete(self) -> bool:
        """Tell whether all is there to book with; else what is missing stands at its field."""
        is_fine = self.validate_on_submit()
        self._name_from_search()
        for field, problem in (
            (self.person, self._person_problem()),
            (self.name, _("Please type a name.") if self.is_new and not self.name.data else ""),
            (self.start, self._when_problem()),
            (self.times, self._times_problem()),
        ):
            if problem and not field.errors:
                field.errors = [problem]
                is_fine = False
        return is_fine

    def _name_from_search(self) -> None:
        """Whom nobody was found for is called as they were looked for."""
        words = self.client.data or ""
        if self.is_new and not self.name.data and any(char.isalpha() for char in words):
            self.name.data = words

    def _person_problem(self) -> str:
        if self.is_new or self.person_id is not None:
            return ""
        return _("Please choose who it is.") if self.client.data else _("Please say who it is for.")

    def _when_problem(self) -> str:
        if self.start.data == TYPED:
            both = self.day.data is not None and self.time.data is not None
            return "" if both else _("Please type a day and a time.")
        return "" if self.offered() else _("Please choose a time.")

    def _times_problem(self) -> str:
        return _("Please say how many times.") if self.weeks.data and not self.times.data else ""

    def offered(self) -> datetime | None:
        """Return the offered time that was chosen, None for none."""
        try:
            return parse_instant(self.start.data or "")
        except ValueError:
            return None

    def chosen(self, zone: ZoneInfo) -> datetime | None:
        """Return the instant that is meant; None, with the error at its field, for none."""
        return self.instant(zone) if self.start.data == TYPED else self.offered()


DATES = range(TIMES.stop - 1)


def _fields_of_dates() -> dict[str, Any]:
    """A tick for each date, the time that is taken, and what was said against it."""
    fields: dict[str, Any] = {}
    for number in DATES:
        fields[f"take_{number}"] = BooleanField()
        fields[f"at_{number}"] = SelectField(_l("Instead at"), validate_choice=False, choices=[])
        fields[f"seen_{number}"] = HiddenField(validators=[Length(max=200)])
    return fields


class DatesFields(OrderForm):
    """The dates of a series, some of them ticked."""

    first = InstantField(validators=[InputRequired()])

    def ticked(self) -> list[Chosen]:
        """Return the times that are to be booked."""
        found = []
        for number in DATES[: self.times.data or 0]:
            at = parse_offered(self[f"at_{number}"].data)
            if self[f"take_{number}"].data and at is not None:
                known = frozenset((self[f"seen_{number}"].data or "").split(","))
                found.append(Chosen(at, known))
        return found


DatesForm: Any = type("DatesForm", (DatesFields,), _fields_of_dates())


def parse_offered(text: str | None) -> datetime | None:
    try:
        return parse_instant(text or "")
    except ValueError:
        return None


def weeks_choices() -> list[tuple[int, str]]:
    every = [(number, _("every %(num)s weeks", num=number)) for number in WEEKS[1:]]
    return [(0, _("just once")), (1, _("every week")), *every]

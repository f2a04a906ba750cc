"""Forms of classes and waiting lists: text becomes values here."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from booking.accounts.models import Person
from booking.bookings.clients import Details, Party
from booking.bookings.waiting_models import PartOfDay
from booking.web.fields import email_field, phone_field, small_int
from booking.web.forms import (
    AtMost,
    Form,
    StrangersForm,
    name_field,
    no_address,
    prose_field,
    text_field,
)
from booking.web.words import lazy as _l

# How many a guest may bring along.
COMPANIONS = 3


def _attempt() -> HiddenField:
    """The page's own token: the same form sent twice is one booking."""
    return HiddenField(validators=[InputRequired(), Length(16, 48), Regexp(r"[A-Za-z0-9_-]+\Z")])


def _companion(label: Any) -> StringField:
    return text_field(label, 120, rules=[no_address], autocomplete="off")


class ComerForm(StrangersForm):
    """Somebody who comes. What is known of a signed-in client is not asked: it is taken out."""

    attempt = _attempt()
    name = name_field(_l("Your name"), _l("Please tell us your name."), autocomplete="name")
    email = email_field(_l("E-mail address"), autocomplete="email")
    phone = phone_field(_l("Telephone (optional)"))
    policy = BooleanField(
        _l("I agree to this"), [DataRequired(_l("Please agree to the cancellation policy."))]
    )

    def details(self) -> Details:
        """Return what was typed, as values."""
        typed = {name: self[name].data or "" for name in ("name", "email", "note") if name in self}
        return Details(typed.get("name", ""), typed.get("email", ""), self.phone.data or "",
                       typed.get("note", ""))  # fmt: skip


class PartyForm(ComerForm):
    """Everybody who comes to a class: a guest with companions, or people of an account."""

    companion_1 = _companion(_l("Somebody with you (optional)"))
    companion_2 = _companion(_l("One more (optional)"))
    companion_3 = _companion(_l("One more (optional)"))
    # Filled for an account: a tick for each of its people, by the name of the tick.
    persons: ClassVar[dict[str, Person]] = {}

    @property
    def ticks(self) -> list[Any]:
        """The ticks of an account's people, for the page."""
        return [self[name] for name in self.persons]

    @property
    def companions(self) -> list[Any]:
        return [self[f"companion_{number}"] for number in range(1, COMPANIONS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        if self.persons and not self._chosen():
            self.ticks[0].errors = [_("Please choose who comes.")]
            return False
        return is_fine

    def _chosen(self) -> tuple[int, ...]:
        return tuple(one.id for name, one in self.persons.items() if self[name].data)

    def party(self) -> Party:
        """Return who comes, as values."""
        companions = [field.data for field in self.companions] if "companion_1" in self else []
        return Party(self.details(), self._chosen(), tuple(filter(None, companions)))


class ClassForm(PartyForm):
    """Places in one class."""

    kind = RadioField(_l("What would you like?"))
    note = prose_field(_l("Anything we should know? (optional)"), 2000, rows=3)


class TermForm(PartyForm):
    """All that is left of a term."""

    note = prose_field(_l("Anything we should know? (optional)"), 2000, rows=3)


class WaitForm(PartyForm):
    """A place in the line of a full class."""


class WishForm(ComerForm):
    """When a private session would suit somebody."""

    person = RadioField(_l("For whom?"), coerce=int)
    option = SelectField(_l("Length"), coerce=int)
    practitioner = SelectField(_l("With"), coerce=int)
    until = DateField(
        _l("Until"),
        [InputRequired(_l("Please choose a date until which you wait."))],
        render_kw={"required": True},
    )
    monday = BooleanField()
    tuesday = BooleanField()
    wednesday = BooleanField()
    thursday = BooleanField()
    friday = BooleanField()
    saturday = BooleanField()
    sunday = BooleanField()
    morning = BooleanField(_l("Morning, until noon"))
    afternoon = BooleanField(_l("Afternoon, until 5"))
    evening = BooleanField(_l("Evening, from 5"))

    DAYS: ClassVar[tuple[str, ...]] = (
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    )  # fmt: skip

    def weekdays(self) -> int:
        """Return the days as bits, Monday first; none ticked is any."""
        bits = sum(1 << number for number, name in enumerate(self.DAYS) if self[name].data)
        return bits or 127

    def party(self) -> Party:
        """Return who waits, as values."""
        chosen = (self.person.data,) if self.person is not None else ()
        return Party(self.details(), chosen)

    def parts(self) -> tuple[str, ...]:
        """Return the parts of the day; none ticked is any."""
        return tuple(part.value for part in PartOfDay if self[part.value].data)


def for_people(form: type[Any], persons: Sequence[Person]) -> type[Any]:
    """Return the form with a tick for each of an account's people."""
    ticks = {f"who_{person.id}": person for person in persons}
    fields: dict[str, Any] = {name: BooleanField(one.name) for name, one in ticks.items()}
    return type(form.__name__, (form,), {**fields, "persons": ticks})


class OfferForm(Form):
    """A press on the page that showed this offer: another one is not meant."""

    offer = small_int([InputRequired()])
    # The length and the price that the page showed, as `operations.terms_shown` writes them.
    shown = HiddenField(validators=[AtMost(100)])

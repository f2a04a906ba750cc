"""Forms of booking: text becomes values here; what needs the database is checked later."""

from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import DataRequired, InputRequired, Optional

from booking.bookings.clients import Details
from booking.mail.unsubscribing import KINDS
from booking.web.fields import InstantField, email_field, phone_field, small_int
from booking.web.forms import AtMost, Form, StrangersForm, name_field, prose_field
from booking.web.words import lazy as _l


class HoldForm(Form):
    """A press on an opening. Nobody types this, so what does not fit is malformed."""

    option = small_int([InputRequired()])
    start = InstantField(validators=[InputRequired()])
    practitioner = small_int([Optional()])


class MoveForm(Form):
    """A press on an opening for a booking that exists."""

    start = InstantField(validators=[InputRequired()])
    practitioner = small_int([Optional()])


class DetailsForm(StrangersForm):
    """Who comes. What is known of a signed-in client is not asked: those fields are taken out."""

    option = RadioField(_l("Length"), coerce=int)
    # The lengths and prices that the page showed, as `operations.terms_shown` writes them.
    shown = HiddenField(validators=[AtMost(1000)])
    person = RadioField(_l("For whom?"), coerce=int)
    name = name_field(_l("Your name"), _l("Please tell us your name."), autocomplete="name")
    email = email_field(_l("E-mail address"), autocomplete="email")
    phone = phone_field(_l("Telephone (optional)"))
    note = prose_field(_l("Anything we should know? (optional)"), 2000, rows=3)
    policy = BooleanField(
        _l("I agree to this"), [DataRequired(_l("Please agree to the cancellation policy."))]
    )

    def details(self) -> Details:
        """What was typed, as values; the address is empty when the account's counts."""
        return Details(
            name=self.name.data or "" if self.name is not None else "",
            email=self.email.data or "" if self.email is not None else "",
            phone=self.phone.data or "",
            note=self.note.data or "",
            person_id=self.person.data if self.person is not None else None,
        )


class UndoForm(Form):
    """A press on Undo, on a page that showed the booking at `revision`."""

    revision = small_int([InputRequired()])


class RemindersForm(Form):
    """When before a session to be reminded."""

    way = RadioField(_l("Remind me"))
    week = BooleanField(_l("a week before"))
    two_days = BooleanField(_l("two days before"))
    day = BooleanField(_l("a day before"))
    three_hours = BooleanField(_l("three hours before"))
    hour = BooleanField(_l("an hour before"))
    # Mails that are about no booking, by their kinds; taken out when the practice sends none.
    aftercare = BooleanField(_l("Something to read, the day after a session"))
    come_back = BooleanField(_l("A word when I have not been here for longer than usual"))

    # Minutes before the session, by the name of the tick.
    LEADS: ClassVar[dict[str, int]] = {
        "week": 7 * 24 * 60, "two_days": 48 * 60, "day": 24 * 60, "three_hours": 180, "hour": 60,
    }  # fmt: skip

    @property
    def lists(self) -> list[Any]:
        """The ticks of mails that are about no booking."""
        return [self[kind] for kind in KINDS if kind in self]

    def wanted(self) -> set[str]:
        """Return the kinds that are ticked, with those that were not asked about."""
        return {kind for kind in KINDS if kind not in self or self[kind].data}

    def leads(self) -> list[int] | None:
        """Return the minutes chosen, longest first; None for the practice's own way."""
        if self.way.data != "own":
            return None
        return [minutes for name, minutes in self.LEADS.items() if self[name].data]


class GuestRemindersForm(Form):
    """When to remind somebody without an account, chosen on their booking's own page."""

    way = RadioField(_l("Reminders"))


class ConfirmForm(Form):
    """A button and nothing else: cancel, acknowledge, let go."""

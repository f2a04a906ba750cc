"""Forms of booking: text becomes values here; what needs the database is checked later."""

from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired, Optional

from booking.bookings.operations import Details
from booking.web.fields import InstantField, email_field, phone_field
from booking.web.forms import Form, prose_field, text_field
from booking.web.words import lazy as _l


class HoldForm(Form):
    """A press on an opening. Nobody types this, so what does not fit is malformed."""

    option = IntegerField(validators=[InputRequired()])
    start = InstantField(validators=[InputRequired()])
    practitioner = IntegerField(validators=[Optional()])


class MoveForm(Form):
    """A press on an opening for a booking that exists."""

    start = InstantField(validators=[InputRequired()])
    practitioner = IntegerField(validators=[Optional()])


class DetailsForm(Form):
    """Who comes. For a signed-in client the address is known and the field is taken out."""

    option = RadioField(_l("Length"), coerce=int)
    name = text_field(_l("Your name"), 120, _l("Please tell us your name."), autocomplete="name")
    email = email_field(_l("E-mail address"), autocomplete="email")
    phone = phone_field(_l("Telephone (optional)"))
    note = prose_field(_l("Anything we should know? (optional)"), 2000, rows=3)
    policy = BooleanField(
        _l("I agree to this"), [DataRequired(_l("Please agree to the cancellation policy."))]
    )

    def details(self) -> Details:
        """What was typed, as values; the address is empty when the account's counts."""
        return Details(
            name=self.name.data or "",
            email=self.email.data or "" if self.email is not None else "",
            phone=self.phone.data or "",
            note=self.note.data or "",
        )


class ConfirmForm(Form):
    """A button and nothing else: undo, cancel, acknowledge, let go."""

"""Forms of money at the desk."""

from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange

from booking.payments.models import Method
from booking.payments.operations import Taking
from booking.payments.words import method_words
from booking.web.fields import small_int
from booking.web.forms import Form, SelectChoice
from booking.web.number_fields import DEAREST, cents, price_field
from booking.web.wall_fields import day_field
from booking.web.words import lazy as _l

TYPED = (Method.CASH, Method.CARD, Method.TRANSFER, Method.OTHER)
# Where one goes back to after a press: the day, the class, or the session's own page of money.
BACK = ("day", "class", "money")


class _BackForm(Form):
    # Nobody types this, so what does not fit is malformed.
    back = RadioField(choices=[SelectChoice(one) for one in BACK], default="money")


class PaymentForm(_BackForm):
    """What was paid: a press fills it all in, or somebody types it."""

    amount = price_field(
        _l("Amount"),
        InputRequired(_l("Please type an amount.")),
        NumberRange(0.01, DEAREST, _l("Please type an amount above 0.")),
    )
    method = RadioField(
        _l("How"), [InputRequired(_l("Please say how it was paid."))], validate_choice=True
    )
    paid_on = day_field(_l("When"))
    # What had been paid or let go when the page was opened, in cents.
    seen = small_int([InputRequired()])

    def __init__(self, *args, **kwargs):  # noqa: ANN002, ANN003 - as the base has them
        super().__init__(*args, **kwargs)
        self.method.choices = [SelectChoice(one.value, method_words(one)) for one in TYPED]

    def taking(self) -> Taking:
        """Return what is meant; ask after the form has been found right."""
        return Taking(
            cents(self.amount) or 0,
            Method(self.method.data),
            self.seen.data or 0,
            self.paid_on.data,
        )


class LetGoForm(_BackForm):
    """A press that lets go of what is still open."""

    amount_cents = small_int([InputRequired()])
    seen = small_int([InputRequired()])


class TakeBackForm(Form):
    """A press beside a payment."""

    payment = small_int([InputRequired()])

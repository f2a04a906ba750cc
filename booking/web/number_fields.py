"""Prices and whole numbers as people type them."""

from typing import Any

from wtforms import DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from booking.web.words import lazy as _l

DEAREST = 100_000


def price_field(label: Any, *rules: Any) -> DecimalField:
    """A price as people type it; `cents` makes it a whole number of the smallest unit."""
    words = _l("Please type a price from 0 to 100,000.")
    return DecimalField(label, [*rules, NumberRange(0, DEAREST, words)])


def cents(field: Any) -> int | None:
    """Return a typed price in cents, None when nothing was typed."""
    return None if field.data is None else int((field.data * 100).to_integral_value())


def whole_number(label: Any, least: int, most: int, required: bool = True) -> IntegerField:
    """A whole number from `least` to `most`, both included."""
    words = _l("Please type a whole number from %(min)s to %(max)s.")
    first = InputRequired(_l("Please type a number.")) if required else Optional()
    return IntegerField(label, [first, NumberRange(least, most, words)])

"""Prices and whole numbers as people type them."""

import re
from decimal import Decimal
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale
from flask_babel import gettext as _
from wtforms import DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation
from wtforms.widgets import TextInput

from booking.practice import queries as practice
from booking.web.words import lazy as _l

DEAREST = 100_000

# What may stand around or within a price and says nothing: spaces, signs of money, apostrophes.
_AROUND = re.compile(r"[\s$€£¥₡₱₹'’]")


class PriceField(DecimalField):
    """Money as people type it: 95, 95.50, 95,50, $1,250. Its data has two decimals."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = read_price(valuelist[0], _decimal_mark())
            if self.data is None:
                raise ValueError(_("Please type a price like %(one)s.", one=price_text(9550)))

    def pre_validate(self, form: Any) -> None:
        _one_sentence_is_enough(self)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else price_text(round(self.data * 100))


class WholeNumberField(IntegerField):
    """A whole number; one sentence says what is wrong with it, not two."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            if not re.fullmatch(r"[+-]?[0-9]{1,30}", valuelist[0].strip()):
                raise ValueError(_("Please type a whole number."))
            self.data = int(valuelist[0])

    def pre_validate(self, form: Any) -> None:
        _one_sentence_is_enough(self)


def _one_sentence_is_enough(field: Any) -> None:
    """Ask nothing more of what could not be read at all."""
    if field.process_errors:
        raise StopValidation


def read_price(text: str, mark: str) -> Decimal | None:
    """Read a price whose locale writes decimals after `mark`; None when it is none.

    One or two digits at the end are decimals after a point and after a comma: people type both.
    Three are thousands, where the locale parts them so.
    """
    bare = _AROUND.sub("", text) if len(text) <= 30 else ""
    group = "," if mark == "." else "."
    if re.fullmatch(r"-?[0-9]+([.,][0-9]{1,2})?", bare):
        bare = bare.replace(",", ".")
    elif re.fullmatch(rf"-?[0-9]{{1,3}}(\{group}[0-9]{{3}})+(\{mark}[0-9]{{1,2}})?", bare):
        bare = bare.replace(group, "").replace(mark, ".")
    else:
        return None
    return Decimal(bare).quantize(Decimal("0.01"))


def price_text(cents: int) -> str:
    """Write cents as one would type them: 95 or 95.50, with the locale's own mark."""
    units, rest = divmod(cents, 100)
    return f"{units}{_decimal_mark()}{rest:02}" if rest else str(units)


def _decimal_mark() -> str:
    return get_decimal_symbol(get_locale() or practice.current().locale)


def price_field(label: Any, *rules: Any) -> DecimalField:
    """A price as people type it; `cents` makes it a whole number of the smallest unit."""
    words = _l("Please type a price from 0 to 100,000.")
    typed = {"inputmode": "decimal", "autocomplete": "off"}
    return PriceField(label, [*rules, NumberRange(0, DEAREST, words)], render_kw=typed)


def price_of(amount: int) -> Decimal:
    """Return cents as the data of a price field."""
    return Decimal(amount).scaleb(-2)


def cents(field: Any) -> int | None:
    """Return a typed price in cents, None when nothing was typed."""
    return None if field.data is None else int((field.data * 100).to_integral_value())


def whole_number(label: Any, least: int, most: int, required: bool = True) -> IntegerField:
    """A whole number from `least` to `most`, both included."""
    words = _l("Please type a whole number from %(min)s to %(max)s.")
    first = InputRequired(_l("Please type a number.")) if required else Optional()
    return WholeNumberField(label, [first, NumberRange(least, most, words)])

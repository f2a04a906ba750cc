"""What all forms share: text in a clean form, and errors in the person's words."""

from typing import Any

import wtforms
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from booking.database import clean_text
from booking.web.words import lazy as _l

# The hints that the type checker brings along are older than the library.
SelectChoice: Any = wtforms.SelectChoice  # pyright: ignore[reportAttributeAccessIssue]


class Form(FlaskForm):
    """Base of all forms: turns text into values, touches no database."""


class CleanTextRule:
    """Refuse, with a sentence, what the column would refuse with an exception."""

    def __init__(self, length: int | None = None):
        self.length = length

    def __call__(self, form: Any, field: Field) -> None:
        try:
            field.data = clean_text(field.data or "", self.length)
        except ValueError as error:
            if self.length is not None and len(field.data or "") > self.length:
                return  # Length says it better.
            raise ValidationError(
                str(_l("This contains a character we cannot store. Please type it again."))
            ) from error


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _one_line(value: str | None) -> str:
    return " ".join((value or "").split())


def text_field(label: Any, length: int, required: Any = None, **render: Any) -> StringField:
    """One line of at most `length` characters; `required` is the sentence when it is empty."""
    rules: list[Any] = [InputRequired(required)] if required else []
    too_long = _l("Please use at most %(max)d characters.")
    rules += [Length(max=length, message=too_long), CleanTextRule(length)]
    return StringField(label, rules, filters=[_one_line], render_kw={"maxlength": length, **render})


def prose_field(label: Any, length: int, **render: Any) -> TextAreaField:
    """Several lines of at most `length` characters."""
    too_long = _l("Please use at most %(max)d characters.")
    return TextAreaField(
        label,
        [Length(max=length, message=too_long), CleanTextRule()],
        filters=[_stripped],
        render_kw={"maxlength": length, **render},
    )

"""What all forms share: text in a clean form, and errors in the person's words."""

import re
from collections.abc import Mapping, Sequence
from gettext import GNUTranslations
from typing import Any

import wtforms
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, StopValidation

from booking.columns import clean_text
from booking.web.catalogs import of_forms
from booking.web.words import lazy as _l

# The hints that the type checker brings along are older than the library.
SelectChoice: Any = wtforms.SelectChoice  # pyright: ignore[reportAttributeAccessIssue]


class Form(FlaskForm):
    """Base of all forms: turns text into values, touches no database."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> GNUTranslations:
            return of_forms(str(get_locale() or "en"))


def _stamp() -> TimestampSigner:
    return TimestampSigner(current_app.secret_key or "", salt="form-opened")


class StrangersForm(Form):
    """A form that anybody may send: one field only programs fill in, and a moment people need.

    Whoever is caught is told so in a sentence and may press again: a person loses nothing.
    """

    website = StringField(render_kw={"autocomplete": "off", "tabindex": "-1"})
    opened = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self._is_ours():
            self.opened.data = _stamp().sign("form").decode()

    def trust(self) -> None:
        """Ask no such thing of somebody who is signed in."""
        del self.website, self.opened

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        if self.opened is None:
            return is_fine
        return self._is_human() and is_fine

    def _is_ours(self) -> bool:
        try:
            _stamp().unsign(self.opened.data or "")
        except BadSignature:
            return False
        return True

    def _is_human(self) -> bool:
        if self.website.data:
            self.website.errors = [_("Please leave this field empty.")]
            return False
        least = current_app.config["FORM_SECONDS"]
        if least and self._was_opened_within(least):
            self.form_errors.append(
                _("That was quicker than people read. Please look at it and press again.")
            )
            return False
        return True

    def _was_opened_within(self, seconds: int) -> bool:
        try:
            _stamp().unsign(self.opened.data or "", max_age=seconds - 1)
        except SignatureExpired:
            return False
        except BadSignature:
            return True
        return True


class AtMost(Length):
    """A length that is looked at first and ends the looking.

    What is far too long is never normalised: that takes quadratic time on a run of accents.
    """

    def __init__(self, length: int):
        super().__init__(max=length, message=_l("Please use at most %(max)d characters."))

    def __call__(self, form: Any, field: Any) -> None:
        try:
            super().__call__(form, field)
        except ValidationError as error:
            raise StopValidation(*error.args) from error


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


def no_address(form: Any, field: Field) -> None:
    """Keep web addresses out of names: a name stands in mails, and may be typed by anybody."""
    if re.search(r"://|www\.|\w\.\w{2,}/", field.data or "", re.IGNORECASE):
        raise ValidationError(_("Please type a name, without a web address."))


def name_field(label: Any, required: Any, **render: Any) -> StringField:
    """The name of a person; `required` is the sentence when it is empty."""
    return StringField(
        label,
        [DataRequired(required), AtMost(120), CleanTextRule(120), no_address],
        filters=[_one_line],
        render_kw={"maxlength": 120, **render},
    )


def text_field(
    label: Any, length: int, required: Any = None, rules: Sequence[Any] = (), **render: Any
) -> StringField:
    """One line of at most `length` characters; `required` is the sentence when it is empty."""
    # Of the data, not of the input: a name made of spaces is none.
    first: list[Any] = [DataRequired(required)] if required else []
    rules = [*first, AtMost(length), CleanTextRule(length), *rules]
    return StringField(label, rules, filters=[_one_line], render_kw={"maxlength": length, **render})


def prose_field(label: Any, length: int, **render: Any) -> TextAreaField:
    """Several lines of at most `length` characters."""
    return TextAreaField(
        label,
        [AtMost(length), CleanTextRule()],
        filters=[_stripped],
        render_kw={"maxlength": length, **render},
    )


def ticked(form: Any, rows: Mapping[str, Any]) -> frozenset[int]:
    """Return the ids of the rows whose ticks are set; `rows` are named as the form's ticks are."""
    return frozenset(one.id for name, one in rows.items() if form[name].data)

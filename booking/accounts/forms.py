"""Forms of accounts: text becomes values here; what needs the database is checked later."""

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from booking.accounts import passwords
from booking.web.fields import email_field, phone_field
from booking.web.forms import Form, StrangersForm, name_field
from booking.web.words import lazy as _l


def password_field(label: object, autocomplete: str, *, required: bool = True) -> PasswordField:
    """A password as it was typed: nothing is cut off, not even a space."""
    rules: list = [InputRequired(_l("Please type your password."))] if required else []
    too_long = _l("Please use at most %(max)d characters.")
    return PasswordField(
        label,  # type: ignore[arg-type]
        [*rules, Length(max=passwords.MOST, message=too_long)],
        render_kw={"autocomplete": autocomplete, "maxlength": passwords.MOST},
    )


class LinkForm(StrangersForm):
    """Ask for a link by mail: to sign in, to make an account, to choose a new password."""

    email = email_field(_l("E-mail address"), autocomplete="email")
    next = HiddenField()


class PasswordForm(Form):
    """Sign in with a password."""

    email = email_field(_l("E-mail address"), autocomplete="username")
    password = password_field(_l("Password"), "current-password")
    is_remembered = BooleanField(_l("Keep me signed in on this device"), default=True)
    next = HiddenField()


class NewcomerForm(Form):
    """Who has just proved their address for the first time; a password is a choice."""

    name = name_field(_l("Your name"), _l("Please tell us your name."), autocomplete="name")
    password = password_field(_l("Password (optional)"), "new-password", required=False)


class NewPasswordForm(Form):
    """A new password, typed once: it can be looked at before it is sent."""

    password = password_field(_l("New password"), "new-password")


class MemberForm(NewcomerForm):
    """A new member of staff, who needs a password."""

    password = password_field(_l("Password"), "new-password")


class ProveForm(Form):
    """The password again, before something that matters."""

    password = password_field(_l("Password"), "current-password")
    next = HiddenField()


class CodeForm(Form):
    """Six digits from the app, or a recovery code."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Please type the code.")), Length(max=40)],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "text",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "maxlength": 40,
        },
    )
    next = HiddenField()


class DetailsForm(Form):
    """What the account's holder is called, and how to speak to them."""

    name = name_field(_l("Your name"), _l("Please tell us your name."), autocomplete="name")
    phone = phone_field(_l("Telephone (optional)"))
    language = RadioField(_l("Language of pages and mails"))


class AddressForm(Form):
    """A new address for the account."""

    email = email_field(_l("New e-mail address"), autocomplete="email")


class PersonForm(Form):
    """Somebody the account books for."""

    name = name_field(_l("Name"), _l("Please type a name."), autocomplete="off")
    phone = phone_field(_l("Telephone (optional)"))
    is_minor = BooleanField(_l("Under 18"))
    consent = BooleanField(_l("I am a parent or guardian and consent to the sessions I book."))

    def validate(self, extra_validators: object = None) -> bool:
        """A minor needs the guardian's consent; for an adult it is not asked."""
        is_fine = super().validate(extra_validators)  # type: ignore[arg-type]
        if self.is_minor and self.is_minor.data and self.consent and not self.consent.data:
            self.consent.errors = [_l("Please consent as parent or guardian.")]
            return False
        return is_fine


class CloseForm(Form):
    """Closing is not undone, so it asks for a tick beside the button."""

    sure = BooleanField(
        _l("Yes, close my account"), [DataRequired(_l("Please tick this if you are sure."))]
    )


class PressForm(Form):
    """A button and nothing else."""

"""Sign-in forms."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from booking.web.fields import email_field
from booking.web.forms import Form
from booking.web.words import lazy as _l


class LinkForm(Form):
    """Ask for a sign-in link."""

    email = email_field(_l("E-mail address"), autocomplete="email")
    next = HiddenField()


class PasswordForm(Form):
    """Sign in with a password."""

    email = email_field(_l("E-mail address"), autocomplete="username")
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please type your password.")), Length(max=256)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()

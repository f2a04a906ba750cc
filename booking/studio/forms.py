"""Forms of the studio: requests, the team, and how safe signing in has to be."""

from wtforms import RadioField, SelectField

from booking.web.fields import email_field
from booking.web.forms import Form, prose_field
from booking.web.words import lazy as _l


class DeclineForm(Form):
    """A few words to somebody whose request is turned down."""

    words = prose_field(_l("A few words to them (optional)"), 1000, rows=3)


class InviteForm(Form):
    """Somebody who is to work here."""

    email = email_field(_l("E-mail address"), autocomplete="off")
    role = RadioField(_l("Role"))
    practitioner = SelectField(_l("Whose calendar"), coerce=int)


class RoleForm(Form):
    """What a member of the team may do."""

    role = RadioField(_l("Role"))


class SecurityForm(Form):
    """How long new staff may work before they have a second step."""

    days = RadioField(_l("Second step for staff"))

"""Forms of the studio: clients, the team, and how safe signing in has to be."""

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, Optional

from booking.web.fields import EmailField, check_email, email_field, phone_field
from booking.web.forms import AtMost, Form, name_field, prose_field
from booking.web.words import lazy as _l


class ClientForm(Form):
    """A client as the studio knows them."""

    name = name_field(_l("Name"), _l("Please type a name."), autocomplete="off")
    phone = phone_field(_l("Telephone (optional)"))
    email = EmailField(
        _l("E-mail address (optional)"),
        [Optional(), AtMost(254), check_email],
        filters=[lambda value: (value or "").strip().lower()],
        render_kw={"maxlength": 254, "autocomplete": "off"},
    )
    consent = BooleanField(
        _l("The guardian consents to the sessions that they book"),
        [DataRequired(_l("Without the guardian’s consent a minor is not treated."))],
    )


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

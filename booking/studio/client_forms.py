"""Forms of the clients' list: a record, its note and flags, flags themselves, lists to take in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, FileField, RadioField, SelectField, SubmitField
from wtforms.validators import DataRequired

from booking.catalog.models import Service
from booking.clients.columns import Field
from booking.clients.models import Colour, Flag
from booking.web.editing import EditForm
from booking.web.fields import optional_email_field, phone_field, small_int
from booking.web.forms import Form, SelectChoice, name_field, prose_field, text_field
from booking.web.lead_fields import LeadsField
from booking.web.words import lazy as _l

LONGEST_NOTE = 5000


class ClientForm(EditForm):
    """A client as the studio knows them."""

    name = name_field(_l("Name"), _l("Please type a name."), autocomplete="off")
    phone = phone_field(_l("Telephone (optional)"))
    email = optional_email_field(_l("E-mail address (optional)"))
    way = RadioField(_l("Remind them"))
    leads = LeadsField(_l("So long before"))
    consent = BooleanField(
        _l("The guardian consents to the sessions that they book"),
        [DataRequired(_l("Without the guardian’s consent a minor is not treated."))],
    )

    def own_leads(self) -> list[int] | None:
        """Return the minutes before a session; None is as their account or all are reminded."""
        return self.leads.data if self.way.data == "own" else None


class NoteForm(EditForm):
    """The private note of a record."""

    note = prose_field(_l("Private note"), LONGEST_NOTE)


class BlockForm(Form):
    """Whether somebody may book online: the button says which."""

    block = SubmitField()


def flags_form(flags: list[Flag], has: set[int]) -> Any:
    """A form with a tick for each flag: a form in which one field is said twice is refused."""
    ticks = {f"flag_{flag.id}": BooleanField(flag.name) for flag in flags}
    return type("FlagsForm", (Form,), ticks)(data={f"flag_{one}": True for one in has})


def invitations_form(services: Sequence[Service], has: set[int]) -> Any:
    """A form with a tick for each service that is by invitation."""
    ticks = {f"service_{one.id}": BooleanField(one.name) for one in services}
    return type("InvitationsForm", (Form,), ticks)(data={f"service_{one}": True for one in has})


def ticked(form: Any, prefix: str = "flag_") -> set[int]:
    """Return the ids of what was ticked: of flags, or of what the prefix names."""
    return {
        int(one.name.removeprefix(prefix))
        for one in form
        if one.name.startswith(prefix) and one.data
    }


def colour_words(colour: Colour) -> str:
    return {
        Colour.GREEN: _("Green"),
        Colour.CLAY: _("Clay"),
        Colour.GOLD: _("Gold"),
        Colour.BLUE: _("Blue"),
        Colour.PLUM: _("Plum"),
        Colour.GREY: _("Grey"),
    }[colour]


class FlagForm(Form):
    """A flag: its name is always shown, so that nobody has to tell colours apart."""

    name = text_field(_l("Name"), 40, _l("Please type a name."), autocomplete="off")
    colour = SelectField(_l("Colour"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.colour.choices = [SelectChoice(one.value, colour_words(one)) for one in Colour]


class TwoForm(Form):
    """Two records that are two people's."""

    one = small_int([])
    other = small_int([])


class UploadForm(Form):
    """A list of clients."""

    file = FileField(
        _l("The file"),
        [DataRequired(_l("Please choose a file."))],
        render_kw={"accept": ".csv,.txt,.tsv,text/csv"},
    )


def field_words(field: Field) -> str:
    return {
        Field.NOTHING: _("Leave it out"),
        Field.NAME: _("Name"),
        Field.FIRST: _("First name"),
        Field.LAST: _("Last name"),
        Field.EMAIL: _("E-mail address"),
        Field.PHONE: _("Telephone"),
        Field.NOTE: _("Private note"),
    }[field]


def columns_form(headings: list[str], data: dict[str, Any]) -> Any:
    """A form that asks of each column what it holds."""
    choices = [
        SelectChoice(one.value, field_words(one)) for one in [Field.NOTHING, *list(Field)[:-1]]
    ]
    fields: dict[str, Any] = {
        f"column_{number}": SelectField(heading or _("Column %(number)s", number=number + 1),
                                        choices=choices)
        for number, heading in enumerate(headings)
    }  # fmt: skip
    fields["headings"] = BooleanField(_l("The first line holds headings, not a client"))
    return type("ColumnsForm", (Form,), fields)(data=data)

"""Forms of what is offered: kinds of work, practitioners, rooms."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from booking.catalog.models import Category, Practitioner, Room, Service
from booking.web.editing import EditForm
from booking.web.fields import optional_email_field, small_int
from booking.web.forms import (
    Form,
    SelectChoice,
    name_field,
    prose_field,
    text_field,
    ticked,
)
from booking.web.words import lazy as _l

LONGEST = 10_000

# The drawings of templates/_macros/drawings.html that a service may have, in words.
DRAWINGS: dict[str, Any] = {
    "leaf": _l("Leaf"),
    "massage": _l("Hands and waves"),
    "personal-training": _l("Dumbbell"),
    "yoga": _l("Sitting"),
    "pilates": _l("On the mat"),
    "tai-chi": _l("Yin and yang"),
    "qi-gong": _l("Standing"),
}


class PlaceForm(Form):
    """A press on a list: before which other row this one is to stand, 0 for the end."""

    before = small_int([InputRequired()])


class CatalogForm(EditForm):
    """What the forms of the catalog share: which of their fields are columns."""

    COLUMNS: ClassVar[tuple[str, ...]] = ()

    @property
    def services_given(self) -> frozenset[int] | None:
        """Return the services that are ticked; None for a form without such ticks."""
        return None

    def texts(self) -> dict[str, Any]:
        """Return what was typed, by column."""
        return {name: self[name].data or "" for name in self.COLUMNS}


def drawing_field() -> RadioField:
    choices = [SelectChoice(name, words) for name, words in DRAWINGS.items()]
    return RadioField(_l("Drawing"), choices=choices, default="leaf")


def drawing_of(row: Category | Service) -> str:
    """Return which of the drawings a row has; an unknown one is shown as a leaf."""
    return row.drawing if row.drawing in DRAWINGS else "leaf"


class KindForm(CatalogForm):
    """A kind of work."""

    COLUMNS = ("name", "summary", "about", "drawing")

    name = text_field(_l("Name"), 80, _l("Please type a name."), autocomplete="off")
    summary = text_field(_l("In one sentence (optional)"), 200)
    about = prose_field(_l("About (optional)"), LONGEST, rows=5)
    drawing = drawing_field()

    @staticmethod
    def values(row: Category) -> dict[str, Any]:
        """Return what the form shows of a row."""
        texts = {"name": row.name, "summary": row.summary, "about": row.about}
        return {**texts, "drawing": drawing_of(row)}


class ProfileForm(CatalogForm):
    """What somebody says of themselves."""

    COLUMNS = ("title", "about", "licence")

    title = text_field(_l("Title, such as “massage therapist” (optional)"), 120)
    about = prose_field(_l("About (optional)"), LONGEST, rows=7)
    licence = text_field(_l("Licence (optional)"), 120)

    @classmethod
    def values(cls, row: Practitioner) -> dict[str, Any]:
        """Return what the form shows of a row."""
        return {"title": row.title, "about": row.about, "licence": row.licence}


class TickedForm(CatalogForm):
    """A form with a tick for each service, which `with_ticks` adds."""

    services: ClassVar[dict[str, Service]] = {}

    @property
    def ticks(self) -> list[Any]:
        return [self[name] for name in self.services]

    @property
    def services_given(self) -> frozenset[int]:
        return ticked(self, self.services)

    @classmethod
    def ticked(cls, row: Practitioner | Room) -> dict[str, bool]:
        given = {one.id for one in row.services}
        return {name: one.id in given for name, one in cls.services.items()}


class PractitionerForm(TickedForm, ProfileForm):
    """Somebody who gives sessions, as the manager sees them."""

    COLUMNS = ("name", *ProfileForm.COLUMNS)

    name = name_field(_l("Name"), _l("Please type a name."), autocomplete="off")
    email = optional_email_field(_l("E-mail address for notes about their bookings (optional)"))

    def texts(self) -> dict[str, Any]:
        return {**super().texts(), "email": self.email.data or None}

    @classmethod
    def values(cls, row: Practitioner) -> dict[str, Any]:
        texts = {"name": row.name, "email": row.email, **super().values(row)}
        return {**texts, **cls.ticked(row)}


class RoomForm(TickedForm):
    """Where sessions are given."""

    COLUMNS = ("name", "about")

    name = text_field(_l("Name"), 120, _l("Please type a name."), autocomplete="off")
    about = prose_field(_l("About (optional)"), 1000, rows=3)

    @classmethod
    def values(cls, row: Room) -> dict[str, Any]:
        """Return what the form shows of a row."""
        return {"name": row.name, "about": row.about, **cls.ticked(row)}


def with_ticks(form: type[Any], services: Iterable[Service]) -> type[Any]:
    """Return the form with a tick for each of these services."""
    ticks = {f"gives_{one.id}": one for one in services}
    fields: dict[str, Any] = {name: BooleanField(one.name) for name, one in ticks.items()}
    return type(form.__name__, (form,), {**fields, "services": ticks})

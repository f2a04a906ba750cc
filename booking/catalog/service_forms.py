"""The form of a service, with its lengths inside: one page, one save, one preview.

Ticks and lengths are fields of their own (`who_7`, `minutes_12`), because a field that is said
twice is refused. New lengths are called n1, n2; `order` names all of them in their order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from booking.catalog.changes import Length, Plan
from booking.catalog.edit_forms import LONGEST, CatalogForm, drawing_field, drawing_of
from booking.catalog.models import Audience, Practitioner, Room, Service, ServiceOption
from booking.web.forms import prose_field, text_field, ticked
from booking.web.number_fields import cents, price_field, price_of, whole_number
from booking.web.words import lazy as _l

# How many new lengths may be typed at once.
MOST_NEW = 9


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one length."""

    key: str
    minutes: Any
    price: Any
    is_over: Any  # None for a new one.

    @property
    def is_empty(self) -> bool:
        """Whether nobody has typed anything into a new one."""
        typed = [*(self.minutes.raw_data or ()), *(self.price.raw_data or ())]
        return self.is_over is None and not any(str(one).strip() for one in typed)


class ServiceForm(CatalogForm):
    """A service. `fitted` adds the ticks and the lengths."""

    COLUMNS = ("name", "summary", "about", "preparation", "drawing")
    keys: ClassVar[Sequence[str]] = ()
    givers: ClassVar[dict[str, Practitioner]] = {}
    places: ClassVar[dict[str, Room]] = {}

    category = SelectField(_l("Kind of work"), coerce=int)
    name = text_field(_l("Name"), 120, _l("Please type a name."), autocomplete="off")
    summary = text_field(_l("In one sentence (optional)"), 200)
    about = prose_field(_l("About this session (optional)"), LONGEST, rows=7)
    preparation = prose_field(_l("How to prepare (optional)"), LONGEST, rows=4)
    drawing: RadioField = drawing_field()
    before = whole_number(_l("Minutes to get ready before"), 0, 240)
    after = whole_number(_l("Minutes to tidy up after"), 0, 240)
    is_hands_on = BooleanField(_l("Hands-on: counts in the minutes that somebody gives a day"))
    audience = RadioField(_l("Who may book it"))
    is_private = BooleanField(_l("Hidden: only who has the address finds it"))
    order = HiddenField()
    press = HiddenField()
    # The lengths that exist in their order, for comparing two versions; never shown as a field.
    sequence = HiddenField()

    @property
    def rows(self) -> list[Row]:
        """The lengths in their order."""
        return [
            Row(key, self[f"minutes_{key}"], self[f"price_{key}"], self._fields.get(f"over_{key}"))
            for key in self.keys
        ]

    def who(self) -> list[Any]:
        return [self[name] for name in self.givers]

    def where(self) -> list[Any]:
        return [self[name] for name in self.places]

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        for row in self.rows:
            is_fine = self._is_whole(row) and is_fine
        return is_fine and self._differ()

    def _is_whole(self, row: Row) -> bool:
        """A length has minutes and a price; a new one may be left empty."""
        if not row.is_empty:
            for field, words in (
                (row.minutes, _("Please type how many minutes.")),
                (row.price, _("Please type a price.")),
            ):
                if field.data is None and not field.errors:
                    field.errors = [words]
        return not (row.minutes.errors or row.price.errors)

    def _differ(self) -> bool:
        known: set[int] = set()
        for length, row in zip(self.lengths(), self._typed(), strict=True):
            if length.minutes in known and not length.is_archived:
                row.minutes.errors = [_("There is another length of as many minutes.")]
                return False
            known |= set() if length.is_archived else {length.minutes}
        return True

    def _typed(self) -> list[Row]:
        return [row for row in self.rows if not row.is_empty]

    def lengths(self) -> tuple[Length, ...]:
        """Return the lengths that were typed, in order; ask of a valid form."""
        return tuple(
            Length(
                id=int(row.key) if row.key.isdigit() else None,
                minutes=row.minutes.data,
                price_cents=cents(row.price) or 0,
                is_archived=bool(row.is_over is not None and row.is_over.data),
            )
            for row in self._typed()
        )

    def plan(self) -> Plan:
        """Return what was typed, as values; ask of a valid form."""
        return Plan(
            category_id=self.category.data,
            texts=self.texts(),
            before_minutes=self.before.data or 0,
            after_minutes=self.after.data or 0,
            is_hidden=self.is_private.data,
            is_hands_on=self.is_hands_on.data,
            audience=Audience(self.audience.data),
            practitioner_ids=ticked(self, self.givers),
            room_ids=ticked(self, self.places),
            lengths=self.lengths(),
        )

    @classmethod
    def values(cls, row: Service) -> dict[str, Any]:
        """Return what the form shows of a service."""
        shown: dict[str, Any] = {
            "category": row.category_id, "name": row.name, "summary": row.summary,
            "about": row.about, "preparation": row.preparation, "drawing": drawing_of(row),
            "before": row.before_minutes, "after": row.after_minutes, "is_private": row.is_hidden,
            "is_hands_on": row.is_hands_on, "audience": row.audience.value,
            "sequence": ",".join(str(one.id) for one in in_order(row)),
        }  # fmt: skip
        given, placed = {one.id for one in row.practitioners}, {one.id for one in row.rooms}
        shown |= {name: one.id in given for name, one in cls.givers.items()}
        shown |= {name: one.id in placed for name, one in cls.places.items()}
        for option in row.options:
            shown[f"minutes_{option.id}"] = option.minutes
            shown[f"price_{option.id}"] = price_of(option.price_cents)
            shown[f"over_{option.id}"] = option.is_archived
        return shown


def fitted(
    practitioners: Sequence[Practitioner], rooms: Sequence[Room], keys: Sequence[str]
) -> type[Any]:
    """Return the form with a tick for each of these, and with fields for each of the lengths."""
    givers = {f"who_{one.id}": one for one in practitioners}
    places = {f"where_{one.id}": one for one in rooms}
    fields: dict[str, Any] = {
        name: BooleanField(one.name) for name, one in {**givers, **places}.items()
    }
    for key in keys:
        fields[f"minutes_{key}"] = whole_number(_l("Minutes"), 5, 720, required=False)
        fields[f"price_{key}"] = price_field(_l("Price"), Optional())
        if key.isdigit():
            fields[f"over_{key}"] = BooleanField(_l("No longer offered"))
    own = {**fields, "keys": tuple(keys), "givers": givers, "places": places}
    return type(ServiceForm.__name__, (ServiceForm,), own)


def in_order(service: Service) -> list[ServiceOption]:
    """Return the lengths as the form has them: those that are offered, then the others."""
    return sorted(service.options, key=lambda one: one.is_archived)


def first_keys(service: Service | None) -> list[str]:
    """Return the lengths that a form is opened with: the service's, and a new one to type."""
    if service is None:
        return ["n1", "n2"]
    shown = [str(one.id) for one in in_order(service)]
    live = sum(1 for one in service.options if not one.is_archived)
    return [*shown[:live], "n1", *shown[live:]]


def read_keys(order: str, service: Service | None) -> list[str]:
    """Return the lengths of a form that was sent, in its order.

    What others have added since follows; what is no longer offered stands last.
    """
    options = in_order(service) if service else []
    known = {str(one.id): one.is_archived for one in options}
    named = [one for one in order[:500].split(",") if one in known or _is_new(one)]
    found = list(dict.fromkeys([*named, *known]))
    return sorted(found, key=lambda one: known.get(one, False))


def _is_new(key: str) -> bool:
    return re.fullmatch(rf"n[1-{MOST_NEW}]", key) is not None


def pressed(keys: list[str], press: str) -> list[str]:
    """Return the lengths after a press on "up_7", "down_7" or "more"."""
    way, _part, key = press.partition("_")
    if way == "more":
        free = [f"n{number}" for number in range(1, MOST_NEW + 1) if f"n{number}" not in keys]
        return [*keys, *free[:1]]
    if way in {"up", "down"} and key in keys:
        place = keys.index(key)
        other = place - 1 if way == "up" else place + 1
        if 0 <= other < len(keys):
            keys = [*keys]
            keys[place], keys[other] = keys[other], keys[place]
    return keys

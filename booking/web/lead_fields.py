"""How long before a session, several times over: a number and a unit in each row, no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from booking.domain.policies import DAY_MINUTES
from booking.web.words import lazy as _l

UNITS = {"minutes": 1, "hours": 60, "days": DAY_MINUTES}
UNIT_WORDS = {"minutes": _l("minutes"), "hours": _l("hours"), "days": _l("days")}
# In minutes.
LONGEST = 60 * DAY_MINUTES
MOST_ROWS = 8
FEWEST_ROWS = 3


@dataclass(slots=True)
class Row:
    """One row as it is shown: what was typed, in which unit, and what is wrong with it."""

    name: str
    number: str = ""
    unit: str = "hours"
    error: str = ""

    @property
    def minutes(self) -> int | None:
        """What the row says, None when it says nothing or nothing that counts."""
        if not self.number.isascii() or not self.number.isdigit() or len(self.number) > 6:
            return None
        found = int(self.number) * UNITS.get(self.unit, 0)
        return found if 0 < found <= LONGEST else None


def split(minutes: int) -> tuple[int, str]:
    """Return a length as a number of the largest unit that it is a whole number of."""
    for unit in ("days", "hours"):
        if minutes and minutes % UNITS[unit] == 0:
            return minutes // UNITS[unit], unit
    return minutes, "minutes"


class LeadsField(Field):
    """Minutes before a session, longest first, each once; an empty row is taken away.

    Its rows are fields of their own (`leads-0-number`, `leads-0-unit`), because a field that is
    said twice is refused.
    """

    data: list[int]

    def __init__(self, label: Any, **kwargs: Any):
        super().__init__(label, **kwargs)
        self.typed: list[Row] = []

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors = []
        self.object_data = [] if data is unset_value or data is None else list(data)
        self.data = sorted(self.object_data, reverse=True)
        self.typed = [self._row(place, *split(one)) for place, one in enumerate(self.data)]
        if formdata:
            self._read(formdata)

    def _read(self, formdata: Mapping[str, str]) -> None:
        rows = [
            self._row(
                place,
                formdata.get(f"{self.name}-{place}-number", "").strip()[:20],
                formdata.get(f"{self.name}-{place}-unit", "hours"),
            )
            for place in range(MOST_ROWS)
        ]
        self.typed = [row for row in rows if row.number]
        for row in self.typed:
            if row.minutes is None:
                row.error = _("Please type a whole number, at most 60 days.")
        found = {row.minutes for row in self.typed if row.minutes is not None}
        self.data = sorted(found, reverse=True)

    def pre_validate(self, form: Any) -> None:
        if wrong := next((row.error for row in self.typed if row.error), ""):
            raise ValidationError(wrong)

    def _row(self, place: int, number: int | str = "", unit: str = "hours") -> Row:
        known = unit if unit in UNITS else "hours"
        return Row(f"{self.name}-{place}", str(number), known)

    @property
    def rows(self) -> list[Row]:
        """What is shown: what there is, and an empty row more, three in all at the least."""
        count = min(max(len(self.typed) + 1, FEWEST_ROWS), MOST_ROWS)
        shown = self.typed[:count]
        taken = {row.name for row in shown}
        names = (f"{self.name}-{place}" for place in range(MOST_ROWS))
        free = [Row(name) for name in names if name not in taken]
        return [*shown, *free[: count - len(shown)]]

    @property
    def most(self) -> int:
        """How many there may be."""
        return MOST_ROWS

    @property
    def units(self) -> dict[str, Any]:
        """The units to choose from, by their values."""
        return UNIT_WORDS

"""Forms of hours: the week, one date, a break."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

import wtforms
from flask_babel import gettext as _
from wtforms import BooleanField, FormField, HiddenField, SelectField, ValidationError
from wtforms.validators import Length, Optional

from booking.domain.availability import Spell, WeeklyHours
from booking.scheduling.breaks import Pause
from booking.web.editing import EditForm, digest
from booking.web.fields import RowsField
from booking.web.filters import weekday_words
from booking.web.forms import Form, text_field
from booking.web.wall import wall_minute, wall_time
from booking.web.wall_fields import day_field, time_field
from booking.web.words import lazy as _l

MOST_SPELLS = 12
DAY_MINUTES = 24 * 60


class TimesForm(wtforms.Form):
    """From and to on the wall; both empty is no spell at all."""

    opens = time_field(_l("From"))
    closes = time_field(_l("To"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Hold the two fields to their own rules, and to each other."""
        is_fine = super().validate(extra_validators)
        if is_fine and (self.opens.data is None) != (self.closes.data is None):
            missing = self.opens if self.opens.data is None else self.closes
            missing.errors = [_("Please type both times, or neither.")]
            return False
        return is_fine

    @property
    def spell(self) -> Spell | None:
        """Minutes since local midnight; a spell that ends at midnight ends with the day."""
        if self.opens.data is None or self.closes.data is None:
            return None
        return Spell(wall_minute(self.opens.data), wall_minute(self.closes.data) or DAY_MINUTES)


class SpellForm(TimesForm):
    """A spell of a weekday, perhaps for a season only."""

    since = day_field(_l("Only from (optional)"))
    until = day_field(_l("Only until (optional)"))


def _day() -> RowsField:
    return RowsField(FormField(SpellForm), max_entries=MOST_SPELLS)


class WeekForm(EditForm):
    """All seven days of a practitioner's hours."""

    day_0, day_1, day_2, day_3, day_4, day_5, day_6 = (_day() for _number in range(7))
    option = SelectField(_l("Show for"), [Optional()], coerce=int)
    do = HiddenField(validators=[Length(max=20)])

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{weekday}"] for weekday in range(7)]

    def rows(self) -> Iterator[tuple[Any, WeeklyHours]]:
        """Yield each spell that is typed, with the form of its row."""
        for weekday, day in enumerate(self.days):
            for entry in day:
                spell = entry.form.spell
                if spell is not None:
                    since, until = entry.form.since.data, entry.form.until.data
                    yield entry.form, WeeklyHours(weekday, spell, since, until)

    def weekly(self) -> list[WeeklyHours]:
        return [hours for _row, hours in self.rows()]

    def add_rows(self) -> None:
        """Give a day without any times an empty row to type into; `do` may ask for one more."""
        for weekday, day in enumerate(self.days):
            is_wanted = len(day) == 0 or self.do.data == f"more_{weekday}"
            if is_wanted and len(day) < MOST_SPELLS:
                day.append_entry()

    def is_current(self, now: Mapping[str, Any]) -> bool:
        """As every form's, day by day."""
        if self.seen.data == digest(now):
            return True
        mine = week_values(self.weekly())
        self.theirs = {name: value for name, value in now.items() if mine[name] != value}
        self.opened_on(now)
        return not self.theirs

    def problems(self) -> list[tuple[str, str]]:
        """Return the fields that are wrong, by their ids, with what is wrong."""
        return [
            (field.id, str(field.errors[0]))
            for day in self.days
            for entry in day
            for field in entry.form
            if field.errors
        ]


def week_data(weekly: Iterable[WeeklyHours]) -> dict[str, list[dict[str, Any]]]:
    """Return hours as the data of a WeekForm."""
    data: dict[str, list[dict[str, Any]]] = {f"day_{weekday}": [] for weekday in range(7)}
    for one in weekly:
        data[f"day_{one.weekday}"].append(
            {**times_data(one.spell), "since": one.valid_from, "until": one.valid_until}
        )
    return data


def times_data(spell: Spell) -> dict[str, time]:
    return {"opens": wall_time(spell.opens), "closes": wall_time(spell.closes)}


def week_values(weekly: Iterable[WeeklyHours]) -> dict[str, str]:
    """Return each day's hours in one way of writing, to be compared."""
    values: dict[str, list[str]] = {f"day_{weekday}": [] for weekday in range(7)}
    for one in weekly:
        words = f"{one.spell.opens}-{one.spell.closes} {one.valid_from}-{one.valid_until}"
        values[f"day_{one.weekday}"].append(words)
    return {name: ", ".join(sorted(told)) for name, told in values.items()}


class DateForm(EditForm):
    """Other hours on one date, or none."""

    day = day_field(_l("Date"), _l("Please choose a date."))
    is_closed = BooleanField(_l("No sessions on this date"))
    spells = RowsField(FormField(TimesForm), min_entries=3, max_entries=MOST_SPELLS)

    def typed(self) -> list[tuple[Any, Spell]]:
        """Return each spell that is typed, with the form of its row."""
        if self.is_closed.data:
            return []
        rows = [entry.form for entry in self.spells]
        return [(row, row.spell) for row in rows if row.spell is not None]

    def validate_spells(self, field: Any) -> None:
        if not self.is_closed.data and not self.typed():
            self.is_closed.errors = [_("Please type times, or say that there are no sessions.")]
            raise ValidationError

    def is_current(self, now: Mapping[str, Any]) -> bool:
        if self.seen.data == digest(now):
            return True
        mine = date_values([spell for _row, spell in self.typed()])
        self.theirs = {"spells": now["spells"]} if mine != now else {}
        self.opened_on(now)
        return not self.theirs

    def problems(self) -> list[tuple[str, str]]:
        """Return the fields that are wrong, by their ids, with what is wrong."""
        fields = [self.day, self.is_closed, *(one for row in self.spells for one in row.form)]
        return [(field.id, str(field.errors[0])) for field in fields if field.errors]


def date_values(spells: Iterable[Spell] | None) -> dict[str, str]:
    """Return the hours of a date in one way of writing; None says that it has none of its own."""
    if spells is None:
        return {"spells": "none of its own"}
    return {"spells": ", ".join(f"{one.opens}-{one.closes}" for one in sorted(spells))}


class RemoveDateForm(Form):
    """Which date has no hours of its own any more."""

    day = day_field(_l("Date"), _l("Please choose a date."))


class BreakForm(EditForm):
    """A break that comes every week."""

    on_0, on_1, on_2, on_3, on_4, on_5, on_6 = (BooleanField() for _number in range(7))
    starts = time_field(_l("From"), _l("Please type a time."))
    ends = time_field(_l("To"), _l("Please type a time."))
    note = text_field(_l("What for (optional)"), 80)
    since = day_field(_l("Only from (optional)"))
    until = day_field(_l("Only until (optional)"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for weekday, field in enumerate(self.days):
            field.label.text = weekday_words(weekday)

    @property
    def days(self) -> list[Any]:
        return [self[f"on_{weekday}"] for weekday in range(7)]

    def validate_on_0(self, field: Any) -> None:
        if not any(one.data for one in self.days):
            raise ValidationError(_("Please choose at least one day."))

    @property
    def pause(self) -> Pause:
        """Return what is typed; ask after it has been found right."""
        starts: time = self.starts.data or time()
        ends: time = self.ends.data or time()
        return Pause(
            [weekday for weekday, field in enumerate(self.days) if field.data],
            Spell(wall_minute(starts), wall_minute(ends) or DAY_MINUTES),
            self.since.data, self.until.data, self.note.data or "",
        )  # fmt: skip


def break_values(
    weekday: int, spell: Spell, since: date | None, until: date | None, note: str
) -> dict[str, Any]:
    """Return a break as the data of a BreakForm."""
    times = times_data(spell)
    return {
        **{f"on_{number}": number == weekday for number in range(7)},
        "starts": times["opens"], "ends": times["closes"],
        "since": since, "until": until, "note": note,
    }  # fmt: skip

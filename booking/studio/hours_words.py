"""Hours, breaks and time off as a person would say them."""

from collections.abc import Iterable
from datetime import date, datetime, time

from babel import Locale
from babel.dates import format_interval
from flask_babel import get_locale
from flask_babel import gettext as _

from booking.domain.availability import DAY, Spell, WeeklyHours
from booking.practice import queries as practice
from booking.web.filters import clock_words, date_words, day_words, minute_of_day, to_local
from booking.web.wall import wall_minute, wall_time


def spell_words(spell: Spell) -> str:
    """9:00 AM–1:00 PM; 2:00–6:00 PM: half of the day is said once when it is the same."""
    locale = str(get_locale() or practice.current().locale)
    has_halves = "a" in Locale.parse(locale).time_formats["short"].pattern
    words = format_interval(
        wall_time(spell.opens), wall_time(spell.closes), "hm" if has_halves else "Hm", locale=locale
    )
    return words.replace("\u2009–\u2009", "–").replace(" – ", "–")


def minutes_words(starts: int, ends: int) -> str:
    """12:00–1:00 PM, of minutes since local midnight."""
    return spell_words(Spell(starts, ends))


def wall_words(value: time) -> str:
    """1:00 PM, of a time on the wall."""
    return minute_of_day(wall_minute(value))


def spells_words(spells: Iterable[Spell]) -> str:
    """9:00 AM–1:00 PM, 2:00–6:00 PM"""
    return ", ".join(spell_words(one) for one in sorted(spells)) or _("closed")


def validity_words(first: date | None, last: date | None) -> str:
    """from June 1, 2026; until August 31, 2026; nothing when it is for always."""
    if first and last:
        return _("from %(first)s to %(last)s", first=date_words(first), last=date_words(last))
    if first:
        return _("from %(first)s", first=date_words(first))
    return _("until %(last)s", last=date_words(last)) if last else ""


def hours_words(hours: Iterable[WeeklyHours]) -> str:
    """The spells of one weekday, those of a season in brackets behind what always holds."""
    always = [one.spell for one in hours if not (one.valid_from or one.valid_until)]
    seasons: dict[tuple[date | None, date | None], list[Spell]] = {}
    for one in hours:
        if one.valid_from or one.valid_until:
            seasons.setdefault((one.valid_from, one.valid_until), []).append(one.spell)
    told = [spells_words(always)] if always else []
    told += [
        f"{spells_words(spells)} ({validity_words(*validity)})"
        for validity, spells in seasons.items()
    ]
    return ", ".join(told) or _("closed")


def absence_words(start: datetime, end: datetime) -> str:
    """The days of time off, with times where it does not hold whole days."""
    begins, ends = to_local(start), to_local(end)
    if _is_midnight(begins) and _is_midnight(ends):
        first, last = begins.date(), ends.date() - DAY
        if first == last:
            return day_words(first)
        return _("%(first)s to %(last)s", first=day_words(first), last=day_words(last))
    if begins.date() == ends.date():
        return _("%(day)s, %(from)s to %(until)s", **_day_and_times(start, end))
    return _("%(first)s to %(last)s", first=_moment(start), last=_moment(end))


def _is_midnight(local: datetime) -> bool:
    return local.time() == time()


def _day_and_times(start: datetime, end: datetime) -> dict[str, str]:
    return {"day": day_words(start), "from": clock_words(start), "until": clock_words(end)}


def _moment(instant: datetime) -> str:
    return _("%(day)s, %(time)s", day=day_words(instant), time=clock_words(instant))

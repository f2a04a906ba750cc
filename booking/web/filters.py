"""From instants and cents to words: the only place where UTC becomes local time for people.

Dates are words, times follow the locale, and a time that comes twice on a day says which.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_day_names,
    get_timezone_name,
)
from babel.numbers import format_currency
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.web.fields import instant_text
from booking.web.wall import today, wall_time


def init_app(app: Flask) -> None:
    for function in (
        ago_words,
        day_words, day_short, clock_words, when_words, when_short, when_brief, money, minutes_words,
        weekday_short, day_number, refusal_words,
        date_words, month_words, zone_label, instant, length_words, weekday_words, minute_of_day,
        wall_words, lead_words, weekday_brief,
    ):  # fmt: skip
        app.add_template_filter(function)
    app.add_template_global(page_language)
    app.add_template_global(today, "wall_today")


def page_language() -> str:
    """The language of the page or mail that is being written, as HTML names it (BCP 47)."""
    return _locale().replace("_", "-")


def to_local(instant: datetime) -> datetime:
    """Return `instant` on the practice's clock."""
    return instant.astimezone(practice.current().zone)


def _locale() -> str:
    return str(get_locale() or practice.current().locale)


def _day(value: date | datetime) -> date:
    return to_local(value).date() if isinstance(value, datetime) else value


def day_words(value: date | datetime) -> str:
    """Tuesday, November 24"""
    locale = _locale()
    return _date_in(_day(value), _full_without_year(locale), locale)


# A page says the same few days, times and prices again and again, and the next page as well.
@lru_cache(maxsize=2048)
def _date_in(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=2048)
def _parts_in(day: date, parts: str, locale: str) -> str:
    return format_skeleton(parts, day, locale=locale)


@lru_cache(maxsize=2048)
def _time_in(clock: time, locale: str) -> str:
    return format_time(clock, format="short", locale=locale)


@lru_cache(maxsize=2048)
def _money_in(cents: int, code: str, locale: str) -> str:
    amount = Decimal(cents) / 100
    if amount == amount.to_integral_value():
        return format_currency(amount, code, _whole(locale), locale=locale, currency_digits=False)
    return format_currency(amount, code, locale=locale)


@lru_cache(maxsize=16)
def _full_without_year(locale: str) -> str:
    """The locale's own full pattern for a date, less the year and what joins it on."""
    pattern = Locale.parse(locale).date_formats["full"].pattern
    return re.sub(r"(,\s*|\s*'\w+'\s*|\s+)?y+", "", pattern)


def day_short(value: date | datetime) -> str:
    """Tue, Nov 24"""
    return _parts_in(_day(value), "MMMEd", _locale())


def when_brief(value: datetime, today: date) -> str:
    """Tue 10:00 AM within the coming days, when that says enough; else with the date."""
    if (to_local(value).date() - today).days < 7:
        return f"{weekday_short(value)} {clock_words(value)}"
    return when_short(value)


def weekday_short(value: date | datetime) -> str:
    return _date_in(_day(value), "ccc", _locale())


def weekday_words(weekday: int) -> str:
    """Monday, of a number that counts from 0."""
    return get_day_names("wide", "stand-alone", _locale())[weekday].capitalize()


def weekday_brief(weekday: int) -> str:
    """Mon, of a number that counts from 0."""
    return get_day_names("abbreviated", "stand-alone", _locale())[weekday].capitalize()


def minute_of_day(minute: int) -> str:
    """6:00 PM, of minutes since midnight on the clock of the practice; 1440 is midnight again."""
    return _time_in(wall_time(minute), _locale())


def wall_words(wall: datetime) -> str:
    """Tuesday, November 24, 10:00 AM, of a wall time without a zone"""
    time_words = _time_in(wall.time(), _locale())
    return _("%(day)s, %(time)s", day=day_words(wall.date()), time=time_words)


def date_words(value: date | datetime) -> str:
    """November 24, 2026"""
    return _date_in(_day(value), "long", _locale())


def month_words(value: date | datetime) -> str:
    """November 2026"""
    return _parts_in(_day(value), "yMMMM", _locale())


def instant(value: datetime) -> str:
    """The machine's form of an instant, for a button that gives it back to us."""
    return instant_text(value)


def day_number(value: date | datetime) -> str:
    return str(_day(value).day)


def clock_words(instant: datetime) -> str:
    """10:00 AM; in the hour that comes twice, 1:30 AM (Eastern Daylight Time)."""
    local = to_local(instant)
    words = _time_in(local.time(), _locale())
    return f"{words} ({zone_words(local)})" if comes_twice(local) else words


def comes_twice(local: datetime) -> bool:
    """Tell whether the clock shows this wall time at two instants; `local` comes from one."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def zone_words(local: datetime) -> str:
    return get_timezone_name(local, width="long", locale=_locale())


def when_words(instant: datetime) -> str:
    """Tuesday, November 24, 10:00 AM"""
    return _("%(day)s, %(time)s", day=day_words(instant), time=clock_words(instant))


def when_short(instant: datetime) -> str:
    """Tue, Nov 24, 10:00 AM"""
    return _("%(day)s, %(time)s", day=day_short(instant), time=clock_words(instant))


def money(cents: int, currency: str | None = None) -> str:
    """$95 or $95.50, as the locale writes it."""
    return _money_in(cents, currency or practice.current().currency, _locale())


def _whole(locale: str) -> str:
    """The locale's own pattern for money, without decimals."""
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace(".00", "")


def ago_words(moment: datetime, now: datetime) -> str:
    """A minute ago; 3 hours ago; else the date and time."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    return when_short(moment)


def minutes_words(minutes: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def length_words(minutes: int) -> str:
    """30 minutes; 2 hours"""
    if minutes % 60 == 0:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return minutes_words(minutes)


def lead_words(minutes: int) -> str:
    """2 days before; 3 hours before"""
    if minutes % 1440 == 0:
        return ngettext("%(num)s day before", "%(num)s days before", minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("%(num)s hour before", "%(num)s hours before", minutes // 60)
    return ngettext("%(num)s minute before", "%(num)s minutes before", minutes)


def refusal_words(refusal: Refusal) -> str:
    """The sentence of a refusal, in the person's language and the practice's time."""
    values = {name: _in_words(value) for name, value in refusal.values.items()}
    return _(refusal.message, **values)


def _in_words(value: object) -> object:
    if isinstance(value, datetime):
        return when_words(value)
    if isinstance(value, list):
        return ", ".join(day_short(one) for one in value)
    return value


def zone_label(zone: ZoneInfo) -> str:
    """New York time"""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return _("%(city)s time", city=city)

"""Closed days of the practice, and the public holidays they are chosen from."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import holidays
from babel import Locale
from babel.core import get_global
from sqlalchemy import delete, select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.database import db
from booking.domain.hours_errors import AlreadyClosed
from booking.practice.models import Practice
from booking.scheduling.models import ClosedDay


@dataclass(frozen=True, slots=True)
class Place:
    """Whose holidays are meant: a country (ISO 3166-1) and perhaps a region of it."""

    country: str
    region: str = ""


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Return the countries whose holidays are known, each with the codes of its regions."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in known.items() if len(code) == 2}


def country_names(language: str) -> dict[str, str]:
    """Return the names of the countries in a language, in its alphabetical order or nearly so."""
    names = Locale.parse(language).territories
    return dict(sorted(((code, names.get(code, code)) for code in countries()), key=_by_name))


def _by_name(item: tuple[str, str]) -> str:
    return item[1].casefold()


def region_names(country: str) -> dict[str, str]:
    """Return the regions of a country by code, with a name where the list has one."""
    if country not in countries():
        return {}
    kind: Any = holidays.country_holidays(country)
    names = {code: name for name, code in kind.subdivisions_aliases.items()}
    found = {code: names.get(code, code) for code in countries()[country]}
    return dict(sorted(found.items(), key=_by_name))


def guess(practice: Practice) -> Place:
    """Guess the country by the zone, then by the language; the region by a code in the address."""
    by_zone = get_global("zone_territories").get(practice.zone_name, "")
    by_locale = practice.locale.partition("_")[2]
    country = next((one for one in (by_zone, by_locale, "US") if one in countries()), "US")
    words = re.findall(r"\b[A-Z]{2,3}\b", practice.address)
    region = next((one for one in reversed(words) if one in countries()[country]), "")
    return Place(country, region)


def public(place: Place, year: int, locale: str) -> dict[date, str]:
    """Return the public holidays of a year with their names, in the language where it is known."""
    if place.country not in countries():
        return {}
    region = place.region if place.region in countries()[place.country] else None
    kind: Any = holidays.country_holidays(place.country)
    found = holidays.country_holidays(
        place.country, subdiv=region, years=year, language=_language(kind, locale)
    )
    return {day: found[day] for day in sorted(found) if day.year == year}


def _language(kind: Any, locale: str) -> str | None:
    """Return the list's own name for the language nearest to a locale; None is its default."""
    language = locale.partition("_")[0]
    known = kind.supported_languages
    return next((one for one in (locale, language) if one in known), None) or next(
        (one for one in known if one.partition("_")[0] == language), None
    )


def closed_between(first: date, last: date) -> Sequence[ClosedDay]:
    """Return the closed days of these dates, both included, in order."""
    return db.session.scalars(
        select(ClosedDay).where(ClosedDay.on_date.between(first, last)).order_by(ClosedDay.on_date)
    ).all()


def choose(offered: dict[date, str], chosen: Collection[date], actor: Actor, now: datetime) -> int:
    """Let the studio be closed on the `chosen` of the days `offered`; return how many changed.

    Days that were not offered stay as they are, and a day that is closed keeps its name.
    """
    if not offered:
        return 0
    _lock()
    known = {one.on_date: one for one in closed_between(min(offered), max(offered))}
    opened = [known[day] for day in offered if day in known and day not in chosen]
    closed = [day for day in offered if day in chosen and day not in known]
    for one in opened:
        db.session.delete(one)
    db.session.add_all(ClosedDay(on_date=day, name=offered[day][:120]) for day in closed)
    db.session.flush()
    _record(actor, now, [one.on_date for one in opened], closed)
    return len(opened) + len(closed)


def _lock() -> None:
    """Let two managers who close days do it one after the other."""
    db.session.execute(select(Practice.id).with_for_update())


def close(day: date, name: str, actor: Actor, now: datetime) -> None:
    """Close the studio on a day of its own. Raises AlreadyClosed."""
    _lock()
    if closed_between(day, day):
        raise AlreadyClosed
    db.session.add(ClosedDay(on_date=day, name=name))
    db.session.flush()
    _record(actor, now, [], [day])


def reopen(closed_id: int, actor: Actor, now: datetime) -> None:
    """Let the hours count again on a day; a second press finds nothing to do."""
    found = db.session.get(ClosedDay, closed_id)
    if found is not None:
        day = found.on_date
        db.session.execute(delete(ClosedDay).where(ClosedDay.id == closed_id))
        _record(actor, now, [day], [])


def _record(actor: Actor, now: datetime, opened: Sequence[date], closed: Sequence[date]) -> None:
    if opened or closed:
        audit.record(
            actor, "practice", "closed_days", now,
            opened=[day.isoformat() for day in opened], closed=[day.isoformat() for day in closed],
        )  # fmt: skip

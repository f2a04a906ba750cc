"""A session as a calendar entry (iCalendar, RFC 5545; invitations, RFC 5546)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

PRODUCT = "-//Booking//Booking//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """All that a calendar learns of a session: no note, no telephone number, no other client."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    title: str
    place: str
    description: str
    link: str
    organiser_name: str
    organiser_address: str
    attendee_address: str | None = None
    is_off: bool = False


def render(entry: Entry, method: str, now: datetime) -> str:
    """Return the file of one session. `method` is PUBLISH (a download), REQUEST or CANCEL."""
    return render_all([entry], method, now)


def render_all(entries: Sequence[Entry], method: str, now: datetime) -> str:
    """Return the file. Several sessions are published: an invitation is about one (RFC 5546, 3.2).

    The UID stays the same for the life of the booking and the sequence rises with each revision,
    so that a calendar replaces or removes the entry instead of adding one.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(_event(entry, method, now))
    first = min(entry.starts_at for entry in entries).date() - timedelta(days=366)
    last = max(entry.starts_at for entry in entries).date() + timedelta(days=366)
    zones = [_zone(name, first, last) for name in sorted(calendar.get_missing_tzids())]
    # Before the entries that are told in them.
    calendar.subcomponents[:0] = zones
    return calendar.to_ical().decode()


@lru_cache(maxsize=256)
def _zone(name: str, first: date, last: date) -> Timezone:
    """Spell a zone out between two dates; that takes a while, and many sessions share a date."""
    return Timezone.from_tzid(name, first_date=first, last_date=last)


def _event(entry: Entry, method: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", _local(entry.starts_at, entry.zone))
    event.add("dtend", _local(entry.ends_at, entry.zone))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("description", entry.description)
    event.add("url", entry.link)
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    event.add("organizer", _address(entry.organiser_address, entry.organiser_name))
    if entry.attendee_address and method != "PUBLISH":
        event.add("attendee", _attendee(entry.attendee_address))
    if not entry.is_off:
        event.add_component(_alarm(entry.title))
    return event


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the time on the wall; in the hour that comes twice, the second time is UTC's.

    A wall time means the first of two (RFC 5545, 3.3.5).
    """
    local = instant.astimezone(zone)
    is_second = local.fold and local.utcoffset() != local.replace(fold=0).utcoffset()
    return instant.astimezone(UTC) if is_second else local


def _address(address: str, name: str | None = None) -> vCalAddress:
    value = vCalAddress(f"mailto:{address}")
    if name:
        value.params["cn"] = vText(name)
    return value


def _attendee(address: str) -> vCalAddress:
    """Who booked has accepted: a calendar that asked for an answer would mislead them."""
    value = _address(address)
    value.params["partstat"] = vText("ACCEPTED")
    value.params["rsvp"] = vText("FALSE")
    return value


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(hours=-1))
    alarm.add("description", title)
    return alarm

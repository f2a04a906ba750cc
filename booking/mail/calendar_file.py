"""A session as a calendar entry (iCalendar, RFC 5545; invitations, RFC 5546)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

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
    calendar.add_missing_timezones(
        first_date=min(entry.starts_at for entry in entries).date() - timedelta(days=366),
        last_date=max(entry.starts_at for entry in entries).date() + timedelta(days=366),
    )
    return calendar.to_ical().decode()


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

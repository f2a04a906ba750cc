"""Classes in schema.org's words, and what of them the sitemap lists."""

from collections.abc import Iterator, Sequence

from booking.classes import queries
from booking.classes.models import ClassSeries, ClassSession
from booking.practice import queries as practice
from booking.web.found import Entry
from booking.web.links import absolute_url
from booking.web.structured import Node, about_practice, practice_id, price, this_practice

STANDS = "https://schema.org/"


def about_classes(series: ClassSeries, sessions: Sequence[ClassSession]) -> list[Node]:
    """The coming dates of a class as events, each with its place and its price."""
    return [_event(series, session) for session in sessions]


def _event(series: ClassSeries, session: ClassSession) -> Node:
    zone = practice.current().zone
    address = absolute_url("classes.series", slug=series.slug)
    room = session.room.name if session.room else practice.current().name
    return {
        "@type": "Event",
        "@id": f"{address}#{session.id}",
        "name": series.name,
        "description": series.service.summary,
        "startDate": session.starts_at.astimezone(zone).isoformat(),
        "endDate": session.ends_at.astimezone(zone).isoformat(),
        "eventStatus": f"{STANDS}EventScheduled",
        "eventAttendanceMode": f"{STANDS}OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": room, "address": about_practice()["address"]},
        "performer": {"@type": "Person", "name": session.practitioner.name},
        "organizer": this_practice(),
        "maximumAttendeeCapacity": session.capacity,
        "remainingAttendeeCapacity": session.free,
        "offers": {
            "@type": "Offer",
            "price": price(series.price_cents),
            "priceCurrency": practice.current().currency,
            "availability": f"{STANDS}{'InStock' if session.free else 'SoldOut'}",
            "url": absolute_url("bookings.class_details", session_id=session.id),
            "seller": {"@id": practice_id()},
        },
    }


def entries() -> Iterator[Entry]:
    """List the timetable and each class for the sitemap, when there is any."""
    found = queries.all_series()
    if found:
        yield Entry("classes.timetable")
    for series in found:
        yield Entry("classes.series", {"slug": series.slug})

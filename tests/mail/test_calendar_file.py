"""Calendar files, read by another program than the one that wrote them.

`Diary` does what RFC 5546 asks of a calendar: one entry for each UID, replaced by what is newer,
removed when it is cancelled.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from sqlalchemy import select

from booking.accounts.audit import GUEST as CLIENT
from booking.accounts.audit import Actor
from booking.bookings import changes, class_endings, moves
from booking.bookings.models import Booking
from booking.catalog.queries import terms_of
from booking.database import db, transact
from booking.mail.calendar_file import Entry, render
from booking.mail.models import OutgoingMail
from booking.practice import operations
from booking.practice import queries as practice
from booking.worker import turn
from tests.cast import at, book
from tests.cast_classes import plan_class, take
from tests.classes.test_changes import MARA, Change, change

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Diary:
    """A person's calendar, which has only what came by mail."""

    def __init__(self):
        self.entries: dict[str, vobject.base.Component] = {}
        self.ages: dict[str, tuple[int, datetime]] = {}

    def take(self, text: str) -> None:
        calendar = vobject.readOne(text)
        calendar.validate(raiseException=True)
        for event in calendar.vevent_list:
            uid, age = event.uid.value, (int(event.sequence.value), event.dtstamp.value)
            if uid in self.ages and age <= self.ages[uid]:
                continue  # Older than what is known, or the same once more.
            self.ages[uid] = age
            if calendar.method.value == "CANCEL":
                assert event.status.value == "CANCELLED"
                del self.entries[uid]  # Fails for one that was never there.
            else:
                self.entries[uid] = event

    def times(self) -> list[datetime]:
        return sorted(event.dtstart.value.astimezone(UTC) for event in self.entries.values())


def entry(**changed: object) -> Entry:
    start = datetime(2026, 11, 24, 15, tzinfo=UTC)
    return Entry(**{
        "uid": "one", "sequence": 1, "starts_at": start, "ends_at": start + timedelta(hours=1),
        "zone": ZoneInfo("America/New_York"), "title": "Massage", "place": "12 Heron Lane",
        "description": "Move or cancel: https://example.com/manage/x", "organiser_name": "Studio",
        "link": "https://example.com/manage/x", "organiser_address": "studio@example.com",
        "attendee_address": "ada@example.com", **changed,
    })  # fmt: skip


def read(one: Entry, method: str = "REQUEST"):
    return vobject.readOne(render(one, method, NOW))


ODD = "Rücken; Nacken, \\n and “knee” 🧘 \\ " + "zu lang für eine Zeile " * 9


def test_what_is_odd_comes_out_as_it_went_in_and_lines_are_short():
    text = render(entry(title=ODD, place="a\nb, c;d", description=ODD), "REQUEST", NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    event = vobject.readOne(text).vevent
    assert event.summary.value == ODD
    assert event.description.value == ODD
    assert event.location.value == "a\nb, c;d"


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
                                  "America/Phoenix", "Asia/Kathmandu"])  # fmt: skip
def test_the_time_is_right_around_both_changes_of_the_clocks(zone):
    for month in range(1, 13):
        for day in (1, 8, 28):
            start = datetime(2027, month, day, 13, 30, tzinfo=UTC)
            one = entry(zone=ZoneInfo(zone), starts_at=start, ends_at=start + timedelta(hours=1))
            event = read(one).vevent
            assert event.dtstart.value.astimezone(UTC) == start
            assert event.dtend.value.astimezone(UTC) == one.ends_at
            assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == [zone]


def test_half_hours_on_the_day_the_clocks_change_are_told_apart():
    zone = ZoneInfo("America/New_York")
    for first in (datetime(2027, 3, 14, 4, tzinfo=UTC), datetime(2027, 11, 7, 4, tzinfo=UTC)):
        for half_hours in range(12):
            start = first + timedelta(minutes=30 * half_hours)
            one = entry(zone=zone, starts_at=start, ends_at=start + timedelta(hours=1))
            assert read(one).vevent.dtstart.value.astimezone(UTC) == start


def test_it_is_an_invitation_by_who_sends_the_mail_that_asks_no_answer():
    calendar = read(entry())
    assert calendar.method.value == "REQUEST"
    assert calendar.vevent.organizer.value == "mailto:studio@example.com"
    assert calendar.vevent.attendee.value == "mailto:ada@example.com"
    assert calendar.vevent.attendee.params == {"PARTSTAT": ["ACCEPTED"], "RSVP": ["FALSE"]}
    assert calendar.vevent.valarm.trigger.value == timedelta(hours=-1)
    assert not hasattr(read(entry(is_off=True), "CANCEL").vevent, "valarm")
    assert not hasattr(read(entry(), "PUBLISH").vevent, "attendee")
    known = {"uid", "sequence", "dtstamp", "dtstart", "dtend", "summary", "location", "url",
             "description", "status", "organizer", "attendee", "valarm"}  # fmt: skip
    assert set(calendar.vevent.contents) == known


class Post:
    """Brings a calendar what has left since it came last."""

    def __init__(self, now):
        self.now, self.diary, self.taken, self.texts = now, Diary(), 0, []

    def __call__(self) -> list[datetime]:
        self.now.forward(minutes=4)
        turn()
        mails = db.session.scalars(
            select(OutgoingMail)
            .where(OutgoingMail.calendar_text.is_not(None), OutgoingMail.id > self.taken)
            .order_by(OutgoingMail.id)
        ).all()
        for mail in mails:
            self.taken = mail.id
            if mail.sent_at is not None:
                self.texts.append(mail.calendar_text)
                self.diary.take(mail.calendar_text)
                self.diary.take(mail.calendar_text)  # The same mail once more changes nothing.
        db.session.rollback()
        return self.diary.times()


def test_a_life_of_a_booking_in_the_client_s_calendar(app, studio, now):
    """Booked, moved after the practice's address has changed, cancelled by the studio."""
    receive = Post(now)
    number = book(studio.hour, at(14, day=27), now(), practitioner=studio.lena).id
    assert receive() == [at(14, day=27)]
    transact(lambda: operations.change(practice.current(), email="new@elsewhere.example"))
    transact(_move, number, at(10, day=30), now)
    assert receive() == [at(10, day=30)]
    transact(changes.cancel, number, Actor("staff", 99), practice.current(), now())
    assert receive() == []
    for late in receive.texts:  # A mail that was on its way for long brings nothing back.
        receive.diary.take(late)
    assert receive.diary.times() == []
    assert [vobject.readOne(one).vevent.sequence.value for one in receive.texts] == ["1", "2", "3"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_life_of_two_places_in_the_calendar_of_who_booked_them(app, studio, now):
    """Booked, one given back, the class moved by an hour, then called off."""
    receive, session_id = Post(now), plan_class(studio, now())[0]
    _own, other = (one.id for one in take(session_id, now(), "Grace Hill", "Tom Wexler").places)
    assert receive() == [at(18)] * 2
    titles = [one.summary.value for one in receive.diary.entries.values()]
    assert len(set(titles)) == 2
    assert "Tom" not in " ".join(receive.texts)
    transact(changes.cancel, other, CLIENT, practice.current(), now())
    assert receive() == [at(18)]
    change(session_id, now(), Change(start_minute=19 * 60))
    assert receive() == [at(19)]
    transact(class_endings.cancel_one, session_id, MARA, practice.current(), now())
    assert receive() == []


def _move(booking_id: int, start: datetime, now) -> None:
    booking = db.session.get_one(Booking, booking_id)
    terms = terms_of([booking.option])[booking.option_id]
    moves.move(booking_id, terms, start, CLIENT, practice.current(), now())

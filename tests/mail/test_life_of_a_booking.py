"""One booking's mails as a real SMTP server receives them, while the clock moves."""

from email.message import EmailMessage

from icalendar import Calendar

from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.bookings import changes
from booking.database import transact
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import ADA, GUEST, at, book

LENA = "lena@heronlane.example"


def run_at(now, moment) -> None:
    now.set(moment)
    turn()


def calendar_of(mail: EmailMessage):
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return part.get_param("method"), Calendar.from_ical(part.get_content()).walk("VEVENT")[0]


def test_confirmation_and_both_reminders_arrive_when_their_time_comes(studio, now, mailbox):
    booking = book(studio.hour, at(14, day=27), now())
    turn()
    assert mailbox.taken == []
    run_at(now, booking.undo_until)
    assert mailbox.subjects_to(GUEST.email) == ["Booked: Massage, Fri, Nov 27, 2:00 PM"]
    assert mailbox.subjects_to("lena@heronlane.example") == [
        "New: Grace Hill, Fri, Nov 27, 2:00 PM"
    ]
    run_at(now, at(13, 59, day=25))
    assert len(mailbox.taken) == 2
    run_at(now, at(14, day=25))
    assert mailbox.subjects_to(GUEST.email)[1:] == ["Reminder: Massage, Fri, Nov 27, 2:00 PM"]
    run_at(now, at(11, day=27))
    assert mailbox.subjects_to(GUEST.email)[2:] == ["Today: Massage, 2:00 PM"]
    run_at(now, at(23, day=28))
    assert len(mailbox.taken) == 4
    assert findings(now()) == []


def test_a_cancelled_booking_is_confirmed_cancelled_and_never_reminded(studio, now, mailbox):
    booking = book(studio.hour, at(14, day=27), now())
    run_at(now, booking.undo_until)
    transact(changes.cancel, booking.id, GUEST_ACTOR, practice.current(), now())
    for moment in (now(), at(14, day=25), at(11, day=27)):
        run_at(now, moment)
    assert mailbox.subjects_to(GUEST.email) == [
        "Booked: Massage, Fri, Nov 27, 2:00 PM",
        "Cancelled: Massage, Fri, Nov 27, 2:00 PM",
    ]


def test_the_calendar_entry_is_made_and_then_removed(studio, now, mailbox):
    booking = book(studio.hour, at(14, day=27), now())
    run_at(now, booking.undo_until)
    transact(changes.cancel, booking.id, GUEST_ACTOR, practice.current(), now())
    turn()
    booked, off = (mail for mail in mailbox.taken if mail["To"] == GUEST.email)
    method, event = calendar_of(booked)
    assert (method, event["status"], event["sequence"]) == ("REQUEST", "CONFIRMED", 1)
    assert event.decoded("dtstart") == at(14, day=27)
    gone_method, gone = calendar_of(off)
    assert (gone_method, gone["status"], gone["sequence"]) == ("CANCEL", "CANCELLED", 2)
    assert gone["uid"] == event["uid"]


def test_an_undone_booking_sends_nothing_ever(studio, now, mailbox):
    booking = book(studio.hour, at(14, day=27), now())
    transact(changes.undo, booking.id, 1, GUEST_ACTOR, practice.current(), now())
    for moment in (booking.undo_until, at(14, day=25), at(11, day=27)):
        run_at(now, moment)
    assert mailbox.taken == []


def test_no_mail_tells_a_note_or_another_client(studio, now, mailbox):
    book(studio.hour, at(14, day=27), now(), visitor="a")
    book(studio.training, at(11, day=27), now(), visitor="b", details=ADA)
    run_at(now, at(14, day=25))
    text = "".join(mail.as_string() for mail in mailbox.taken)
    assert "knee" not in text
    for told, other in ((GUEST, ADA), (ADA, GUEST)):
        own = [mail.as_string() for mail in mailbox.taken if mail["To"] == told.email]
        assert len(own) == 2
        assert told.name.split()[0] in "".join(own)
        assert other.name.split()[0] not in "".join(own)
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in mailbox.taken)

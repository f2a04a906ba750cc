"""Reminders: looked at when due, judged on what is found then."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.accounts.models import Person
from booking.articles.models import Moment, ServiceReading
from booking.bookings import changes, messages
from booking.bookings.links import make_link
from booking.bookings.models import Reminder, ReminderOutcome
from booking.database import db, transact
from booking.mail import health
from booking.mail.models import OutgoingMail
from booking.mail.pulse import Pulse
from booking.practice import queries as practice
from booking.upkeep import doctor
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book


def kinds() -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def texts() -> list[str]:
    return list(db.session.scalars(select(OutgoingMail.body_text).order_by(OutgoingMail.id)))


def outcomes() -> dict[int, ReminderOutcome | None]:
    return dict(db.session.execute(select(Reminder.lead_minutes, Reminder.outcome)).all())


def run_at(now, moment) -> None:
    now.set(moment)
    turn()


def test_both_reminders_go_out_when_they_are_due(studio, now):
    book(studio.hour, at(14, day=27), now())
    run_at(now, at(13, 59, day=25))
    assert "reminder" not in kinds()
    run_at(now, at(14, day=25))
    assert kinds()[-1] == "reminder"
    run_at(now, at(10, 59, day=27))
    assert kinds().count("reminder_soon") == 0
    run_at(now, at(11, day=27))
    assert kinds()[-1] == "reminder_soon"
    assert outcomes() == {2880: ReminderOutcome.SENT, 180: ReminderOutcome.SENT}
    assert findings(now()) == []
    # Nobody has ticked what is read before: what fits is named, and not as what belongs to it.
    for text in texts()[-2:]:
        assert "Worth knowing" in text
        assert "/read/level-hips" in text
        assert "To read before" not in text


def test_what_is_read_afterwards_is_not_given_before(studio, now):
    reading = ServiceReading(service_id=studio.massage, moment=Moment.AFTER, article_id=1)
    transact(db.session.add, reading)
    book(studio.hour, at(14, day=27), now())
    run_at(now, at(14, day=25))
    assert "/read/" not in texts()[-1]


def test_a_reading_that_fails_costs_the_reminder_and_the_page_no_more(app, client, studio, now):
    """In the database itself, where one failed statement ends a whole transaction."""
    booking = book(studio.hour, at(14, day=27), now())
    with gone("article"):
        page = client.get(f"/manage/{make_link(booking)}")
        assert (page.status_code, "The second door." in page.text) == (200, True)
        run_at(now, at(14, day=25))
    body = texts()[-1]
    assert ("coming up" in body, "/read/" in body) == (True, False)
    assert outcomes()[2880] is ReminderOutcome.SENT


@contextmanager
def gone(table: str) -> Iterator[None]:
    """Take a table away, so that every statement on it fails, and put it back."""
    transact(db.session.execute, sql(f"ALTER TABLE {table} RENAME TO gone"))
    try:
        yield
    finally:
        db.session.rollback()
        transact(db.session.execute, sql(f"ALTER TABLE gone RENAME TO {table}"))


def test_a_cancelled_booking_reminds_nobody(studio, now):
    booking = book(studio.hour, at(14, day=27), now())
    transact(changes.cancel, booking.id, GUEST_ACTOR, practice.current(), now())
    run_at(now, at(11, day=27))
    assert not {"reminder", "reminder_soon"} & set(kinds())


@pytest.mark.parametrize(
    ("slept_until", "sent"),
    [
        (at(9, day=26), ["reminder"]),
        (at(11, 30, day=27), ["reminder_soon"]),
        (at(14, day=27), []),
        (at(23, day=25), []),
    ],
    ids=["the first is late", "only the last is useful", "it has begun", "nobody is woken"],
)
def test_after_a_long_sleep_only_what_is_useful_goes(studio, now, slept_until, sent):
    book(studio.hour, at(14, day=27), now())
    run_at(now, slept_until)
    assert [kind for kind in kinds() if kind.startswith("reminder")] == sent


def test_what_waited_for_the_morning_goes_then(studio, now):
    book(studio.hour, at(14, day=27), now())
    run_at(now, at(23, day=25))
    run_at(now, at(8, day=26))
    assert kinds().count("reminder") == 1


def forget_address(person_id: int) -> None:
    db.session.get_one(Person, person_id).email = None


def test_a_person_without_an_address_gets_no_mail_at_all(studio, now):
    booking = book(studio.hour, at(14, day=27), now())
    transact(forget_address, booking.person_id)
    run_at(now, at(11, day=27))
    assert outcomes()[180] is ReminderOutcome.NO_ADDRESS


def test_a_second_turn_sends_nothing_again(studio, now):
    book(studio.hour, at(14, day=27), now())
    run_at(now, at(14, day=25))
    before = kinds()
    turn()
    assert kinds() == before


def test_a_reminder_that_fails_holds_up_neither_mails_nor_other_reminders(studio, now, monkeypatch):
    book(studio.hour, at(14, day=27), now(), visitor="a", practitioner=studio.marco)
    book(studio.training, at(14, day=27), now(), visitor="b", practitioner=studio.lena)
    write, seen = messages.reminder, []

    def fail_once(booking, lead, moment) -> None:
        seen.append(booking.id)
        if len(seen) == 1:
            raise RuntimeError("planted")
        write(booking, lead, moment)

    monkeypatch.setattr(messages, "reminder", fail_once)
    run_at(now, at(14, day=25))
    assert kinds().count("reminder") == 1
    run_at(now, at(14, 15, day=25))
    assert kinds().count("reminder") == 2


def test_a_reminder_that_fails_until_it_is_too_late_is_told_of(studio, now, monkeypatch):
    book(studio.hour, at(14, day=27), now(), practitioner=studio.marco)
    off = book(studio.training, at(14, day=27), now(), visitor="b").id
    run_at(now, at(13, 59, day=25))
    assert health.look(now()).setbacks == 0
    with monkeypatch.context() as poisoned:
        poisoned.setattr(messages, "reminder", fail)
        run_at(now, at(14, day=25))
        assert health.look(now()).setbacks == 2
        transact(changes.cancel, off, GUEST_ACTOR, practice.current(), now())
        assert health.look(now()).setbacks == 1
        run_at(now, at(11, day=27))
        run_at(now, at(14, day=27))
    ends = db.session.scalars(select(Reminder.outcome).where(Reminder.booking_id != off))
    assert set(ends) == {ReminderOutcome.TOO_LATE}
    transact(Pulse("one:1").beat, now())
    assert (health.look(now()).setbacks, health.look(now()).is_ill) == (2, True)
    assert "have failed" in " ".join(str(one) for one in doctor.worker(now()))
    run_at(now, at(14, day=30))
    assert health.look(now()).setbacks == 0


def fail(*_arguments: object) -> None:
    raise RuntimeError("planted")

"""The log and the time of mails: when one will be written or why not, and sending at night."""

import pytest

from booking.bookings import messages
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.practice import operations
from booking.practice import queries as practice
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.studio.test_mails import again, mail_of, put, rows

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_why_no_mail_was_written(client, studio, now, monkeypatch):
    """A reminder whose time had passed, one that fails, and what follows a session."""
    transact(lambda: operations.change(practice.current(), come_back=True))
    person = book(studio.training, at(14), now()).person_id

    def look_at(moment) -> list[str]:
        now.set(moment)
        turn()
        sign_in(client, studio.accounts["mara"], now())
        return rows(client, f"/studio/mails?client={person}")

    early, soon = look_at(now())[:2]
    assert "2 days before: not sent: its time had passed" in early
    assert "3 hours before: goes" in soon
    with monkeypatch.context() as poisoned:
        poisoned.setattr(messages, "reminder", None)
        assert "the program fails to write it" in look_at(at(11))[1]
        assert "failed to write it until it was too late" in look_at(at(14))[0]
    come_back, aftercare = look_at(at(10, day=25))[1:3]
    assert "Time to come back: not sent: with fewer than three visits" in come_back
    assert "After the session: not sent: no article goes with the service" in aftercare


def test_who_presses_for_one_mail_means_now_and_for_all_the_morning(client, studio, now):
    """At 23:00: a reminder is sent once more, tried again, and taken up with all the others."""
    hours = (10, 12, 14)
    booked = [book(studio.training, at(one, day=27), now(), visitor=str(one)) for one in hours]
    now.set(at(14, day=25))
    turn()
    sent, one, other = (mail_of(booking, "reminder") for booking in booked)
    now.set(at(23, day=25))
    for stuck in (one, other):
        put(stuck, MailState.PARKED, now, attempts=8)
    sign_in(client, studio.accounts["mara"], now())
    assert "although these are quiet hours" in client.get(f"/studio/mails/{sent}").text
    again(client, sent)
    client.post(f"/studio/mails/{one}/retry")
    client.post("/studio/mails/retry")
    turn()
    db.session.rollback()
    night = db.session.query(OutgoingMail).filter(OutgoingMail.sent_at == now())
    assert {(mail.id == one, mail.kind) for mail in night} == {
        (True, "reminder"), (False, "reminder")
    }  # fmt: skip
    assert db.session.get_one(OutgoingMail, other).due_at == at(8, day=26)

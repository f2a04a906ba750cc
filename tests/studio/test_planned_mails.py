"""A client's log says of mails that were never written when they are decided on, or why not."""

import pytest

from booking.bookings import messages
from booking.database import transact
from booking.practice import operations
from booking.practice import queries as practice
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.studio.test_mails import rows

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

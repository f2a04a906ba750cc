"""A worker that slept, clocks that are wrong: what still helps goes once, the rest is closed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking.accounts import messages as account_messages
from booking.accounts.audit import GUEST as GUEST_ACTOR
from booking.bookings import changes
from booking.catalog.models import Practitioner
from booking.database import db, transact
from booking.mail import claims, health, lane, outbox, pulse
from booking.mail.envelopes import Envelope, Letter
from booking.mail.models import MailState, OutgoingMail, WorkerBeat
from booking.mail.pulse import Pulse
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import Loop, turn
from tests.cast import GUEST, at, book

LETTER = Letter("Subject", "Text.\n", "<p>Text.</p>")
FAR = date(2027, 1, 1)
NEW_LINK = ("new@example.com", None)


def mails(**only: object) -> list[OutgoingMail]:
    db.session.rollback()
    query = select(OutgoingMail).filter_by(**only).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def fates(address: str) -> dict[str, str | None]:
    """What became of each kind of mail to an address: why not, or None for what was sent."""
    return {
        one.kind: one.void_reason if one.state is MailState.VOID else one.state.value
        for one in mails(to_address=address)
    }


def asleep(now, until) -> None:
    now.set(until)
    while turn():
        pass


def test_asleep_for_thirty_hours(studio, now, mailbox):
    """Booked on Monday at 8; the worker wakes on Tuesday at 14."""
    soon = book(studio.training, at(13), now(), visitor="a")
    ahead = book(studio.training, at(14, day=26), now(), visitor="b")
    off = book(studio.training, at(16), now(), visitor="c")
    transact(changes.cancel, off.id, GUEST_ACTOR, practice.current(), now.forward(hours=1))
    transact(account_messages.sign_in_link, *NEW_LINK, now())
    asleep(now, at(14))
    sent = mailbox.subjects_to(GUEST.email)
    assert sorted(sent) == sorted(set(sent))
    assert {one.kind: one.void_reason for one in mails(about=soon.about) if one.person_id} == {
        "confirmed": "too late"
    }
    kinds = [one.kind for one in mails(about=ahead.about, state=MailState.SENT) if one.person_id]
    assert kinds == ["confirmed", "reminder"]
    assert {one.kind: one.state for one in mails(about=off.about) if one.person_id} == {
        "confirmed": MailState.VOID
    }
    assert fates("new@example.com") == {"sign_up": "too late"}
    assert findings(now()) == []
    asleep(now, at(14, 1))
    assert mailbox.subjects_to(GUEST.email) == sent


def test_a_reminder_that_waits_for_a_server_is_overtaken_by_the_next(app, studio, now, mailbox):
    book(studio.training, at(14, day=27), now())
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    asleep(now, at(14, day=25))
    (early,) = mails(kind="reminder")
    transact(hold_up, early.id, at(12, day=27))
    app.config["SMTP_URL"] = mailbox.url
    asleep(now, at(11, day=27))
    asleep(now, at(12, day=27))
    reminders = [one for one in mailbox.subjects_to(GUEST.email) if "Reminder" in one]
    assert (reminders, mails(kind="reminder")[0].void_reason) == ([], "overtaken")
    assert len(mails(kind="reminder_soon", state=MailState.SENT)) == 1


def hold_up(mail_id: int, until) -> None:
    db.session.get_one(OutgoingMail, mail_id).due_at = until


def test_what_waits_for_a_server_wakes_nobody_and_goes_in_the_morning(app, studio, now, mailbox):
    book(studio.training, at(14, day=27), now())
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    asleep(now, at(14, day=25))
    (early,) = mails(kind="reminder")
    transact(hold_up, early.id, at(20, 59, day=25))
    app.config["SMTP_URL"] = mailbox.url
    asleep(now, at(21, day=25))
    assert "Reminder" not in " ".join(mailbox.subjects_to(GUEST.email))
    asleep(now, at(8, day=26))
    assert "Reminder" in " ".join(mailbox.subjects_to(GUEST.email))


def test_nothing_goes_from_when_it_helps_nobody(studio, now, mailbox):
    """One second before, and at that very moment; also when a worker had it and died."""
    end = now() + timedelta(hours=2)
    for key in ("a", "b"):
        address = f"{key}@example.com"
        envelope = Envelope(key=key, kind="test", address=address, useless_after=end)
        transact(outbox.enqueue, envelope, LETTER, now())
    now.set(end - timedelta(seconds=1))
    assert transact(claims.claim_next, now()).to_address == "a@example.com"
    now.set(end)
    assert transact(claims.claim_next, now()) is None
    asleep(now, end + timedelta(minutes=6))
    assert [one.void_reason for one in mails(kind="test")] == ["too late", "too late"]
    assert mailbox.taken == []


def one_turn(loop: Loop) -> int:
    """A turn as the loop does it."""
    return loop._one_turn()


def enqueue(now, key: str) -> None:
    envelope = Envelope(key=key, kind="test", address="ada@example.com")
    transact(outbox.enqueue, envelope, LETTER, now())


def test_a_clock_set_back_two_hours_stops_the_worker_until_it_is_right(app, studio, now, mailbox):
    loop, right = Loop(app), now()
    one_turn(loop)
    enqueue(now, "a")
    now.set(right - timedelta(hours=2))
    assert one_turn(loop) == 0
    assert one_turn(Loop(app)) == 0  # Started anew, it knows as well.
    assert mailbox.taken == []
    answer = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert answer.exit_code == 1
    assert "clock" in answer.output
    assert health.look(now()).is_clock_back
    now.set(right + timedelta(minutes=1))
    one_turn(loop)
    assert len(mailbox.taken) == 1
    assert not health.look(now()).is_ill


def test_a_clock_that_ran_ahead_is_believed_again_when_somebody_says_so(app, studio, now, mailbox):
    loop, right = Loop(app), now()
    app.config["MAIL_PER_MINUTE"] = 1
    now.set(right + timedelta(hours=2))
    enqueue(now, "a")
    one_turn(loop)
    assert len(mailbox.taken) == 1
    transact(lambda: setattr(db.session.get_one(Practitioner, studio.lena), "sheet_on", FAR))
    transact(lane.close, "450 later", now())
    now.set(right)
    assert not db.session.scalar(select(lane.is_closed(now())))
    enqueue(now, "b")
    one_turn(loop)
    assert len(mailbox.taken) == 1
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 1
    answer = app.test_cli_runner().invoke(args=["worker", "--once", "--clock-is-right"])
    assert answer.exit_code == 0
    assert (len(mailbox.taken), health.look(now()).is_clock_back) == (2, False)
    assert lane.state().trouble_since is None
    assert db.session.get_one(Practitioner, studio.lena).sheet_on < at(0).date()


@pytest.mark.parametrize("apart", [timedelta(seconds=4), timedelta(minutes=2)])
def test_two_machines_whose_clocks_differ_a_little_work_together(studio, now, apart):
    one, other = Pulse("one:1"), Pulse("other:1")
    enqueue(now, "a")
    assert transact(one.beat, now() + apart)
    assert transact(other.beat, now())
    assert transact(claims.claim_next, now()) is not None
    # The one ahead sees the lease end sooner, but not before a server has had its time.
    assert transact(claims.claim_next, now() + apart) is None
    assert {beat.name for beat in pulse.beats()} == {"one:1", "other:1"}


def test_a_heart_beats_every_half_minute_and_old_ones_are_swept(studio, now, statements):
    beating = Pulse("one:1")
    transact(beating.beat, now())
    statements.clear()
    transact(beating.beat, now.forward(seconds=29))
    assert not [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    transact(beating.beat, now.forward(seconds=1))
    assert pulse.last_event() == now()
    now.forward(days=2)
    transact(Pulse("two:1").beat, now())
    assert [one.name for one in pulse.beats()] == ["two:1"]
    assert db.session.get(WorkerBeat, "one:1") is None


def test_the_state_of_the_queue_says_what_is_wrong(studio, now):
    assert health.look(now()).has_stopped
    transact(Pulse("one:1").beat, now())
    enqueue(now, "a")
    assert not health.look(now()).is_ill
    assert health.look(now.forward(minutes=10)).waiting == 1
    assert not health.look(now()).has_stopped
    assert health.look(now.forward(seconds=1)).has_stopped
    mail = transact(claims.claim_next, now())
    assert not health.look(now()).has_stopped  # It has a mail in its hands: a slow server.
    transact(claims.mark_failed, mail.id, mail.lease, "550 no")
    transact(Pulse("one:1").beat, now())
    assert (health.look(now()).stuck, health.look(now()).is_ill) == (1, True)
    assert health.look(now.forward(days=6)).stuck == 1
    assert health.look(now.forward(days=2)).stuck == 0

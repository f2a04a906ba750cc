"""The outbox: claimed by one, tried again when it may help, never lost, hardly ever twice."""

import signal
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.database import db, transact
from booking.mail import claims, lane, outbox, pulse, smtp
from booking.mail.claims import RETRY_MINUTES
from booking.mail.envelopes import Envelope, Letter
from booking.mail.models import MailState, OutgoingMail
from booking.worker import sweep, turn
from tests.cast import make_studio

LETTER = Letter("Subject", "Text.\n", "<p>Text.</p>")


@pytest.fixture(autouse=True)
def _studio(app, now):
    make_studio(now())


def enqueue(now, key: str = "a", about: str = "booking:1") -> None:
    envelope = Envelope(key=key, kind="test", address="ada@example.com", about=about)
    transact(outbox.enqueue, envelope, LETTER, now())


def only() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(select(OutgoingMail)).one()


def test_a_mail_is_sent_once(now, mailbox):
    enqueue(now)
    assert (turn(), turn()) == (1, 0)
    assert (len(mailbox.taken), only().state, only().attempts) == (1, MailState.SENT, 1)
    assert only().sent_at == now()


def test_the_same_key_cannot_be_written_twice(now):
    enqueue(now)
    with pytest.raises(IntegrityError):
        enqueue(now)


def test_a_claimed_mail_is_nobody_elses_until_its_lease_ends(now):
    enqueue(now)
    assert transact(claims.claim_next, now()) is not None
    assert transact(claims.claim_next, now()) is None
    now.forward(minutes=5)
    assert transact(claims.claim_next, now()).attempts == 2


def test_the_same_message_id_goes_again_after_a_crash(now, mailbox):
    enqueue(now)
    transact(claims.claim_next, now())
    now.forward(minutes=5)
    turn()
    (mail,) = mailbox.taken
    assert mail["Message-ID"] == smtp.message_id("a", "studio@heronlane.example")


@pytest.mark.parametrize("answer", ["450 try later", "452 full", "421 closing"])
def test_a_temporary_refusal_is_tried_again_by_the_table_and_then_parked(now, mailbox, answer):
    mailbox.answer = answer
    enqueue(now)
    for minutes in RETRY_MINUTES:
        turn()
        assert only().state is MailState.WAITING
        assert only().due_at == now() + timedelta(minutes=minutes)
        now.forward(minutes=minutes)
    turn()
    assert only().state is MailState.PARKED
    assert answer in only().last_error
    now.forward(days=30)
    assert turn() == 0


def test_what_was_refused_for_a_while_arrives_in_the_end(now, mailbox):
    mailbox.answer = "451 greylisted"
    enqueue(now)
    turn()
    mailbox.answer = "250 OK"
    now.forward(minutes=1)
    turn()
    assert (len(mailbox.taken), only().state) == (1, MailState.SENT)


@pytest.mark.parametrize("where", ["recipient_answer", "answer"])
def test_a_final_refusal_is_not_tried_again(now, mailbox, where):
    setattr(mailbox, where, "550 no such person")
    enqueue(now)
    turn()
    assert only().state is MailState.FAILED
    assert "550 no such person" in only().last_error


def test_a_server_that_is_away_keeps_the_mail(app, now):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    enqueue(now)
    turn()
    assert (only().state, only().attempts) == (MailState.WAITING, 0)


def test_a_password_never_travels_without_tls(app, now, mailbox):
    app.config["SMTP_URL"] = f"smtp://user:secret@127.0.0.1:{mailbox.port}"
    enqueue(now)
    turn()
    assert mailbox.taken == []
    assert "no TLS" in lane.state().trouble


def test_a_poisoned_row_does_not_hold_up_the_others(now, mailbox):
    envelope = Envelope(key="bad", kind="test", address="broken\naddress@example.com")
    transact(outbox.enqueue, envelope, LETTER, now())
    enqueue(now, "good")
    turn()
    assert len(mailbox.taken) == 1


def test_what_no_longer_holds_is_dropped(now, mailbox):
    enqueue(now)
    transact(outbox.void, "booking:1", "moved", now())
    assert turn() == 0
    assert (only().state, only().void_reason) == (MailState.VOID, "moved")


def test_what_is_dropped_while_it_is_being_sent_is_not_tried_again(now, mailbox):
    mailbox.answer = "450 try later"
    enqueue(now)
    mail = transact(claims.claim_next, now())
    mail_id, lease = mail.id, mail.lease
    transact(outbox.void, "booking:1", "moved", now())
    assert only().state is MailState.WAITING
    transact(claims.mark_retry, mail_id, lease, 1, "450", now())
    assert only().state is MailState.VOID


def test_what_was_dropped_under_a_dead_worker_is_swept(now):
    enqueue(now)
    transact(claims.claim_next, now())
    transact(outbox.void, "booking:1", "moved", now())
    now.forward(minutes=6)
    assert transact(claims.claim_next, now()) is None
    transact(sweep, now())
    assert only().state is MailState.VOID


def test_a_worker_that_lost_its_lease_cannot_mark_the_mail(now):
    enqueue(now)
    first = transact(claims.claim_next, now())
    mail_id, lease = first.id, first.lease
    now.forward(minutes=5)
    transact(claims.claim_next, now())
    transact(claims.mark_failed, mail_id, lease, "too late")
    assert only().state is MailState.WAITING


def test_without_a_server_mails_become_files(app, now, tmp_path):
    app.config["SMTP_URL"] = None
    enqueue(now)
    turn()
    (path,) = (tmp_path / "instance" / "mail").glob("*.eml")
    assert "Subject: Subject" in path.read_text()
    assert only().state is MailState.SENT


def test_a_refused_sender_is_our_fault_and_the_mail_waits(now, mailbox):
    mailbox.sender_answer = "550 relaying denied"
    enqueue(now)
    turn()
    assert (only().state, only().attempts) == (MailState.WAITING, 0)
    assert "relaying denied" in only().last_error


def test_how_the_server_says_goodbye_changes_nothing(now, mailbox):
    mailbox.quit_answer = "421 leaving in a hurry"
    enqueue(now)
    turn()
    assert (len(mailbox.taken), only().state) == (1, MailState.SENT)


def test_from_cron_all_that_is_due_is_sent_and_the_command_ends(app, now, mailbox, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_handler: None)
    for number in range(120):
        enqueue(now, f"key-{number}")
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    assert len(mailbox.taken) == 120
    assert [one.name.rpartition(":")[2] for one in pulse.beats()] == ["once"]


def test_a_mail_our_own_code_fails_on_is_parked_after_five_tries(now, mailbox, monkeypatch):
    def fail(*_args):
        raise RuntimeError("planted")

    monkeypatch.setattr(smtp, "compose", fail)
    enqueue(now)
    for _try in range(5):
        assert only().state is MailState.WAITING
        turn()
        now.forward(hours=1)
    assert (only().state, only().attempts) == (MailState.PARKED, 5)

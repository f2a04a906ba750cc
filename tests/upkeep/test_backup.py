"""A copy taken while the site writes can be put back, whole; old mails stay where they are."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from booking.bookings.clients import Details
from booking.bookings.models import Booking
from booking.cli import backup
from booking.database import db
from booking.mail.models import MailState, OutgoingMail
from booking.upkeep.backup import BackupError, load, save
from booking.upkeep.check import findings
from tests.cast import at, book


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Booking.id))) or 0


def test_a_copy_brings_back_what_was(app, studio, now, tmp_path):
    book(studio.hour, at(10), now())
    app.test_cli_runner().invoke(backup, [str(tmp_path / "copy")])
    book(studio.hour, at(14), now(), visitor="later")
    assert count() == 2
    db.session.remove()
    load(tmp_path / "copy")
    assert count() == 1
    assert findings(now()) == []


def test_mails_from_before_the_backup_are_not_sent_again(studio, now, tmp_path):
    book(studio.hour, at(10), now())
    save(tmp_path / "copy")
    db.session.remove()
    assert load(tmp_path / "copy") == 2
    states = set(db.session.scalars(select(OutgoingMail.state)))
    assert states == {MailState.VOID}


def test_every_copy_taken_under_load_is_whole(app, studio, now, tmp_path):
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with app.app_context():
            moment = at(9, day=30)
            while not stop.is_set() and len(written) < 60:
                book(
                    studio.training,
                    moment,
                    now(),
                    visitor=f"v{len(written)}",
                    details=guest(len(written)),
                )
                written.append(1)
                moment += timedelta(hours=24 if moment.hour == 20 else 1)
                while moment.weekday() > 4:
                    moment += timedelta(days=1)
            db.session.remove()

    writer = threading.Thread(target=write)
    writer.start()
    copies: list[Path] = []
    counts: list[int] = []
    while len(copies) < 5:
        counts.append(len(written))
        copies.append(tmp_path / f"copy-{len(copies)}")
        save(copies[-1])
    stop.set()
    writer.join()
    assert len(written) > 0
    db.session.remove()
    for path, least in zip(copies, counts, strict=True):
        load(path)
        assert count() >= least
        assert findings(now()) == []
        db.session.remove()


def guest(number: int):
    return Details(f"Guest {number}", f"guest{number}@example.com")


def test_a_copy_never_replaces_a_file(studio, tmp_path):
    path = tmp_path / "copy"
    path.write_text("mine")
    with pytest.raises(BackupError, match="exists already"):
        save(path)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("content", ["not a database at all" * 100, ""], ids=["text", "empty"])
def test_what_is_no_copy_is_refused_and_changes_nothing(studio, now, tmp_path, content):
    book(studio.hour, at(10), now())
    path = tmp_path / "copy"
    path.write_text(content)
    db.session.remove()
    with pytest.raises(BackupError):
        load(path)
    assert count() == 1

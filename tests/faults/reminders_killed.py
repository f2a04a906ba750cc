"""Reminders that are due, two workers, and kill -9: what arrives, what is lost, what comes twice.

`python -m tests.faults.reminders_killed 100000 200` runs it at full length on both databases;
with the name of one behind it, on that one.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import func, insert, select

from booking import create_app
from booking.accounts.models import Person
from booking.bookings.models import Booking, Reminder, ReminderOutcome, Status
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.mail.smtp import message_id
from booking.scheduling.models import Claim, ClaimKind
from tests import databases, postgres
from tests.cast import Studio, make_studio
from tests.conftest import NOW, USUAL
from tests.faults.forks import CONTEXT
from tests.faults.mail_sink import STAGES, Sink, sinking
from tests.faults.mail_worker import work

LATER = ("soon after", "while another sends")
MOMENTS = (*STAGES, *LATER)
# By how many seconds the clock goes on with each death: a dead worker's lease ends some time later.
STEP = 15
PATIENCE = 120
BLOCK = 5000


@dataclass
class Outcome:
    """How it ended."""

    mails: int
    kills: int = 0
    lost: int = 0
    extra: int = 0
    unmarked: int = 0
    seconds: float = 0
    moments: dict[str, int] = field(default_factory=dict)


def fill(studio: Studio, count: int, now: datetime) -> None:
    """Write bookings whose reminder is due, straight into the tables."""
    start = now + timedelta(hours=10)
    person = {"name": "Grace Hill", "folded_name": "grace hill", "created_at": now}
    last = db.session.scalar(select(func.max(Person.id))) or 0
    persons = [person | {"email": f"grace{n}@example.com"} for n in range(100)]
    db.session.execute(insert(Person), persons)
    booking = {
        "service_id": studio.massage, "option_id": studio.hour, "practitioner_id": studio.lena,
        "service_name": "Massage", "starts_at": start, "ends_at": start + timedelta(hours=1),
        "local_start": (start - timedelta(hours=5)).replace(tzinfo=None),
        "zone_name": "America/New_York", "before_minutes": 0, "after_minutes": 15,
        "price_cents": 9500, "currency": "USD", "status": Status.BOOKED, "revision": 1,
        "cancel_until": start, "move_until": start, "undo_until": now, "policy_version": 1,
        "note": "", "created_at": now - timedelta(days=9),
    }  # fmt: skip
    for first in range(1, count + 1, BLOCK):
        ids = range(first, min(first + BLOCK, count + 1))
        claim = {"kind": ClaimKind.BOOKING, "created_at": now}
        db.session.execute(insert(Claim), [claim | {"id": one} for one in ids])
        rows = [booking | {"id": n, "claim_id": n, "person_id": last + 1 + n % 100} for n in ids]
        db.session.execute(insert(Booking), rows)
        due = {"revision": 1, "lead_minutes": 600, "due_at": now}
        db.session.execute(insert(Reminder), [due | {"booking_id": one} for one in ids])


class Killer:
    """Kills a worker at a moment of its conversation, or while it does something else."""

    def __init__(self, sink: Sink, dice: random.Random, living: Callable[[], list[int]]):
        self.sink, self.dice, self.living = sink, dice, living
        self._armed: tuple[str, int] | None = None
        self._lock = threading.Lock()
        sink.on_stage = self.at

    def arm(self, stage: str | None, from_total: int = 0) -> None:
        with self._lock:
            self._armed = (stage, from_total) if stage else None

    def at(self, stage: str, pid: int) -> None:
        with self._lock:
            if self._armed is None or self.sink.total < self._armed[1]:
                return
            wanted = self._armed[0]
            if stage != ("answered" if wanted in LATER else wanted):
                return
            self._armed = None
        if wanted == LATER[1]:
            pid = next((one for one in self.living() if one != pid), pid)
        if wanted in LATER:
            time.sleep(self.dice.uniform(0, 0.03))
        os.kill(pid, signal.SIGKILL)


class Workers:
    """Two of them, each replaced by another when it has been killed, with one clock for all."""

    def __init__(self, settings: dict, way: str):
        self.clock = CONTEXT.Value("d", NOW.timestamp())
        self.settings, self.way = settings, way
        self.living = [self.start(), self.start()]

    def start(self, *, once: bool = False) -> BaseProcess:
        process = CONTEXT.Process(
            target=work, args=(self.settings, self.clock, self.way, once), daemon=True
        )
        process.start()
        return process

    def pids(self) -> list[int]:
        return [one.pid or 0 for one in self.living]

    def replace_the_dead(self) -> None:
        """Wait for a death, and start another in its place."""
        found = wait([one.sentinel for one in self.living], PATIENCE)
        assert found, "one of them should have died sending"
        for number, one in enumerate(self.living):
            if one.sentinel in found:
                one.join()
                assert one.exitcode == -signal.SIGKILL
                self.clock.value += STEP
                self.living[number] = self.start()

    def stop(self) -> list[int | None]:
        """Tell them to stop; return how they ended."""
        for one in self.living:
            one.terminate()
        for one in self.living:
            one.join(PATIENCE)
        return [one.exitcode for one in self.living]

    def last_turn(self) -> None:
        """What the killed ones held is sent when their leases are over."""
        self.clock.value += 360
        last = self.start(once=True)
        last.join(PATIENCE)
        assert last.exitcode == 0


def run(
    settings: dict,
    studio: Studio,
    mails: int,
    kills: int,
    way: str = "ours",
    moments: Sequence[str] = MOMENTS,
) -> Outcome:
    """Kill workers again and again while they send; say what came of the mails."""
    transact(fill, studio, mails, NOW)
    db.session.remove()
    outcome, dice, begun = Outcome(mails), random.Random(1), time.monotonic()
    with sinking() as sink:
        workers = Workers({**settings, "SMTP_URL": sink.url}, way)
        killer = Killer(sink, dice, workers.pids)
        stages = dice.sample(moments, len(moments))
        gap = max(mails // (2 * kills), 1)
        for death in range(kills):
            stage = stages[death % len(stages)]
            killer.arm(stage, sink.total + dice.randint(0, gap))
            workers.replace_the_dead()
            outcome.kills += 1
            outcome.moments[stage] = outcome.moments.get(stage, 0) + 1
        _wait_until_quiet()
        assert workers.stop() == [0, 0], "told to stop, they end cleanly"
        workers.last_turn()
        judge(outcome, sink)
    outcome.seconds = round(time.monotonic() - begun, 1)
    return outcome


def _wait_until_quiet() -> None:
    """Wait until nothing is left but what dead workers hold."""
    give_up = time.monotonic() + 3600
    while time.monotonic() < give_up:
        db.session.rollback()
        planned = select(Reminder.id).where(Reminder.done_at.is_(None)).exists()
        free = select(OutgoingMail.id).where(
            OutgoingMail.state == MailState.WAITING, OutgoingMail.lease.is_(None)
        )
        if not db.session.scalar(select(planned | free.exists())):
            db.session.remove()
            return
        time.sleep(0.1)
    raise AssertionError("the mails never left")


def judge(outcome: Outcome, sink: Sink) -> None:
    """Count what arrived against what should have."""
    db.session.rollback()
    keys = db.session.scalars(select(OutgoingMail.dedupe_key)).all()
    wanted = {message_id(key, USUAL["MAIL_FROM"]) for key in keys}
    sent = select(func.count(Reminder.id)).where(Reminder.outcome == ReminderOutcome.SENT)
    assert len(wanted) == db.session.scalar(sent) == outcome.mails
    assert set(sink.copies) <= wanted
    outcome.lost = len(wanted - set(sink.copies))
    outcome.extra = sink.total - len(sink.copies)
    waiting = select(func.count(OutgoingMail.id)).where(OutgoingMail.state != MailState.SENT)
    outcome.unmarked = db.session.scalar(waiting) or 0


@contextmanager
def connected_app(url: str, folder: Path) -> Iterator[dict]:
    settings = {**USUAL, "INSTANCE_PATH": str(folder), "SQLALCHEMY_DATABASE_URI": url}
    databases.migrated(url, folder)
    app = create_app(settings)
    with app.app_context():
        yield settings
        db.session.remove()
        db.engine.dispose()


def main(mails: int = 100_000, kills: int = 200, *names: str) -> None:
    """Run it as long as wanted on the named databases or both, with the settings of earnest.

    In memory, where the machine has a place for that: killing a process takes nothing from what it
    gave to the kernel, and three commits a mail would measure the disk.
    """
    memory = Path("/dev/shm")
    place = str(memory) if memory.is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=place) as folder,
        postgres.running(place=place or "/tmp") as server,
    ):
        server.run("createdb", "-h", str(server.folder), "-U", "postgres", "reminders")
        urls = {
            "sqlite": f"sqlite:///{folder}/reminders.sqlite3",
            "postgresql": server.url("reminders"),
        }
        for name in names or urls:
            with connected_app(urls[name], Path(folder)) as settings:
                outcome = run(settings, make_studio(NOW), mails, kills)
            print(f"{name}: {outcome}, {mails / outcome.seconds:.0f} mails/s")  # noqa: T201
            if outcome.lost or outcome.unmarked or outcome.extra > outcome.kills:
                raise SystemExit(f"{name}: mails are lost or repeated")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:])

"""How fast mails leave, and what the worker costs when there is nothing to do.

Run with ``python bench/mail.py`` (``python bench/mail.py 2000 20000`` for fewer mails to send and
fewer that wait). Mails go to a server on loopback that takes everything; the rows that wait are
reminders and mails for tomorrow. On both databases, written to disk as durably as in earnest.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import current_app
from sqlalchemy import event, insert, text

from booking import clock, sending, worker
from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from tests import postgres
from tests.cast import make_studio
from tests.conftest import NOW
from tests.faults.mail_sink import sinking
from tests.faults.reminders_killed import connected_app, fill

ROUNDS = 200
BLOCK = 5000


def write_mails(count: int, prefix: str) -> None:
    mail = {
        "kind": "test", "about": "", "about_revision": 1, "to_address": "a@example.com",
        "subject": "Your session tomorrow", "body_text": "See you.\n" * 40,
        "state": MailState.WAITING, "body_html": "<p>See you.</p>" * 200, "due_at": NOW,
        "attempts": 0, "created_at": NOW,
    }  # fmt: skip
    for first in range(0, count, BLOCK):
        numbers = range(first, min(first + BLOCK, count))
        rows = [mail | {"dedupe_key": f"{prefix}-{number}"} for number in numbers]
        db.session.execute(insert(OutgoingMail), rows)


def put_off(table: str) -> None:
    day = "due_at + interval '1 day'"
    if db.engine.dialect.name == "sqlite":
        day = "datetime(due_at, '+1 day')"
    db.session.execute(text(f"UPDATE {table} SET due_at = {day}"))


def measure(name: str, mails: int, waiting: int) -> None:
    studio = make_studio(NOW)
    transact(fill, studio, waiting, NOW)
    transact(write_mails, waiting, "later")
    for table in ("outgoing_mail", "reminder"):
        transact(put_off, table)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    worker.turn()
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:  # noqa: ANN001, ANN002
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    begun = time.perf_counter()
    for _round in range(ROUNDS):
        worker.turn()
    spent = (time.perf_counter() - begun) / ROUNDS
    event.remove(db.engine, "before_cursor_execute", note)
    asked = len([one for one in statements if not one.startswith("BEGIN")]) / ROUNDS
    print(f"{name}: empty turn with {waiting:,} reminders and {waiting:,} mails for later: "
          f"{asked:.0f} statements, {spent * 1000:.1f} ms")  # fmt: skip
    transact(write_mails, mails, "now")
    batches = []
    with sinking() as sink:
        current_app.config["SMTP_URL"] = sink.url
        while True:
            begun = time.perf_counter()
            count = sending.send_due()
            if not count:
                break
            batches.append(count / (time.perf_counter() - begun))
        print(f"{name}: {sink.total:,} mails sent, {statistics.median(batches):.0f} mails/s")


def main(mails: int = 5_000, waiting: int = 100_000) -> None:
    clock.utcnow = lambda: NOW
    with tempfile.TemporaryDirectory() as folder, postgres.running() as server:
        server.run("createdb", "-h", str(server.folder), "-U", "postgres", "mail")
        for name, url in (
            ("SQLite", f"sqlite:///{folder}/mail.sqlite3"),
            ("PostgreSQL", server.url("mail")),
        ):
            with connected_app(url, Path(folder)):
                measure(name, mails, waiting)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

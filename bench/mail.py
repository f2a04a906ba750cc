"""How fast mails leave, what the worker costs with nothing to do, and whether pages wait for it.

Run with ``python bench/mail.py`` (``python bench/mail.py 200 10000`` for fewer mails to send
and fewer that wait). Mails go to a server on loopback that takes everything; the rows that wait are
reminders and mails for tomorrow. On both databases, written to disk as durably as in earnest. It
takes two or three minutes, also on a busy machine: mails are sent for half a minute at most.
"""

import contextlib
import re
import secrets
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask, current_app
from sqlalchemy import Connection, event, func, insert, select, text

from booking import clock, sending, worker
from booking.bookings.models import Booking, Reminder
from booking.database import db, transact
from booking.mail import lane
from booking.mail.models import MailState, OutgoingMail
from booking.scheduling.models import Claim
from tests import postgres
from tests.cast import make_studio
from tests.conftest import NOW
from tests.faults.mail_sink import sinking
from tests.faults.reminders_killed import connected_app, fill
from tests.test_empty_turn import plans

ROUNDS = 50
FEW = 1000
# How long pages are asked for beside each kind of server.
SECONDS, TURNS = 3, 4
# Enough mails have left to tell how fast.
ENOUGH = 30
BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
SCANS = r"(?:SCAN|Seq Scan on) (\w+)"
Asked = list[tuple[str, Any]]
MAIL = {
    "kind": "test", "about": "", "about_revision": 1, "to_address": "a@example.com",
    "subject": "Your session tomorrow", "body_text": "See you.\n" * 40,
    "state": MailState.WAITING, "body_html": "<p>See you.</p>" * 200, "due_at": NOW,
    "attempts": 0, "created_at": NOW,
}  # fmt: skip


def write_mails(count: int, prefix: str) -> None:
    rows = [MAIL | {"dedupe_key": f"{prefix}-{number}"} for number in range(count)]
    db.session.execute(insert(OutgoingMail), rows)


def grow(table: Any, changed: dict[str, str], count: int) -> None:
    """Copy a table's newest row until there are `count`; `n` counts the copies in `changed`.

    One statement of the database: rows that go through Python one by one take minutes.
    """
    newest = db.session.scalar(select(func.max(table.id)))
    names = [column.name for column in table.__table__.columns]
    names = [name for name in names if name != "id" or "id" in changed]
    values = ", ".join(changed.get(name, name) for name in names)
    db.session.execute(
        text(
            f"INSERT INTO {table.__tablename__} ({', '.join(names)}) "
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
            f"WHERE n < :more) SELECT {values} FROM {table.__tablename__}, numbers WHERE id = :one"
        ),
        {"more": count - (db.session.scalar(select(func.count(table.id))) or 0), "one": newest},
    )


def wait_for_later(count: int) -> None:
    """Let so many reminders and mails wait for tomorrow."""
    for table, changed in (
        (Claim, {"id": "id + n"}),
        (Booking, {"id": "id + n", "claim_id": "claim_id + n"}),
        (Reminder, {"booking_id": "booking_id + n"}),
        (OutgoingMail, {"dedupe_key": f"'{count}-' || n"}),
    ):
        transact(grow, table, changed, count)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
        if not is_sqlite():
            connection.exec_driver_sql("VACUUM")


def begin(waiting: int) -> None:
    """One reminder and one mail that wait for tomorrow, and their studio."""
    studio = make_studio(NOW)
    transact(fill, studio, 1, NOW)
    transact(write_mails, 1, f"later-{waiting}")
    for table in ("outgoing_mail", "reminder"):
        day = "datetime(due_at, '+1 day')" if is_sqlite() else "due_at + interval '1 day'"
        transact(db.session.execute, text(f"UPDATE {table} SET due_at = {day}"))


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@contextmanager
def listening() -> Iterator[Asked]:
    """Note what the database is asked."""
    asked: Asked = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if not statement.startswith(BEGINNINGS):
            asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def empty_turns(name: str, waiting: int) -> None:
    """Say what a turn costs in which nothing is due, and how the database finds that out."""
    worker.turn()
    with listening() as asked:
        worker.turn()
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        worker.turn()
        times.append((time.perf_counter() - begun) * 1000)
    db.session.remove()
    with db.engine.connect() as connection, connection.begin() as transaction:
        facts = explained(connection, asked)
        transaction.rollback()
    print(f"{name}: empty turn with {waiting:,} reminders and {waiting:,} mails for later: "
          f"{len(asked)} statements, {statistics.median(times):.0f} ms, at best "
          f"{min(times):.0f} ms; {facts}", flush=True)  # fmt: skip


def explained(connection: Connection, asked: Asked) -> str:
    """Say how many searches in indexes the statements are, and which tables are read whole."""
    if is_sqlite():
        found = "\n".join(plans(connection, asked))
        searches = len(re.findall(r"SEARCH .* USING", found))
        return f"{searches} searches in indexes, read whole: {named(SCANS, found)}"
    rows = [
        str(row[0])
        for statement, values in asked
        for row in connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {statement}", values
        )
    ]
    found = "\n".join(rows)
    searches = len(re.findall(r"Index (?:Only )?Scan", found))
    read = re.findall(r"^ *Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", sums(rows), re.M)
    pages = sum(int(number) for one in read for number in one if number)
    return f"{searches} searches in indexes, {pages} pages read, read whole: {named(SCANS, found)}"


def sums(rows: list[str]) -> str:
    """Keep of each plan the sum, which stands at its root."""
    kept, is_new = [], True
    for row in rows:
        if is_new and "Buffers: shared" in row:
            kept.append(row)
            is_new = False
        is_new = is_new or row.startswith("Execution Time")
    return "\n".join(kept)


def named(pattern: str, found: str) -> str:
    return ", ".join(sorted(set(re.findall(pattern, found)))) or "none"


def send_all(name: str, mails: int) -> None:
    """Say how fast mails leave that are due."""
    transact(write_mails, mails, "now")
    transact(lane.open_again)
    rates = []
    with sinking() as sink:
        current_app.config["SMTP_URL"] = sink.url
        until = time.monotonic() + ENOUGH
        while time.monotonic() < until:
            begun = time.perf_counter()
            count = sending.send_due()
            if not count:
                break
            rates.append(count / (time.perf_counter() - begun))
        print(f"{name}: {sink.total:,} mails sent, {statistics.median(rates):.0f} mails/s",
              flush=True)  # fmt: skip


@contextmanager
def away() -> Iterator[str]:
    yield "smtp://127.0.0.1:1"


@contextmanager
def tarpit() -> Iterator[str]:
    """A server that lets everybody in and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def taking() -> Iterator[str]:
    with sinking() as sink:
        yield sink.url


SERVERS: dict[str, Callable[[], contextlib.AbstractContextManager[str]]] = {
    "beside a server that takes mails": taking,
    "beside one that is away": away,
    "beside one that never answers": tarpit,
}


def pages_beside(name: str) -> None:
    """Say how long pages take, to read and to write, while a worker has mails to send.

    In turns, so that whatever else the machine does meanwhile slows all of them alike.
    """
    transact(write_mails, 100, "held")
    times: dict[str, tuple[list[float], list[float]]] = {words: ([], []) for words in SERVERS}
    for _turn in range(TURNS):
        for words, server in SERVERS.items():
            with server() as url:
                loop, thread = begin_sending(url)
                ask(loop.app, *times[words])
                loop.stop()
            thread.join()  # Soon: its server is gone.
    for words, (reading, writing) in times.items():
        print(f"{name}, {words}: a page {milliseconds(reading)}, "
              f"a form that writes {milliseconds(writing)}", flush=True)  # fmt: skip


def begin_sending(url: str) -> tuple[worker.Loop, threading.Thread]:
    """Let a worker send there, in a thread beside the site as usual."""
    proxy: Any = current_app
    loop = worker.Loop(proxy._get_current_object())  # noqa: SLF001 - for another thread
    transact(lane.open_again)
    loop.app.config["SMTP_URL"] = url
    thread = threading.Thread(target=loop.run)
    thread.start()
    return loop, thread


def ask(app: Flask, reading: list[float], writing: list[float]) -> None:
    client, until = app.test_client(), time.monotonic() + SECONDS
    while time.monotonic() < until:
        begun = time.perf_counter()
        assert client.get("/").status_code == 200
        reading.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        data = {"email": f"{secrets.token_hex(8)}@example.com"}
        assert client.post("/sign-in/link", data=data).status_code in {200, 303}
        writing.append(time.perf_counter() - begun)


def milliseconds(times: list[float]) -> str:
    slow = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times) * 1000:.0f} ms (19 of 20 within {slow * 1000:.0f})"


def measure(name: str, mails: int, waiting: int) -> None:
    begin(waiting)
    for count in (min(FEW, waiting), waiting):
        wait_for_later(count)
        empty_turns(name, count)
    pages_beside(name)
    send_all(name, mails)


def main(mails: int = 1_000, waiting: int = 100_000) -> None:
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

"""What a turn of the worker costs when there is nothing to do: index reads, and as many as ever."""

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.engine import Connection

from booking.database import db, transact
from booking.mail.models import MailState, OutgoingMail
from booking.worker import turn
from tests.faults.reminders_killed import fill

# Each looks for one thing that is due. A new kind of work that the worker does adds to it.
MOST = 12


def wait_for_later(now, count: int) -> None:
    """Mails and reminders that are due tomorrow."""
    mail = {
        "kind": "test", "about": "", "about_revision": 1, "to_address": "a@example.com",
        "subject": "S", "body_text": "T", "body_html": "H", "state": MailState.WAITING,
        "due_at": now(), "attempts": 0, "created_at": now(),
    }  # fmt: skip
    db.session.execute(
        insert(OutgoingMail), [mail | {"dedupe_key": f"later-{number}"} for number in range(count)]
    )
    for table in ("outgoing_mail", "reminder"):
        day = (
            "datetime(due_at, '+1 day')"
            if db.engine.dialect.name == "sqlite"
            else "due_at + interval '1 day'"
        )
        db.session.execute(text(f"UPDATE {table} SET due_at = {day}"))


def plans(connection: Connection, asked: list[tuple[str, object]]) -> list[str]:
    """How the database would find the answer to each question."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        # With few rows it would read them all: can it do without?
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    found = []
    for statement, values in asked:
        how = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        rows = connection.exec_driver_sql(how + statement, values).all()
        found.append("\n".join(str(row[-1]) for row in rows))
    return found


@pytest.fixture
def asked(app):
    seen: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_rest) -> None:
        seen.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_empty_turn_reads_indexes_however_much_waits_for_later(studio, now, asked):
    transact(fill, studio, 300, now())
    transact(wait_for_later, now, 300)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    db.session.remove()
    asked.clear()
    assert turn() == 0
    questions = [one for one in asked if not one[0].startswith(("BEGIN", "SAVEPOINT"))]
    assert len(questions) <= MOST
    with db.engine.connect() as connection, connection.begin():
        found = "\n\n".join(plans(connection, questions))
    for table in ("outgoing_mail", "reminder", "booking"):
        assert f"SCAN {table}\n" not in f"{found}\n", found
        assert f"Seq Scan on {table}" not in found, found
    for index in ("ix_outgoing_mail_due", "ix_reminder_due"):
        (plan,) = [one for one in found.split("\n\n") if index in one]
        assert "Sort" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan

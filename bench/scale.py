"""What a chain of studios costs: ``python bench/scale.py [--bookings N] [--practitioners N]``.

Fills a PostgreSQL of its own with a demo, then with copies of one booking and all that belongs to
it: claims, what was agreed, reminders, mails, the trail. Then it opens the hot pages, books, and
lets the worker take an empty turn, has the database explain each statement that this asked, and
prints tables in Markdown: sizes, and time and rows touched of each statement, the dearest first.
The figures of docs/scaling.md are its output.
"""

import argparse
import json
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Connection, event, text

from bench.scale_rows import ONE, Plan, copy_all
from booking import clock, create_app
from booking.accounts.models import Account, Person
from booking.catalog.models import Service
from booking.database import db
from booking.demo import fill
from booking.worker import look_around, sweep, turn
from tests.cast import sign_in
from tests.postgres import running

DAY = timedelta(days=1)
SHOWN = 25
# What PostgreSQL is given here; its own defaults are those of a very small machine.
SERVER = ("-c shared_buffers=1GB", "-c max_wal_size=4GB", "-c work_mem=16MB", "-c fsync=off")
# What can be asked again without a conflict; it is taken back each time.
EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE)")
# What a mail's texts take in the database, compressed as it keeps them.
LETTERS = """
    SELECT avg(pg_column_size(body_text) + pg_column_size(body_html)
               + coalesce(pg_column_size(calendar_text), 0)) FROM outgoing_mail"""
SIZES = """
    SELECT c.relname, s.n_live_tup, pg_table_size(c.oid), pg_indexes_size(c.oid)
    FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
    ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 14"""


@dataclass
class Asked:
    """A statement as the database explained it: milliseconds, pages of 8 KB, tables read whole."""

    what: str
    statement: str
    spent: float
    pages: int
    whole: list[str]


@contextmanager
def installation(url: str, folder: str) -> Iterator[Flask]:
    app = create_app(
        {
            "SECRET_KEY": "k" * 40,
            "SQLALCHEMY_DATABASE_URI": url,
            "INSTANCE_PATH": folder,
            "RATELIMIT_ENABLED": False,
            "FORM_SECONDS": 0,
            "KEEP_PAGES": False,
            "PUBLIC_URL": "http://localhost",
        }
    )
    with app.app_context():
        upgrade()
        logging.disable(logging.INFO)
        fill.fill(clock.utcnow())
    yield app
    with app.app_context():
        db.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=1_000_000)
    parser.add_argument("--practitioners", type=int, default=100)
    given = parser.parse_args()
    plan = Plan(given.bookings, given.practitioners, clock.utcnow())
    with (
        running(*SERVER) as server,
        tempfile.TemporaryDirectory() as folder,
        installation(server.url("postgres"), folder) as app,
    ):
        begun = time.monotonic()
        with app.app_context(), db.engine.begin() as connection:
            letters = connection.execute(text(LETTERS)).scalar_one()
            copy_all(connection, plan)
        with (
            app.app_context(),
            db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            connection.execute(text("VACUUM ANALYZE"))
            print(f"{plan.bookings:,} bookings of {plan.practitioners:,} practitioners, "
                  f"written in {time.monotonic() - begun:.0f} s\n")  # fmt: skip
            print_sizes(connection, plan)
            print(f"\nThe copied mails are empty; one of the demo takes {letters:,.0f} bytes more.")
        print_plans(app, plan)


def print_sizes(connection: Connection, plan: Plan) -> None:
    print("| table | rows | table, MB | indexes, MB | bytes a booking |\n|---|---:|---:|---:|---:|")
    for name, rows, table, indexes in connection.execute(text(SIZES)):
        each = (table + indexes) / plan.bookings
        print(f"| {name} | {rows:,} | {table / 1e6:,.0f} | {indexes / 1e6:,.0f} | {each:,.0f} |")


def print_plans(app: Flask, plan: Plan) -> None:
    found: list[Asked] = []
    opened: list[tuple[str, int, float]] = []
    for what, spent, asked in visits(app, plan):
        with app.app_context():
            explained = [explain(what, *one) for one in asked if EXPLAINED.match(one[0])]
        found.extend(explained)
        opened.append((what, len(asked), spent))
    print("\n| page | statements | ms, in process |\n|---|---:|---:|")
    for what, count, spent in opened:
        print(f"| {what} | {count} | {spent * 1000:.1f} |")
    print("\n| page | statement | ms | pages read | read whole |\n|---|---|---:|---:|---|")
    for one in sorted(found, key=lambda one: -one.spent)[:SHOWN]:
        whole = ", ".join(one.whole)
        print(f"| {one.what} | `{one.statement}` | {one.spent:.2f} | {one.pages} | {whole} |")
    print(f"\n{len(found)} statements, {sum(one.spent for one in found):.0f} ms in all.")


def visits(app: Flask, plan: Plan) -> Iterator[tuple[str, float, list[tuple[str, Any]]]]:
    """Yield what was done, how long it took the second time, and what it asked of the database."""
    asked: list[tuple[str, Any]] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
    for what, do in (*pages(app, plan), *work(app)):
        do()
        asked.clear()
        begun = time.perf_counter()
        do()
        yield what, time.perf_counter() - begun, list(asked)


def work(app: Flask) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the worker does."""
    steps = {
        "a turn": turn,
        "a look around": look_around,
        "sweeping": partial(sweep, clock.utcnow()),
    }
    for what, step in steps.items():
        yield f"worker, {what}", partial(in_context, app, step)


def in_context(app: Flask, step: Callable[[], object]) -> None:
    with app.app_context():
        step()


def pages(app: Flask, plan: Plan) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the hot pages, each for whom it is."""
    day = (plan.now + 20 * DAY).date()
    anybody, client, manager = app.test_client(), app.test_client(), app.test_client()
    with app.app_context():
        # The booking that all others are copies of.
        booking = db.session.execute(text(ONE)).mappings().one()
        person = db.session.get_one(Person, booking["person_id"])
        slug = db.session.get_one(Service, booking["service_id"]).slug
        name = person.name.split()[0]
        staff = db.session.scalars(db.select(Account.id).where(Account.role == "manager"))
        sign_in(client, person.account_id or 0, plan.now)
        sign_in(manager, staff.first() or 0, plan.now)
    for what, browser, path in (
        ("home", anybody, "/"),
        ("service", anybody, f"/services/{slug}"),
        ("openings of a day", anybody, f"/services/{slug}?day={day}"),
        ("openings of a month", anybody, f"/services/{slug}/month/{day:%Y-%m}"),
        ("timetable", anybody, "/classes"),
        ("my bookings", client, "/my/bookings"),
        ("day", manager, "/studio/"),
        ("week", manager, f"/studio/week/{day}"),
        ("clients", manager, "/studio/clients"),
        ("search of clients", manager, f"/studio/clients?q={name}"),
        ("mails", manager, "/studio/mails"),
        ("money", manager, "/studio/money"),
    ):
        yield what, partial(open_page, browser, path)
    yield "a whole booking", partial(book, app, f"/services/{slug}")


def book(app: Flask, path: str) -> None:
    """Book the first time that a service's page offers, as a visitor who is new to it."""
    visitor = app.test_client()
    page = visitor.get(path).get_data(as_text=True)
    names = ("csrf_token", "option", "start")
    pressed = {name: value_of(name, page) for name in names}
    held = visitor.post("/book", data=pressed)
    form = visitor.get(held.location).get_data(as_text=True)
    typed = {"name": "Grace Hill", "email": "grace@example.com", "policy": "y"}
    known = {name: value_of(name, form) for name in ("csrf_token", "shown")}
    answer = visitor.post(held.location, data={**typed, **known, "option": pressed["option"]})
    if answer.status_code != 303:
        raise SystemExit(f"booking: {answer.status_code}")


def value_of(name: str, page: str) -> str:
    """Return the first value of a name in a page's forms."""
    found = re.search(f'name="{name}"[^>]* value="([^"]*)"', page)
    if found is None:
        raise SystemExit(f"there is no {name} on the page")
    return found[1]


def open_page(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")


def explain(what: str, statement: str, values: Any) -> Asked:
    with db.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
        row = cursor.fetchone()
    assert row is not None
    told = row[0] if isinstance(row[0], list) else json.loads(row[0])
    root = told[0]
    nodes = list(walk(root["Plan"]))
    whole = [one["Relation Name"] for one in nodes
             if one["Node Type"] == "Seq Scan" and one["Actual Rows"] + one.get(
                 "Rows Removed by Filter", 0) > 1000]  # fmt: skip
    pages = root["Plan"]["Shared Hit Blocks"] + root["Plan"]["Shared Read Blocks"]
    tables = re.findall(r"\b(?:FROM|JOIN) (\w+)", statement)
    named = re.findall(r"^\s*UPDATE (\w+)", statement) + tables
    short = f"{statement.split(None, 1)[0]} … {', '.join(dict.fromkeys(named))}"
    return Asked(what, short[:90], root["Execution Time"], pages, whole)


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)


if __name__ == "__main__":
    main()

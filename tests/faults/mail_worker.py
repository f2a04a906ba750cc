"""A worker as a process of its own, with the clock of the test and a strategy to send by.

Processes are forked from one that has loaded all this already: two hundred of them are started.
"""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from booking import clock, sending, worker
from booking.database import db, transact
from booking.mail import claims
from booking.sending import Batch
from tests import apps

IN_ONE = 20


def _ready_app(url: str) -> Flask:
    """Make an application that has yet to learn which database is its own; none is opened."""
    app = apps.make({"SECRET_KEY": "k" * 40, "SQLALCHEMY_DATABASE_URI": url}, FlaskClient)
    with app.app_context():
        apps.follow_address(db.engine)
    # What each of them would otherwise compile again.
    for name in app.jinja_env.list_templates(filter_func=lambda name: "mail/remind" in name):
        app.jinja_env.get_template(name)
    return app


APPS = {"sqlite": _ready_app("sqlite://"), "postgresql": _ready_app("postgresql+psycopg://none")}


def work(settings: dict, seconds: Synchronized, way: str, once: bool) -> None:
    """Run a worker until it is told to stop; with `once` until nothing is left.

    Its clock shows `seconds` since 1970, for all workers alike.
    """
    clock.utcnow = lambda: datetime.fromtimestamp(seconds.value, UTC)
    # Few over one connection, so that connections are made all the time.
    sending.BATCH = 20
    if change := WAYS[way]:
        change()
    app = APPS[make_url(settings["SQLALCHEMY_DATABASE_URI"]).get_backend_name()]
    app.config.update(settings)
    # What the sink knows it by.
    app.config["PUBLIC_URL"] = f"https://pid-{os.getpid()}.example"
    with app.app_context():
        db.engine.url = make_url(settings["SQLALCHEMY_DATABASE_URI"])
    loop = worker.Loop(app, idle_seconds=0.05)
    # It is there for the mails.
    loop._swept_at = loop._looked_at = clock.utcnow()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: loop.stop())
    loop.run(once=once)
    with app.app_context():
        db.engine.dispose()


def mark_first() -> None:
    """A wrong way: marked as sent, then sent. Who dies in between has lost a mail."""
    real = Batch._hand_over

    def hand_over(batch: Batch, mail):
        transact(claims.mark_sent, mail.id, mail.lease, clock.utcnow())
        return real(batch, mail)

    Batch._hand_over = hand_over


def commit_at_end() -> None:
    """Another: many mails in one transaction. Who dies in it has sent them for nothing."""

    def send_next(batch: Batch) -> bool:
        if not batch._is_ready():
            return False
        return transact(lambda: sum(send_one(batch) for _mail in range(IN_ONE)) > 0)

    def send_one(batch: Batch) -> bool:
        mail = claims.claim_next(clock.utcnow())
        if mail is None:
            return False
        message = sending._compose(mail, "studio@heronlane.example", clock.utcnow())
        batch.outlet.make_ready()
        batch.outlet.send(message, "studio@heronlane.example", mail.to_address)
        claims.mark_sent(mail.id, mail.lease or "", clock.utcnow())
        return True

    Batch.send_next = send_next


WAYS: dict[str, Callable[[], None] | None] = {
    "ours": None,
    "mark first": mark_first,
    "commit at the end": commit_at_end,
}

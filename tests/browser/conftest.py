"""The real server as a process, a real browser, and an eye on all that the pages do."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from booking import create_app
from booking.config import database_url
from booking.database import db
from tests.browser import mails
from tests.browser.watch import Watch
from tests.browser.world import World, make_world
from tests.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use the machine's own Chromium, and let it speak to nobody but the site."""
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    given = {"executable_path": program} if program else {}
    return {"headless": True, "args": QUIET.split(), **given, **browser_type_launch_args}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """Let pages scroll at once: a click waits until its button stands still."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def smtp_url(instance: Path) -> Iterator[str]:
    """The address of a real mail server, which keeps what it takes in the instance folder."""
    port = free_port()
    controller = Controller(mails.PostOffice(instance), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(scope="session")
def base_url(instance: Path, smtp_url: str) -> Iterator[str]:
    """The address of the site, served with its worker from a demo that it has just filled in."""
    port = free_port()
    command = ["-m", "flask", "--app", "tests.browser.server", "up", "--port", str(port)]
    own = {"INSTANCE_PATH": str(instance), "DATABASE_URL": "", "PUBLIC_URL": ""}
    own |= {"SMTP_URL": smtp_url, "MAIL_FROM": "studio@heronlane.example"}
    with (instance / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command], cwd=PROJECT, env=os.environ | own, stdout=log, stderr=log
        )
        try:
            _wait_until_it_answers(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                code = server.wait(timeout=10)
            finally:
                server.kill()
    said = (instance / "server.log").read_text()
    assert (code, "Traceback" in said) == (0, False), said


def _wait_until_it_answers(server: subprocess.Popen, port: int) -> None:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server has not started; see server.log in its instance folder")


@pytest.fixture
def watch(base_url: str) -> Iterator[Watch]:
    """What no page of any test may do: speak to another host, open a dialog, report an error."""
    seen = Watch(base_url)
    yield seen
    assert seen.wrong == []


@pytest.fixture
def new_context(new_context: Callable, watch: Watch) -> Callable[..., BrowserContext]:
    def make(**options: object) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(10_000)
        watch.follow(context)
        return context

    return make


@pytest.fixture(scope="session")
def site(instance: Path, base_url: str) -> Iterator[Flask]:
    """The same site in this process, for what no page tells: its routes, its database."""
    key = (instance / "secret_key").read_text().strip()
    settings = {"INSTANCE_PATH": str(instance), "PUBLIC_URL": base_url, "SECRET_KEY": key}
    app = create_app({**settings, "SQLALCHEMY_DATABASE_URI": database_url("", instance)})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def world(browser: Browser, base_url: str, instance: Path, site: Flask) -> World:
    """What the pages need to exist: bookings, a held time, people who are signed in."""
    return make_world(browser, base_url, instance, site)

"""The real site as processes that come and go, at addresses that stay.

All visitors come from one address and type in no time, so the limits on both are left out;
everything else is as installed.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from booking import create_app, server
from tests.faults.forks import CONTEXT
from tests.ports import free_port

# How long a server may take to begin to answer, and to end, in seconds.
PATIENCE = 60
# What the site's log says above the trace of a fault that it has no answer for.
FAULT = "unexpected fault"
SETTINGS = {
    "SECRET_KEY": "tests-only-" + "k" * 40,
    "PUBLIC_URL": "http://127.0.0.1",
    "SMTP_URL": None,
    "RUN_WORKER": False,
    "WEB_THREADS": 8,
    "PROXY_COUNT": 0,
    "RATELIMIT_ENABLED": False,
    "FORM_SECONDS": 0,
}
# What a process does to itself before it serves.
Prepare = Callable[[Flask], None]


class Site:
    """One web process after the other at one address."""

    def __init__(
        self, database_url: str, folder: Path, prepare: Prepare | None = None, **changes: Any
    ):
        self.settings = {
            **SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "INSTANCE_PATH": str(folder),
            **changes,
        }  # fmt: skip
        self.prepare = prepare
        self.port = free_port()
        self.log = folder / f"server-{self.port}.log"
        self.address = f"http://127.0.0.1:{self.port}"
        self.begin()

    def begin(self) -> None:
        """Start a process; it is not waited for."""
        self.process = CONTEXT.Process(
            target=_serve, args=(self.settings, self.port, str(self.log), self.prepare), daemon=True
        )
        self.process.start()

    def wait(self) -> None:
        """Wait until it answers."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self.process.is_alive():
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"no server began to answer on port {self.port}: {self.said()}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int | None:
        """Send a signal and wait for the end; returns the exit code, below 0 for a signal."""
        if self.process.is_alive():
            os.kill(self.process.pid or 0, how)
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
        return self.process.exitcode

    def said(self) -> str:
        """Its first unexpected fault, or what its log ends with: for a test that fails."""
        said = self.log.read_text() if self.log.exists() else ""
        return said[said.find(FAULT) :][:3000] if FAULT in said else said[-3000:]


def _serve(settings: dict, port: int, log: str, prepare: Prepare | None) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    app = create_app(settings)
    if prepare is not None:
        prepare(app)
    server.serve(app, "127.0.0.1", port)


@contextmanager
def sites(
    database_url: str, folder: Path, count: int, prepare: Prepare | None = None, **changes: Any
) -> Iterator[list[Site]]:
    """Sites on one database for the time of the block; each of them answers."""
    with ExitStack() as stack:
        made = [Site(database_url, folder, prepare, **changes) for _ in range(count)]
        for one in made:
            stack.callback(one.end)
        for one in made:
            one.wait()
        yield made

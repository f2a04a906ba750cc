"""The real site as a process, for the table of attacks: `python -m tests.attacks.server PORT`.

All is as installed but two things. Its clock stands still at the hour of the tests, so that the
table can name dates. And whoever asks says in a header from where: all requests come from one
machine, and the limits on how often one address may try are to hold here as well. It reaches no
other machine, and writes a line of each request, by which scan.py sees how far a scanner came.
A second argument names a protection to leave out: see controls.py.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from booking import PROJECT, clock, create_app, server
from tests.ports import free_port

# Monday, 23 November 2026, 8:00 in New York.
NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SECRET_KEY = "tests-only-" + "k" * 40
FROM = "X-Comes-From"
# How long a server may take to begin to answer, in seconds.
PATIENCE = 60


def main(port: int, without: str = "") -> None:
    clock.utcnow = lambda: NOW
    # The page that looks at the installation asks nobody elsewhere.
    app = create_app({"NAME_SERVERS": []})
    if without:
        from tests.attacks.controls import CONTROLS

        CONTROLS[without](app)
    inner = app.wsgi_app

    def from_elsewhere(environ, start_response):
        environ["REMOTE_ADDR"] = environ.pop("HTTP_X_COMES_FROM", "10.0.0.1")

        def noted(status, *rest):
            path = ascii(environ["PATH_INFO"])
            sys.stderr.write(f"asked {environ['REQUEST_METHOD']} {path} {status[:3]}\n")
            return start_response(status, *rest)

        return inner(environ, noted)

    app.wsgi_app = from_elsewhere
    server.serve(app, "127.0.0.1", port)


@contextmanager
def serving(database_url: str, folder: Path, without: str = "") -> Iterator[int]:
    """A server for the time of the block: its port."""
    port = free_port()
    settings = {
        "DATABASE_URL": database_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": "http://127.0.0.1",
        # Nobody sends anything, and no page says in which folder mails are kept.
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "studio@heronlane.example",
        "RUN_WORKER": "false",
        # A row has no time to read what it sends.
        "FORM_SECONDS": "0",
    }
    command = [sys.executable, "-m", "tests.attacks.server", str(port), without]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        with process:
            try:
                _wait_for(process, port, folder)
                yield port
            finally:
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()


def _wait_for(process: subprocess.Popen, port: int, folder: Path) -> None:
    from tests.attacks.wire import is_open

    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        if is_open(port):
            return
        time.sleep(0.05)
    raise RuntimeError("no server began to answer:\n" + (folder / "server.log").read_text())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

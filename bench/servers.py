"""The real site and the floor as processes, on each of the servers that are compared."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from booking import PROJECT
from tests.ports import free_port

SECRET = "bench-" + "k" * 40
# How long a server may take to begin to answer, and to end, in seconds.
PATIENCE = 60
WORKERS = 2
THREADS = 4
KINDS = ("waitress", "gunicorn", "granian")
WORDS = {
    "waitress": "one process of waitress, as shipped",
    "gunicorn": "two workers of gunicorn",
    "granian": "two workers of granian",
}


@dataclass
class Server:
    """A process that answers on a port of this machine."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def pids(self) -> list[int]:
        """Its process and those that it has started itself."""
        own = self.process.pid
        children = Path(f"/proc/{own}/task/{own}/children")
        return [own, *(int(one) for one in children.read_text().split())]

    @property
    def megabytes(self) -> float:
        """Memory that is in use by it alone or shared with its kin, in MB; Linux only."""
        return sum(_kilobytes(pid) for pid in self.pids) / 1024


def _kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def is_here(kind: str) -> bool:
    return kind == "waitress" or importlib.util.find_spec(kind) is not None


def command(kind: str, what: str, port: int) -> list[str]:
    """Return how to serve `what`, "site" or "floor", on a server of this kind."""
    python = [sys.executable, "-m"]
    named = {"site": "wsgi:app", "floor": "bench.floor:app"}[what]
    if kind == "waitress" and what == "site":
        return [*python, "flask", "--app", "wsgi", "up", "--port", str(port)]
    if kind == "waitress":
        return [*python, "bench.floor", str(port)]
    if kind == "gunicorn":
        return [
            *python, "gunicorn", named, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
            "--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "60",
        ]  # fmt: skip
    return [
        *python, "granian", "--interface", "wsgi", named, "--host", "127.0.0.1", "--port",
        str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws",
    ]  # fmt: skip


@contextmanager
def serving(kind: str, what: str, url: str, folder: Path) -> Iterator[Server]:
    """A server for the time of the block, ready to answer; what it says goes to a log in `folder`.

    The limits on how often one address may try are on, as shipped; every visitor of a run comes
    from an address of their own, which the server is told as a proxy would.
    """
    port = free_port()
    settings = {
        "DATABASE_URL": url, "INSTANCE_PATH": str(folder), "SECRET_KEY": SECRET,
        "PUBLIC_URL": "http://127.0.0.1", "SMTP_URL": "", "FORM_SECONDS": "0", "PROXY_COUNT": "1",
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
    }  # fmt: skip
    with (folder / f"{what}-{port}.log").open("w") as log:
        process = subprocess.Popen(
            command(kind, what, port), cwd=PROJECT, env={**os.environ, **settings},
            stdout=log, stderr=log,
        )  # fmt: skip
        with process:
            try:
                wait_for(process, port)
                yield Server(port, process)
            finally:
                end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator does, and for good when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until something answers on the port. Raises RuntimeError when nothing does."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"no server began to answer on port {port}")


@contextmanager
def served_here(app: Flask) -> Iterator[int]:
    """The application in a thread of this process, where its statements can be counted: a port."""
    server = make_server("127.0.0.1", 0, app, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join(PATIENCE)


class Silent(WSGIRequestHandler):
    """Says nothing of what it answers."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its own name
        pass

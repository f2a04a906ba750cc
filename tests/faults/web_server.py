"""The real site as a process, without the limits on how often one address may try.

All visitors of a race come from one address, so the limits would refuse most of them first.
Everything else is as installed: `python -m tests.faults.web_server PORT`.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from booking import PROJECT, create_app, server

# How long a server may take to begin to answer, and to end, in seconds.
PATIENCE = 30


def main(port: int) -> None:
    server.serve(create_app({"RATELIMIT_ENABLED": False, "FORM_SECONDS": 0}), "127.0.0.1", port)


@contextmanager
def serving(database_url: str, folder: Path, count: int) -> Iterator[list[str]]:
    """Servers on one database for the time of the block: their addresses."""
    with ExitStack() as stack:
        ports = [_free_port() for _ in range(count)]
        started = [stack.enter_context(_process(database_url, folder, port)) for port in ports]
        for process, port in zip(started, ports, strict=True):
            _wait_for(process, port)
        yield [f"http://127.0.0.1:{port}" for port in ports]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def _process(database_url: str, folder: Path, port: int) -> Iterator[subprocess.Popen]:
    settings = {
        "DATABASE_URL": database_url,
        "INSTANCE_PATH": str(folder),
        "SECRET_KEY": "tests-only-" + "k" * 40,
        "PUBLIC_URL": "http://127.0.0.1",
        "SMTP_URL": "",
        "RUN_WORKER": "false",
        "WEB_THREADS": "8",
        "PROXY_COUNT": "0",
    }
    command = [sys.executable, "-m", "tests.faults.web_server", str(port)]
    with (folder / f"server-{port}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        with process:
            try:
                yield process
            finally:
                _end(process)


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait_for(process: subprocess.Popen, port: int) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server began to answer on port {port}")


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""A server's life: how soon it answers, what memory it takes, how soon a clone shows a page."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import pages, sites
from bench.load import ask, drive, request
from bench.measure import CONNECTIONS
from bench.servers import serving
from booking import PROJECT
from tests.ports import free_port

# A clone downloads what it is made of.
PATIENCE = 900


def first_answer(port: int, patience: float) -> float:
    """Return how many seconds it takes until the home page is there."""
    began = time.perf_counter()
    while time.perf_counter() - began < patience:
        try:
            if ask(port, request("GET", "/")).status == 200:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"no page within {patience} s")


def cold_start(kind: str, url: str, folder: Path) -> str:
    began = time.perf_counter()
    with serving(kind, "site", url, folder) as server:
        first_answer(server.port, 60)
        spent = time.perf_counter() - began
    return f"Cold start, from the command to the first page: {spent:.1f} s."


def memory(kind: str, url: str, folder: Path, seconds: float) -> str:
    """Ask for all pages in turns, each anew, and tell what memory it took before and after."""
    with serving(kind, "site", url, folder) as server:
        with sites.application(url, folder) as app:
            visits = [page.visits(anew=True) for page in pages.all_pages(app)]
        in_turn = itertools.cycle(visits)
        drive(server.port, lambda: next(in_turn)(), CONNECTIONS, min(5, seconds))
        marks = [server.megabytes]
        for _part in range(4):
            load = drive(server.port, lambda: next(in_turn)(), CONNECTIONS, seconds / 4)
            marks.append(server.megabytes)
        told = ", ".join(f"{mark:.0f}" for mark in marks)
        return (
            f"Memory under a mixed load of {seconds:.0f} s (all pages anew, {load.rate:.0f} a "
            f"second at the end), in MB, at the beginning and after each quarter: {told}."
        )


def clone() -> str:
    """Clone the project, start it as its README says, and wait for the first page."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "clone"
        began = time.perf_counter()
        git = shutil.which("git") or "git"
        subprocess.run([git, "clone", "--quiet", str(PROJECT), str(place)], check=True)
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        with subprocess.Popen(
            [sys.executable, "run.py", "--port", str(port)], cwd=place, env=environment,
            stdout=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                first_answer(port, PATIENCE)
                spent = time.perf_counter() - began
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
        return (
            f"From `git clone` to the first page, with the download of all packages and the "
            f"demo: {spent:.0f} s."
        )

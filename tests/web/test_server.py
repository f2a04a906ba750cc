"""The one process as it is started: site and worker together, on both databases."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from booking.config import PROJECT
from booking.mail.models import WorkerBeat
from tests.ports import free_port


def flask(url: str, folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    place = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder), "SECRET_KEY": "k" * 40}
    environment = {**os.environ, **place, **more}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


@contextmanager
def serving(url: str, folder: Path, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    process = flask(url, folder, "up", "--port", str(port), **more)
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(lambda: answers(address) or process.poll() is not None)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_up_migrates_fills_the_demo_serves_and_ends_cleanly(database_url, tmp_path):
    with serving(database_url, tmp_path) as (process, address):
        assert answers(address + "services/therapeutic-massage")
        assert answers(address + "read/gluteus-medius")
        process.send_signal(signal.SIGTERM)
        output, _errors = process.communicate(timeout=20)
    assert process.returncode == 0, output
    assert "Heron Lane Studio" in output
    assert "lena@heronlane.example" in output
    assert str(tmp_path / "mail") in output
    with serving(database_url, tmp_path) as (again, address):
        again.send_signal(signal.SIGTERM)
        output, _errors = again.communicate(timeout=20)
    assert "Filling in" not in output
    check = flask(database_url, tmp_path, "check")
    assert "All rules hold." in check.communicate(timeout=30)[0]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PUBLIC_URL": "nonsense"}, "PUBLIC_URL must be a whole address"),
        ({"SMTP_URL": "smtp://127.0.0.1"}, "MAIL_FROM must say"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path, variables, sentence):
    process = flask("", tmp_path, "up", **variables)
    output, _errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert sentence in output
    assert "Traceback" not in output


def test_the_first_manager_is_made_by_a_command(database_url, tmp_path):
    words = ["make-manager", "mara@example.com", "--password", "a long enough password"]
    made = flask(database_url, tmp_path, *words)
    assert "may now sign in" in made.communicate(timeout=30)[0]
    short = flask(database_url, tmp_path, "make-manager", "m@example.com", "--password", "short")
    output = short.communicate(timeout=30)[0]
    assert "at least 15 characters" in output
    assert short.returncode == 1


def test_the_worker_runs_once_for_cron_and_until_it_is_told_to_stop(database_url, tmp_path):
    once = flask(database_url, tmp_path, "worker", "--once")
    assert (once.communicate(timeout=60)[0], once.returncode) == ("", 0)
    loop = flask(database_url, tmp_path, "worker")
    wait_for(lambda: loop.poll() is not None or has_beaten(database_url, loop.pid), seconds=60)
    loop.send_signal(signal.SIGTERM)
    output = loop.communicate(timeout=20)[0]
    assert (output, loop.returncode) == ("", 0)


def has_beaten(database_url: str, process_id: int) -> bool:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        names = connection.scalars(select(WorkerBeat.name)).all()
    engine.dispose()
    return any(name.endswith(f":{process_id}") for name in names)


@pytest.mark.parametrize(("count", "status"), [("0", 200), ("1", 400)])
def test_what_a_proxy_says_counts_only_when_there_is_one(tmp_path, count, status):
    """A host that is not ours is refused once the proxy's word for it is believed."""
    site = {"PUBLIC_URL": "https://book.example", "TRUSTED_HOSTS": "127.0.0.1"}
    with serving("", tmp_path, PROXY_COUNT=count, **site) as (_process, address):
        request = urllib.request.Request(address, headers={"X-Forwarded-Host": "evil.example"})
        assert status_of(request) == status


def status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_a_public_site_never_fills_in_the_demo_unasked(tmp_path):
    port = free_port()
    process = flask(
        "", tmp_path, "up", "--port", str(port), PUBLIC_URL="https://book.example",
        TRUSTED_HOSTS="127.0.0.1",
    )  # fmt: skip
    wait_for(lambda: answers(f"http://127.0.0.1:{port}/"))
    process.send_signal(signal.SIGTERM)
    output = process.communicate(timeout=20)[0]
    assert "heronlane" not in output
    refused = flask("", tmp_path, "make-manager", "no address", "--password", "x" * 20)
    assert "is not a mail address" in refused.communicate(timeout=30)[0]

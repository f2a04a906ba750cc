"""run.py is tried as people use it: started from an empty folder, as a process.

Nothing is downloaded. The only package there is lies in a folder of the test, the
application is a module that prints what it is told, and so are the tools.
"""

import ast
import os
import runpy
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.setup.packages import pin_package

RUN = Path(__file__).resolve().parents[2] / "run.py"
NEVER_PASSED_ON = ("PIP_", "CI", "CHROMIUM_PATH", "POSTGRES_BIN", "PYTHONPATH")

APPLICATION = """
import os, sys, tiny
print("version", tiny.VERSION, "parent", os.getppid(), "arguments", *sys.argv[1:])
"""
TOOL = """
import sys
print("ran with", *sys.argv[1:])
sys.exit("--lint" in sys.argv)
"""
INTERRUPTED_TOOL = """
import os, signal
os.kill(os.getppid(), signal.SIGINT)
"""


def run_py(folder: Path, *arguments: str, **environment: str) -> CompletedProcess[str]:
    """Start a copy of run.py where no package index answers, and wait for its end."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(NEVER_PASSED_ON)
    }
    variables |= {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(folder / "wheels"),
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "PIP_RETRIES": "0",
    }
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        env=variables | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def start(folder: Path, **environment: str) -> CompletedProcess[str]:
    """Start the application of a folder at a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return run_py(folder, "--port", str(port), **environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a folder with run.py, nothing of which is installed yet."""
    shutil.copy(RUN, tmp_path)
    (tmp_path / "flask.py").write_text(APPLICATION)
    pin_package(tmp_path, "1")
    return tmp_path


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the .venv of a first start, which takes some seconds."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copy(RUN, folder)
    (folder / "flask.py").write_text(APPLICATION)
    pin_package(folder, "1")
    result = start(folder)
    assert result.returncode == 0, result.stderr
    return folder / ".venv"


@pytest.fixture
def installed(project: Path, installed_once: Path) -> Path:
    """Give a folder in which run.py has been started before."""
    # Links are quick; only the logs are written in place, so they are not shared.
    shutil.copytree(
        installed_once,
        project / ".venv",
        symlinks=True,
        ignore=shutil.ignore_patterns("*.log"),
        copy_function=os.link,
    )
    return project


@pytest.fixture
def tools(installed: Path) -> Path:
    """Give a folder whose tools only print; the one for templates finds a fault."""
    for name in ("ruff", "basedpyright", "djlint", "pytest"):
        (installed / f"{name}.py").write_text(TOOL)
    (installed / "bin").mkdir()
    (installed / "bin" / "initdb").write_text("#!/bin/sh\n")
    (installed / "bin" / "initdb").chmod(0o755)
    return installed


def test_the_help_names_every_command(project: Path):
    result = run_py(project, "--help")
    assert result.returncode == 0
    for words in ("--port", "--host", "test ARGS", "prove ARGS", "lock ARGS"):
        assert words in result.stdout


def test_help_after_a_command_installs_nothing(project: Path):
    assert "test ARGS" in run_py(project, "test", "--help").stdout
    assert not (project / ".venv").exists()


def test_a_taken_port_is_said_before_anything_is_made(project: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = run_py(project, "--port", str(port))
    assert result.returncode == 1
    assert f"Port {port} is taken by another program; try:" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (project / ".venv").exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000.5"])
def test_a_port_that_cannot_be_is_refused(project: Path, port: str):
    result = run_py(project, f"--port={port}")
    assert result.returncode == 2
    assert "is not a number from 1 to 65535" in result.stderr


def test_a_misspelt_command_is_refused(project: Path):
    result = run_py(project, "tset")
    assert result.returncode == 2
    assert "tset" in result.stderr


def test_the_file_can_be_read_by_an_old_python():
    ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_too_old_python_is_named_with_the_one_that_is_needed():
    require_python = runpy.run_path(str(RUN))["require_python"]
    with pytest.raises(SystemExit, match=r"3\.11 or newer .* this is Python 3\.9;"):
        require_python((3, 9))


def test_a_python_without_venv_gets_the_name_of_the_missing_package(project: Path):
    stub = project / "stub"
    stub.mkdir()
    (stub / "ensurepip.py").write_text("raise ImportError")
    result = start(project, PYTHONPATH=str(stub))
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_half_made_environment_is_made_again(project: Path):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to(sys.executable)
    version = ".".join(map(str, sys.version_info[:3]))
    (project / ".venv" / "pyvenv.cfg").write_text(f"version = {version}\n")
    result = start(project)
    assert result.returncode == 0
    assert "Making a virtual environment" in result.stdout
    assert "Installing 1 packages" in result.stdout
    assert "version 1" in result.stdout


def test_a_second_start_says_nothing_and_only_starts_the_server(installed: Path):
    result = start(installed)
    assert result.returncode == 0
    assert result.stdout.startswith("version 1 ")
    assert "--app wsgi up --host 127.0.0.1 --port" in result.stdout


def test_changed_requirements_are_installed_once(installed: Path):
    pin_package(installed, "2")
    first, second = start(installed), start(installed)
    assert "Installing 1 packages" in first.stdout
    assert "version 2" in first.stdout
    assert second.stdout.startswith("version 2 ")


def test_the_server_takes_the_place_of_the_process(installed: Path):
    assert f"parent {os.getpid()} " in start(installed).stdout


def test_no_network_is_said_in_a_sentence_and_not_taken_for_done(installed: Path):
    pin_package(installed, "2")
    (installed / "wheels" / "tiny-2-py3-none-any.whl").unlink()
    for _ in range(2):
        result = start(installed)
        assert result.returncode == 1
        assert result.stderr.startswith("The packages could not be downloaded: check")
        assert "No matching distribution found for tiny==2" in result.stderr
        assert str(installed / ".venv" / "pip.log") in result.stderr
        assert "Traceback" not in result.stderr


def test_a_package_that_was_tampered_with_is_not_installed(installed: Path):
    pin_package(installed, "2")
    wheel = installed / "wheels" / "tiny-2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("evil.py", "")
    result = start(installed)
    assert result.returncode == 1
    assert "is not the one that was pinned" in result.stderr


def test_a_package_without_a_hash_is_not_installed(installed: Path):
    pin_package(installed, "2")
    (installed / "requirements.txt").write_text("tiny==2\n")
    result = start(installed)
    assert result.returncode == 1
    assert "pinned without its hash" in result.stderr


def test_a_missing_file_is_said_in_a_sentence(installed: Path):
    (installed / "requirements.txt").unlink()
    result = start(installed)
    assert result.returncode == 1
    assert "requirements.txt" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_every_check_runs_and_the_failed_ones_are_named_last(tools: Path):
    path = f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = run_py(tools, "test", PATH=path, CHROMIUM_PATH=sys.executable)
    assert result.returncode == 1
    assert result.stdout.count("ran with") == 9
    assert "ran with --ignore tests/browser" in result.stdout
    assert "ran with tests/browser\n" in result.stdout
    assert "ran with tests/web tests/upkeep" in result.stdout
    assert "ran with tests/accounts tests/articles" in result.stdout
    assert result.stdout.endswith("\nFAILED: djlint --lint templates\n")


def test_with_arguments_only_pytest_runs_and_gets_them(tools: Path):
    arguments = ["test", "-k", "one or two", "tests/web"]
    path = f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = run_py(tools, *arguments, PATH=path, CHROMIUM_PATH=sys.executable)
    assert result.returncode == 0
    assert result.stdout.count("ran with") == 1
    assert "ran with -k one or two tests/web" in result.stdout


def test_prove_gets_its_arguments(tools: Path):
    (tools / "tests").mkdir()
    (tools / "tests" / "prove.py").write_text(TOOL)
    result = run_py(tools, "prove", "web", "--size", "0.1")
    assert "ran with web --size 0.1" in result.stdout
    assert result.returncode == 0


def test_a_missing_browser_is_said_twice_and_fails_only_for_ci(tools: Path):
    # A browser that stands outside PATH on macOS is hidden as well.
    script = (tools / "run.py").read_text().replace("/Applications/", "/nowhere/")
    (tools / "run.py").write_text(script)
    by_hand = run_py(tools, "test", "-q", PATH=str(tools / "bin"))
    for_ci = run_py(tools, "test", "-q", PATH=str(tools / "bin"), CI="true")
    assert "ran with -m not browser -q" in by_hand.stdout
    assert by_hand.stdout.count("WARNING: Chromium is not here") == 2
    assert by_hand.returncode == 0
    assert for_ci.returncode == 1
    assert for_ci.stdout.endswith("\nFAILED: no Chromium\n")


def test_ctrl_c_ends_quietly(tools: Path):
    (tools / "pytest.py").write_text(INTERRUPTED_TOOL)
    result = run_py(tools, "test", "-q", CHROMIUM_PATH=sys.executable)
    assert result.returncode == 130
    assert result.stderr == ""


def test_the_newest_postgresql_is_taken(tmp_path: Path):
    newest_first = runpy.run_path(str(RUN))["newest_first"]
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
    names = [Path(path).parent.name for path in newest_first(str(tmp_path), "*/bin")]
    assert names == ["17", "15", "9.6"]

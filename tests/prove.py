"""Run the long forms of tests/faults and write what they came to into docs/proof.md.

`python3 run.py prove` runs all of it at full size; `prove web disk --size 0.1` two parts at a
tenth of it. The figures of each part stay in docs/proof.json until that part is run again; the
page is made from them.
"""

import argparse
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
FIGURES, PAGE = ROOT / "docs/proof.json", ROOT / "docs/proof.md"

# Each part: what a reader wants to know, and the tests that answer.
PARTS = {
    "races": ("Many want the same time", ["test_races", "test_without_the_guard", "test_anybody"]),
    "crowd": ("The same over HTTP, hundreds in flight", ["test_crowd", "test_over_http"]),
    "classes": ("The places of a class", ["test_class_places", "test_class_without_the_guard"]),
    "mix": ("Everything at once", ["test_class_mix"]),
    "web": ("Web processes killed (kill -9)", ["test_web_killed", "test_class_killed"]),
    "cluster": ("The whole PostgreSQL killed (kill -9)", ["test_cluster_killed"]),
    "disk": ("The disk is full", ["test_disk_full"]),
    "writer": ("Somebody writes for long", ["test_long_writer"]),
    "stop": ("Told to stop (SIGTERM) in the middle", ["test_told_to_stop"]),
    "backups": ("Backups under load", ["test_backups"]),
    "https": ("Forms over https, as Chromium sends them", ["test_https"]),
    "reminders": ("Workers killed while they send reminders", ["test_reminders_killed"]),
}

ABOUT = """# Proof

What the tests of `tests/faults` came to in their long form, on both databases. **Do not edit
this page**: `python3 run.py prove` writes it, from the figures of its runs in `proof.json`.

- `python3 run.py prove` runs everything at full size, which takes hours.
- `python3 run.py prove web disk` runs two parts; `--size 0.1` a tenth of the full sizes;
  `--engine sqlite` one database.
- `python3 run.py test tests/faults` runs the short forms, in a minute or two.

A line with something *taken out* is a control: the same test without the protection, which has
to show the harm. A part is proved when its tests pass: what they require is in their files.
"""


def main(words: list[str]) -> int:
    """Run the parts that are asked for, one after the other; 1 when anything did not hold."""
    asked = _parser().parse_args(words)
    done = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    failed = []
    for part in asked.parts or PARTS:
        for engine in ("sqlite", "postgresql") if asked.engine == "both" else (asked.engine,):
            sys.stdout.write(f"\n=== {part} on {engine}, {asked.size:g} of the full size\n")
            sys.stdout.flush()
            result = run(part, engine, asked.size)
            if result is None:
                continue
            done[f"{part} {engine}"] = result
            FIGURES.write_text(json.dumps(done, indent=1) + "\n")
            PAGE.write_text(page(done))
            if not result["held"]:
                failed.append(f"{part} on {engine}")
    sys.stdout.write(f"\nThe figures are in {PAGE.relative_to(ROOT)}.\n")
    if failed:
        sys.stdout.write("DID NOT HOLD: " + "; ".join(failed) + "\n")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py prove", description=__doc__)
    known = ", ".join(PARTS)
    parser.add_argument("parts", nargs="*", metavar="PART", type=_part, help=known)
    parser.add_argument("--size", type=float, default=1.0, help="of the full sizes (default 1)")
    parser.add_argument("--engine", choices=["both", "sqlite", "postgresql"], default="both")
    return parser


def _part(text: str) -> str:
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f"{text} is not one of {', '.join(PARTS)}")
    return text


def run(part: str, engine: str, size: float) -> dict[str, Any] | None:
    """Run the tests of a part on one engine; None when it has none for this engine."""
    files = [f"tests/faults/{name}.py" for name in PARTS[part][1]]
    wanted = ["-m", "postgresql" if engine == "postgresql" else "not postgresql"]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows"
        rows.touch()
        variables = {"PROVE": str(size), "PROOF": str(rows), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider"]
        code = subprocess.call(
            [*command, *wanted, *files], cwd=ROOT, env={**os.environ, **variables}
        )
        found = [json.loads(line) for line in rows.read_text().splitlines()]
    if code == 5:  # pytest found no test.
        return None
    return {
        "part": part, "engine": engine, "size": size, "held": code == 0, "rows": found,
        "seconds": round(time.monotonic() - begun), "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        "machine": machine(engine),
    }  # fmt: skip


def machine(engine: str) -> str:
    """Say what it ran on: cores, how busy they were, and the versions that matter."""
    if engine == "sqlite":
        database = f"SQLite {sqlite3.sqlite_version}"
    else:
        program = postgres.find_programs() / "postgres"
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        database = "PostgreSQL " + said.stdout.split()[2]
    load = f", load {os.getloadavg()[1]:.0f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores{load}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {database}, waitress {version('waitress')}"
    )


def page(done: dict[str, Any]) -> str:
    """Write all that is known as a page."""
    text = [ABOUT]
    for part, (title, _files) in PARTS.items():
        runs = [one for one in done.values() if one["part"] == part]
        if not runs:
            continue
        text.append(f"## {title}\n")
        for one in sorted(runs, key=lambda run: run["engine"], reverse=True):
            held = "held" if one["held"] else "**DID NOT HOLD**"
            text.append(
                f"- {one['engine']}: {held}; {one['date']} UTC, {one['size']:g} of the full "
                f"size, {one['seconds']} s; {one['machine']}"
            )
        text.append("\n| what | database | taken out | found |\n|---|---|---|---|")
        rows = [row for one in runs for row in one["rows"]]
        text += [_line(row) for row in sorted(rows, key=_order)]
        text.append("")
    missing = [part for part in PARTS if not any(one["part"] == part for one in done.values())]
    if missing:
        text.append(f"Not run yet: {', '.join(missing)}.\n")
    return "\n".join(text)


def _order(row: dict[str, Any]) -> tuple:
    return (row["what"], "control" in row["figures"], row["engine"] != "sqlite")


def _line(row: dict[str, Any]) -> str:
    figures = dict(row["figures"])
    control = figures.pop("control", "")
    found = ", ".join(f"{name.replace('_', ' ')} {_words(it)}" for name, it in figures.items())
    return f"| {row['what']} | {row['engine']} | {control} | {found} |"


def _words(value: object) -> str:
    """A figure, or several under one name."""
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name}: {it}" for name, it in value.items()) + ")"
    if isinstance(value, list):
        return "/".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The table of attacks with its controls: `python -m tests.attacks`.

All rows on both engines; then, on SQLite, with one protection after another taken out of the
server, the rows that ought to notice. A protection whose absence no row notices is a failure.
`python -m tests.attacks owners next` tries these controls alone.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import databases, postgres
from tests.attacks.controls import CONTROLS, Control
from tests.attacks.runner import Run, attack


def main(names: list[str]) -> int:
    """Print what came of it as tables of Markdown; 0 when all is as it should be."""
    is_fine = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = databases.Sqlite(folder)
        if not names:
            is_fine = both(template, folder)
        print("\n| left out | rows that notice, of those tried | the first of them |")
        print("|---|---|---|")
        for key in names or CONTROLS:
            line = try_without(key, CONTROLS[key], template, folder)
            print(line, flush=True)
            is_fine = is_fine and "| 0 of" not in line
    return 0 if is_fine else 1


def both(template: databases.Sqlite, folder: Path) -> bool:
    """Send the whole table to both engines."""
    print("| engine | rows | answered otherwise | seconds |\n|---|---|---|---|")
    found = []
    for engine, url, place in engines(template, folder):
        began = time.monotonic()
        run = attack(url, place)
        found.append(run)
        seconds = time.monotonic() - began
        print(f"| {engine} | {len(run.answers)} | {len(run.bad)} | {seconds:.0f} |", flush=True)
        if str(run):
            print(run)
    here, there = found
    others = [title for title, answer in here.answers.items() if there.answers[title] != answer]
    print(f"\nAnswers that differ between the engines: {len(others)}", *others, sep="\n")
    return not (others or str(here) or str(there))


def engines(template: databases.Sqlite, folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield each engine with a fresh database and a folder of its own."""
    place = _made(folder / "sqlite")
    yield "SQLite", template.fresh(place)[0], place
    with postgres.running("-c fsync=off") as server:
        place = _made(folder / "postgresql")
        yield "PostgreSQL", databases.Postgres(server, place).fresh(place)[0], place


def try_without(key: str, control: Control, template: databases.Sqlite, folder: Path) -> str:
    """Send the rows that ought to notice; return a line of the table."""
    place = _made(folder / key.replace(" ", "-"))
    run = attack(template.fresh(place)[0], place, control.groups, key)
    first = next(iter(run.bad.items()), ("none", [""]))
    return f"| {control.what} | {_count(run)} | {first[0]}: {first[1][0]} |".replace("\n", " ")


def _count(run: Run) -> str:
    return f"{len(run.bad)} of {len(run.answers)}"


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

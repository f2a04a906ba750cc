"""The figures as tables, on the screen and in docs/performance.md."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Figure
from booking import PROJECT

PAPER = PROJECT / "docs" / "performance.md"
# What stands between these two lines is written by the command, all else by people.
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def machine() -> str:
    """Say on what and when this was measured."""
    names = re.findall(r"^model name\s*:\s*(.+)$", _cpuinfo(), re.MULTILINE)
    processor = names[0] if names else platform.machine()
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} processors ({processor}), "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text() if path.exists() else ""


def table(figures: Sequence[Figure]) -> str:
    """Return the figures of one server: a row for each page, a column for each size."""
    sizes = sorted({one.size for one in figures})
    rows = [["page", "statements", "bytes", *(f"{size:,}" for size in sizes)]]
    rows += [["---", "--:", "--:", *["--:"] * len(sizes)]]
    for name, way in dict.fromkeys((one.name, one.way) for one in figures):
        own = {one.size: one for one in figures if (one.name, one.way) == (name, way)}
        first = own[min(own)]
        rows.append([
            f"{name}, {way}" if way == "kept" else name,
            str(first.statements),
            f"{first.bytes:,}" if first.bytes else "",
            *(f"{_share(own[size].ratio)} ({own[size].rate:.0f}/s)" for size in sizes),
        ])  # fmt: skip
    return _lined_up(rows)


def _share(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.02 else f"{ratio:.3f}"


def _lined_up(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "| "
        + " | ".join(_cell(cell, width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    )


def _cell(text: str, width: int) -> str:
    return text[:-1].ljust(width - 1, "-") + text[-1] if text[:2] == "--" else text.ljust(width)


def write(parts: Iterable[str]) -> None:
    """Put what was measured into its place in the paper."""
    text = PAPER.read_text()
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    PAPER.write_text(before + BEGIN + "\n\n" + "\n\n".join(parts) + "\n\n" + after)

"""Tables as files for spreadsheets: streamed, readable by Excel, and without formulas in them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from flask import Response, stream_with_context

Cell = str | Decimal | date | int

# A spreadsheet takes a cell that begins with one of these for a formula, and runs it (OWASP, CSV
# injection). Numbers of ours are written as numbers: a sum below zero stays one.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def decimal(cents: int) -> Decimal:
    """Return money as spreadsheets add it up: -95.50."""
    return Decimal(cents).scaleb(-2).quantize(Decimal("0.01"))


def plain(cell: Cell) -> str:
    """Return a cell as text: dates as ISO has them, and what people typed never as a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def written(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the file in pieces: RFC 4180 in UTF-8, with the mark by which Excel knows that."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
        if buffer.tell() > 16_384:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece


def answer(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """Send the rows as a file of this name (RFC 6266), piece by piece.

    They are read while the file leaves: language and database stay open until then.
    """
    response = Response(stream_with_context(written(rows)), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response

"""Reading a list of clients: its bytes, its lines, and what each of its columns holds."""

import codecs
import csv
import io
from enum import StrEnum

from booking.domain.client_errors import ListTooLong, NotAList
from booking.domain.names import fold

MOST_LINES = 20_000
MOST_COLUMNS = 60
SEPARATORS = ",;\t"


class Field(StrEnum):
    NAME = "name"
    FIRST = "first"
    LAST = "last"
    EMAIL = "email"
    PHONE = "phone"
    NOTE = "note"
    NOTHING = ""


# What people call these, in English and Spanish, folded.
HEADINGS = {
    Field.NAME: ("name", "full name", "client", "client name", "customer", "nombre completo",
                 "cliente", "nombre y apellidos", "nombre y apellido"),
    Field.FIRST: ("first name", "first", "firstname", "given name", "forename", "nombre",
                  "nombres", "nombre de pila", "primer nombre"),
    Field.LAST: ("last name", "last", "lastname", "surname", "family name", "apellido",
                 "apellidos"),
    Field.EMAIL: ("e-mail", "email", "mail", "e-mail address", "email address", "correo",
                  "correo electronico", "direccion de correo"),
    Field.PHONE: ("phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "cell",
                  "cell phone", "telefono", "movil", "celular", "numero de telefono"),
    Field.NOTE: ("note", "notes", "private note", "comment", "comments", "nota", "notas",
                 "comentarios", "observaciones"),
}  # fmt: skip
KNOWN = {heading: field for field, headings in HEADINGS.items() for heading in headings}

Line = tuple[int, list[str]]


def read(data: bytes) -> list[Line]:
    """Return the lines that say anything, each with its number in the file, from 1.

    UTF-8, UTF-16 with its mark, or Windows-1252; commas, semicolons or tabs. Raises NotAList,
    ListTooLong.
    """
    text = _decoded(data)
    if not text.strip() or "\0" in text:
        raise NotAList
    lines: list[Line] = []
    begins = 1
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, [_plain(cell) for cell in cells[:MOST_COLUMNS]]))
            begins = reader.line_num + 1
            if len(lines) > MOST_LINES + 1:
                raise ListTooLong(most=MOST_LINES)
    except csv.Error as error:
        raise NotAList from error
    return lines


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """Return what parts the cells: of the first line, what makes most cells of it."""
    first = next(line for line in text.splitlines() if line.strip())
    return max(SEPARATORS, key=lambda one: len(next(csv.reader([first], delimiter=one))))


def _plain(cell: str) -> str:
    """The cell without the mark that our own export puts before what a spreadsheet would run."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def guess(headings: list[str]) -> list[Field]:
    """Return what each column seems to hold; a thing is held by one column only."""
    found: list[Field] = []
    for heading in headings:
        field = KNOWN.get(" ".join(fold(heading).replace("_", " ").split()), Field.NOTHING)
        found.append(Field.NOTHING if field in found else field)
    if Field.FIRST in found and Field.LAST not in found and Field.NAME not in found:
        # "Nombre" alone is the whole name.
        found[found.index(Field.FIRST)] = Field.NAME
    return found


def is_sure(columns: list[Field]) -> bool:
    """Tell whether enough was recognised to look at the list without asking."""
    return has_name(columns) and bool({Field.EMAIL, Field.PHONE} & set(columns))


def has_name(columns: list[Field]) -> bool:
    return bool({Field.NAME, Field.FIRST, Field.LAST} & set(columns))


def cell(columns: list[str], cells: list[str], field: Field) -> str:
    """Return what a line says of a field, empty when nothing."""
    if field not in columns:
        return ""
    index = columns.index(field)
    return cells[index] if index < len(cells) else ""

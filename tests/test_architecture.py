"""The rule of the house, read from the imports: what points up or sideways fails the build."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "booking"

# From the ground up: a room may import those before it, and itself.
ROOMS = [
    "domain", "practice", "web", "mail", "accounts", "catalog", "scheduling", "classes", "articles",
    "bookings", "payments", "clients", "settings", "studio", "upkeep", "demo",
]  # fmt: skip
GROUND = {"clock", "config", "columns", "database", "guards", "setbacks"}
ENTRIES = {"cli", "worker", "sending", "server", "welcome", "__init__"}
BESIDE = {("bookings", "articles"), ("studio", "articles")}  # They join in templates alone.

MAY_USE_FLASK = {"views", "forms", "messages", "letters", "links", "access", "known", "words"}
MAY_COMMIT = {"views", "cli", "worker", "database", "fill", "welcome"}
MAY_READ_THE_CLOCK = {*MAY_COMMIT, "access"}
MOST_LINES = 300


def imports(source: str) -> Iterator[str]:
    """Yield the full name of everything a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room_of(name: str) -> str:
    return name.removeprefix("booking.").partition(".")[0]


def violations(module: str, source: str) -> list[str]:
    """Return what breaks the rule of the house in one module, named like ``mail.outbox``."""
    room, _dot, part = module.partition(".")
    # What stands before an underscore says which: `manage_views` are views.
    part = part.rpartition("_")[2]
    names = list(imports(source))
    ours = [name for name in names if name.startswith("booking.")]
    found = [f"{module} imports {name}" for name in ours if not _may_import(room, room_of(name))]
    if room == "domain":
        outside = [name for name in names if not name.startswith("booking.domain")]
        found += [f"{module} imports {name}" for name in outside if not _is_standard(name)]
    if _uses_flask(names) and not _may_use_flask(room, part):
        found.append(f"{module} knows of Flask")
    calls = _calls(source)
    if module != "clock" and calls & {"datetime.now", "datetime.utcnow", "date.today", "time.time"}:
        found.append(f"{module} reads the clock")
    if room in ROOMS and part not in MAY_COMMIT and calls & {"session.commit", "transact"}:
        found.append(f"{module} commits")
    if "utcnow" in {call.rpartition(".")[2] for call in calls} and _is_operation(room, part):
        found.append(f"{module} reads the clock")
    if _hides_a_sentence(source):
        found.append(f"{module} hides a sentence from its translators")
    return found


def _hides_a_sentence(source: str) -> bool:
    """Tell whether a sentence stands in an f-string, where those to translate are not gathered."""
    strings = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr)]
    called = [node.func for string in strings for node in ast.walk(string)
              if isinstance(node, ast.Call)]  # fmt: skip
    return any(isinstance(one, ast.Name) and one.id in {"_", "_l", "ngettext"} for one in called)


def _may_import(room: str, other: str) -> bool:
    if other in GROUND or room == other or room in ENTRIES:
        return True
    if room not in ROOMS or other not in ROOMS or (room, other) in BESIDE:
        return False
    return ROOMS.index(other) <= ROOMS.index(room)


def _is_standard(name: str) -> bool:
    import sys

    return name.partition(".")[0] in sys.stdlib_module_names


def _uses_flask(names: list[str]) -> bool:
    return any(name.partition(".")[0] in {"flask", "flask_babel", "flask_wtf"} for name in names)


def _may_use_flask(room: str, part: str) -> bool:
    return room == "web" or room in ENTRIES or part in MAY_USE_FLASK or room == "database"


def _is_operation(room: str, part: str) -> bool:
    return room in ROOMS and room not in {"web", "demo"} and part not in MAY_READ_THE_CLOCK


def _calls(source: str) -> set[str]:
    """Return the last two names of every call: ``session.commit``, or a bare ``transact``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.add(".".join(ast.unparse(node.func).split(".")[-2:]))
    return found


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path.read_text()


@pytest.mark.parametrize(("module", "source"), [*modules()], ids=[name for name, _s in modules()])
def test_each_module_keeps_to_its_room(module, source):
    assert violations(module, source) == []


def test_every_room_is_known():
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(ROOMS)


# Who may wait for the mail server. No page does, but for the doctor's, on a press.
AT_THE_SERVER = {
    "mail.outlet": {"sending", "upkeep.mail_server"},
    "sending": {"worker"},
    "worker": {"cli", "server"},
    "upkeep.mail_server": {"upkeep.doctor"},
    "upkeep.doctor": {"cli", "upkeep.doctor_views"},
}


def test_no_page_waits_for_the_mail_server():
    found = {
        name: {
            module
            for module, source in modules()
            if any(f"{one}.".startswith(f"booking.{name}.") for one in imports(source))
        }
        for name in AT_THE_SERVER
    }
    assert found == AT_THE_SERVER


@pytest.mark.parametrize("folder", ["booking", "tests", "bench"])
def test_files_stay_readable(folder):
    lines = {
        str(path.relative_to(PACKAGE.parent)): len(path.read_text().splitlines())
        for path in (PACKAGE.parent / folder).rglob("*.py")
    }
    assert lines
    assert {name: many for name, many in lines.items() if many > MOST_LINES} == {}


def test_no_page_has_an_inline_script_or_style():
    templates = PACKAGE.parent / "templates"
    wrong = [
        str(path)
        for path in templates.rglob("*.html")
        # What is read without the site carries its styles along.
        if "mail" not in path.parts
        and path.name != "export_file.html"
        and any(mark in path.read_text() for mark in ("<script>", "style=", "onclick=", "<style"))
    ]
    assert wrong == []


PLANTED = {
    "a room imports to its right": ("accounts.operations", "from booking.catalog import queries"),
    "bookings import articles": ("bookings.queries", "from booking.articles import queries"),
    "the domain imports a library": ("domain.slots", "import sqlalchemy"),
    "the domain imports a room": ("domain.slots", "from booking.mail import outbox"),
    "an operation knows of Flask": ("bookings.operations", "from flask import g"),
    "a module reads the clock": ("bookings.reminders", "import datetime\ndatetime.datetime.now()"),
    "an operation asks for now": ("bookings.moves", "from booking import clock\nclock.utcnow()"),
    "an operation commits": ("bookings.operations", "def f(db):\n    db.session.commit()"),
    "an operation opens its own": ("bookings.holds", "def f(transact):\n    transact(print)"),
    "the web knows a feature": ("web.filters", "from booking.bookings import queries"),
    "a sentence is hidden": ("mail.headers", "f\"{name} ({_('for you')})\""),
    "an import is hidden in a function": (
        "catalog.queries",
        "def f():\n    from booking.bookings import queries\n",
    ),
}


@pytest.mark.parametrize(("module", "source"), PLANTED.values(), ids=PLANTED)
def test_a_planted_violation_is_found(module, source):
    assert violations(module, source)

"""The table of attacks, all of it, against the real server on both engines."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.attacks import judge, rows
from tests.attacks.kept_rows import changed
from tests.attacks.rows import Row
from tests.attacks.runner import Run, attack
from tests.attacks.wire import NOTHING, Answer
from tests.conftest import ENGINES

PEOPLE, TABLE = rows.read()


ANY = Row("group", "name", "GET /", 200)
HEADERS = [*judge.HEADERS.items()]
FINE = Answer(200, HEADERS, b"Hello")


@pytest.fixture(scope="module")
def runs(request, tmp_path_factory) -> Iterator[dict[str, Future[Run]]]:
    """The table as it is answered on each engine that is tested, both at the same time."""
    here = [one for one in request.session.items if one.path == request.path]
    is_both = any(one.get_closest_marker("postgresql") for one in here)
    found, drops = {}, []
    with ThreadPoolExecutor() as pool:
        for engine in ("sqlite", "postgresql")[: 2 if is_both else 1]:
            template = "sqlite_template" if engine == "sqlite" else "postgres_template"
            folder = tmp_path_factory.mktemp(engine)
            url, drop = request.getfixturevalue(template).fresh(folder)
            found[engine] = pool.submit(attack, url, folder)
            drops.append(drop)
        yield found
    for drop in drops:
        drop()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_row_is_answered_as_the_table_says_and_the_rules_hold(runs, engine):
    run = runs[engine].result()
    assert not str(run), str(run)
    assert len(run.answers) == len(TABLE)


@pytest.mark.postgresql
def test_both_engines_give_the_same_answers(runs):
    here, there = (runs[engine].result().answers for engine in ("sqlite", "postgresql"))
    assert [title for title, answer in here.items() if there[title] != answer] == []


def test_the_table_is_whole():
    titles = [row.title for row in TABLE]
    assert len(titles) == len(set(titles)) >= 150
    assert {row.who for row in TABLE} == set(PEOPLE)
    same = [f"{row.group}: {row.same}" for row in TABLE if row.same]
    assert set(same) <= set(titles)


def test_a_word_that_no_row_has_is_refused(tmp_path):
    table = tmp_path / "table.toml"
    table.write_text('a = [{name = "b", send = "GET /", gives = 200, lack = "c"}]\n[who]\n')
    with pytest.raises(TypeError, match="lack"):
        rows.read(table)


@pytest.mark.parametrize(
    ("row", "answer", "complaint"),
    [
        ({}, {}, None),
        ({}, {"status": 404}, "answers 404, not 200"),
        ({"gives": 503}, {"status": 503}, "a fault of ours"),
        ({}, {"body": b"Traceback (most recent call last)"}, "tells 'Traceback (most'"),
        ({"has": ("Bye",)}, {}, "lacks 'Bye'"),
        ({"lacks": ("Hell",)}, {}, "has 'Hell'"),
        ({"lacks": ("planted",)}, {"headers": [*HEADERS, ("X", "planted")]}, "has 'planted'"),
        ({"to": "/b"}, {"headers": [*HEADERS, ("Location", "/a")]}, "Location is '/a', not '/b'"),
        ({"header": {"Retry-After": "?*"}}, {}, "Retry-After is '', not '?*'"),
        ({}, {"headers": HEADERS[1:]}, "comes without Content-Security-Policy"),
        (
            {}, {"headers": [*HEADERS, ("Set-Cookie", "a=b; SameSite=Lax")]},
            "sets a cookie that others can read: a",
        ),
        ({}, {"headers": [*HEADERS, ("Server", "x")]}, "names its server: x"),
        ({"by": "server"}, {"headers": []}, None),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_answer_is_said(row, answer, complaint):
    wrong = judge.complaints(replace(ANY, **row), FINE._replace(**answer), str)
    assert list(wrong) == ([complaint] if complaint else [])


def test_silence_is_no_answer_and_a_changed_row_is_seen():
    wrong = judge.complaints(ANY, NOTHING, str)
    assert next(iter(wrong)) == "answers 0, not 200"
    assert changed({"booking": "a", "person": "b"}, {"booking": "a", "person": "c"}) == ["person"]


@pytest.mark.parametrize(
    ("row", "may_write"),
    [
        ({"send": "GET /"}, False),
        ({"send": "HEAD /"}, False),
        ({"send": "POST /", "gives": 303}, True),
        ({"send": "POST /", "gives": 422}, False),
        ({"send": "DELETE /", "gives": 405}, False),
        ({"send": "POST /", "gives": 303, "writes": False}, False),
    ],
)
def test_only_a_form_that_is_taken_may_write(row, may_write):
    assert replace(ANY, **row).may_write is may_write

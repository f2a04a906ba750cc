"""What a form does not ask for is not heard, and what is said twice is refused, on every form.

Each form is sent as it is meant in one studio, and with all that a hostile hand may add in
another that is the same in everything. Afterwards both hold the same rows. On one engine alone:
what a form hears, it has heard before any database is asked.
"""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from booking.accounts import people
from booking.accounts.models import Account, Role
from booking.database import db
from booking.mail.answers import ServerProblem
from booking.mail.outlet import FolderOutlet, Outlet, SmtpOutlet
from booking.web.forms import Form
from tests.everything import routes
from tests.web.post_world import World
from tests.web.posts import FORMS

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Made anew wherever it is needed: what is compared is whether there is one.
RANDOM = {
    "token_hash", "key_hash", "token", "hold_token", "visitor", "dedupe_key", "lease",
    "code_hash", "password_hash", "totp_secret",
}  # fmt: skip

# Columns of every table and names of other forms' fields: whatever a view might take unasked.
EXTRA = {
    column.key: "1" for table in db.metadata.sorted_tables for column in table.columns
} | {
    "email": "bob@example.com", "to_address": "eve@evil.example", "name": "Mallory",
    "role": "manager", "status": "arrived", "closed_at": "", "is_holder": "y", "is_minor": "y",
    "consent": "y", "sure": "y", "price_cents": "0", "price": "0", "person": "2", "person_id": "2",
    "account": "5", "account_id": "5", "guardian": "2", "guardian_id": "2", "revision": "7",
    "starts_at": "2026-12-01T15:00Z", "days": "never", "way": "own", "language": "es",
    "is_remembered": "", "factor_at": "2026-11-23T13:00Z", "proved_at": "2026-11-23T13:00Z",
    "actor": "staff:5", "is_admin": "1", "next": "//evil.example", "_method": "DELETE",
}  # fmt: skip


def selects() -> Iterator[tuple[str, str]]:
    """Yield for each table how all of it is read; of what is random only whether it is there."""
    for table in db.metadata.sorted_tables:
        shown = (
            f"{name} <> ''" if name in RANDOM else name
            for name in [one.name for one in table.columns]
        )
        order = ", ".join(column.name for column in table.primary_key)
        yield table.name, f"SELECT {', '.join(shown)} FROM {table.name} ORDER BY {order}"


READ = dict(selects())


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as they lie in the file: nothing else is quick enough here."""
    db.session.rollback()
    found = db.session.connection().exec_driver_sql
    return {
        name: [tuple(plain(value) for value in row) for row in found(statement)]
        for name, statement in READ.items()
    }


def plain(value: Any) -> Any:
    """A value as it is compared: in an object of JSON the order says nothing."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


@pytest.fixture
def fields(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that the forms of a request ask for, noted as they are checked."""
    names: set[str] = set()

    def validate(form: Form, extra_validators: Any = None) -> bool:
        names.update(form._fields)
        return FlaskForm.validate(form, extra_validators)

    monkeypatch.setattr(Form, "validate", validate, raising=False)
    return names


@pytest.fixture
def at_the_server(app, monkeypatch: pytest.MonkeyPatch) -> set[str | None]:
    """Which requests go to the mail server, or to the folder in its place; it serves nobody."""
    asked: set[str | None] = set()

    def knock(_outlet: Outlet) -> None:
        asked.add(request.endpoint)
        raise ServerProblem("gone")

    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    for outlet in (SmtpOutlet, FolderOutlet):
        monkeypatch.setattr(outlet, "make_ready", knock)
    return asked


@pytest.fixture
def worlds(app, make_app, now, sqlite_template, tmp_path) -> Iterator[tuple[World, World]]:
    """Two studios on two databases, alike to the last number."""
    folder = tmp_path / "other"
    folder.mkdir()
    url, drop = sqlite_template.fresh(folder)
    other = make_app(SQLALCHEMY_DATABASE_URI=url)
    plain = World(app, now)
    with other.app_context():
        added = World(other, now)
    yield plain, added
    drop()


def test_each_form_of_each_route_is_here(app):
    posts = {endpoint for endpoint, method, _arguments in routes(app) if method == "POST"}
    assert {name.partition(",")[0] for name in FORMS} == posts


def send(worlds: tuple[World, World], fields: set[str], name: str) -> tuple[Any, Any]:
    """Send a form as it is meant in one world, and in the other twice-said and with additions.

    Returns the rows of both afterwards.
    """
    plain, added = worlds
    fields.clear()
    client, path, data = FORMS[name](plain)
    meant = client.post(path, data=data).status_code
    assert meant in {200, 303}, name
    with added.app.app_context():
        client, path, data = FORMS[name](added)
        before = rows()
        for twice in sorted(fields | set(data) or {"csrf_token"}):
            said = MultiDict(data)
            said.setlist(twice, [data.get(twice, "y"), EXTRA.get(twice, "x")])
            assert client.post(path, data=said).status_code == 400, (name, twice)
        assert rows() == before, name
        extra = {key: value for key, value in EXTRA.items() if key not in fields}
        assert client.post(path, data={**extra, **data}).status_code == meant, name
        changed = rows()
    return rows(), changed


def test_what_no_form_asks_for_changes_nothing_and_what_is_said_twice_is_refused(
    worlds, fields, at_the_server
):
    for name in FORMS:
        meant, changed = send(worlds, fields, name)
        assert changed == meant, name
    # However slow it is: whoever waits for it has asked for that.
    assert at_the_server == {"settings.run_doctor"}


def no_forms(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Bodies that say the same in another way than a form of a page does."""
    yield {"json": data}
    yield {"json": {name: [value, EXTRA.get(name, "x")] for name, value in data.items()}}
    yield {"json": {name: {"a": 1} for name in data}}
    yield {"json": [1, 2]}
    first = next(iter(data))
    yield {"data": {**data, first: (io.BytesIO(b"x"), "x.txt")}}


def test_what_is_not_sent_as_a_form_is_refused(app, now):
    """Limits and rules look at the form's fields, so nothing may come in beside them."""
    world, wrong = World(app, now), []
    for name, prepare in FORMS.items():
        client, path, data = prepare(world)
        before = rows()
        bodies = no_forms(data) if data else ()
        told = [client.post(path, **body).status_code for body in bodies]
        if not set(told) <= {400, 415, 422} or rows() != before:
            wrong.append((name, told))
    assert wrong == []


def test_a_view_that_listened_would_be_found(worlds, fields, monkeypatch):
    add = people.add

    def add_listening(account: Account, *values: Any, **named: Any) -> Any:
        account.role = Role(request.form.get("role", account.role.value))
        return add(account, *values, **named)

    monkeypatch.setattr(people, "add", add_listening)
    meant, changed = send(worlds, fields, "accounts.add_person")
    assert changed != meant

"""My data: the file holds all that leads to the account, held to the schema, and nobody else's."""

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, select

from booking.accounts import operations, people, tokens
from booking.accounts.models import Account, Audit
from booking.accounts.trail_words import table_words
from booking.clients import clients
from booking.database import db, transact
from tests.accounts.lives import LIVES, MARA, live
from tests.cast import sign_in
from tests.web.pages import press, send, soup

# What leads from an account to somebody else's records, and why it is not followed. A hold has
# no key to a person at all: it is a browser's, and is swept away a day after it ends.
ELSEWHERE = {
    ("article", "by_id"): "is what the studio publishes",
    ("article_version", "by_id"): "is what the studio publishes",
    ("article_draft", "account_id"): "is what the studio will publish",
    ("invitation", "invited_by_id"): "is about who was invited, not about who invited them",
    ("legal_text", "by_id"): "is what the studio publishes",
    ("practitioner", "account_id"): "is what the studio publishes, and the work done there",
}
# What the trail speaks of, by the tables; one of them by another name.
NAMED = ("account", "person", "booking", "enrolment", "waitlist_entry")
SUBJECTS = {"waitlist_entry": "waiting"}
BY_ADDRESS = {
    "outgoing_mail": "to_address", "one_time_token": "email", "invitation": "email",
    "refused_address": "address",
}  # fmt: skip
SECRET = {
    "password_hash", "totp_secret", "key_hash", "code_hash", "token_hash", "hold_token", "token",
}  # fmt: skip
# The machine's own.
MARKS = {
    "totp_step", "dedupe_key", "lease", "token_purpose", "visitor", "bundle", "address_hash",
}  # fmt: skip


@pytest.fixture
def lives(app, studio, now) -> None:
    """Ada and Bob with all there can be of a client: family, bookings, devices, links, mails."""
    for number, name in enumerate(LIVES):
        live(app, studio, now, name, 10 + 4 * number)


def plain(value):
    return json.loads(json.dumps(value, default=lambda instant: instant.isoformat()))


def reach(metadata: MetaData, account_id: int) -> dict[str, list[dict]]:
    """Every row that leads to an account by foreign keys, address or subject, by its table."""
    db.session.rollback()
    tables = metadata.sorted_tables
    found: dict[str, dict[tuple, dict]] = {table.name: {} for table in tables}

    def take(table: Table, condition) -> int:
        rows = db.session.execute(select(table).where(condition)).mappings().all()
        keys = [column.name for column in table.primary_key]
        before = len(found[table.name])
        found[table.name].update({tuple(row[key] for key in keys): dict(row) for row in rows})
        return len(found[table.name]) - before

    def follow(table: Table, key: ForeignKey) -> int:
        column = key.column
        values = {row[column.name] for row in found[column.table.name].values()}
        return take(table, key.parent.in_(values)) if values else 0

    account = metadata.tables["account"]
    take(account, account.c.id == account_id)
    keys = [
        (table, key)
        for table in tables
        for key in table.foreign_keys
        if (table.name, key.parent.name) not in ELSEWHERE
    ]
    while sum(follow(table, key) for table, key in keys):
        pass
    (email,) = (row["email"] for row in found["account"].values())
    for name, column in BY_ADDRESS.items():
        take(metadata.tables[name], metadata.tables[name].c[column] == email)
    audit = metadata.tables["audit"]
    subjects = [f"{SUBJECTS.get(name, name)}:{row['id']}" for name in NAMED
                for row in found[name].values()]  # fmt: skip
    take(audit, audit.c.subject.in_(subjects))
    merged = [row["details"]["other"] for row in found["audit"].values()
              if row["action"] == "merged"]  # fmt: skip
    take(audit, audit.c.subject.in_(merged))
    return {name: list(rows.values()) for name, rows in found.items()}


def hold_to(expected: dict[str, list[dict]], parts, data: dict) -> None:
    """Compare an export with what was reached: each row and column, and no row besides."""
    tables = [table for part in parts for table in part.tables]
    withheld = {table.model.__tablename__: table.withheld for table in tables}
    assert set().union(*withheld.values()) <= SECRET | MARKS
    for name, rows in expected.items():
        assert not rows or name in data, f"{name} is not in the export"
        told = data.get(name, [])
        for row in rows:
            own = {key: plain(row[key]) for key in row.keys() - withheld.get(name, set())}
            if name == "audit":  # That it was staff is told, not who of them.
                own["actor"] = own["actor"].partition(":")[0]
            assert any(own.items() <= one.items() for one in told), f"{name}: {row}"
        assert len(told) == len(rows), f"{name} holds rows of others"


def export(client) -> tuple[dict, str]:
    answer = client.post("/account/export")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert packed.namelist() == ["my-data.json", "my-data.html"]
        return json.loads(packed.read("my-data.json")), packed.read("my-data.html").decode()


@pytest.fixture
def ada(app, studio, now):
    browser = app.test_client()
    sign_in(browser, studio.accounts["ada"], now())
    return browser


def audits(action: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Audit.subject).where(Audit.action == action)))


def test_the_file_holds_every_row_that_leads_to_the_account_and_no_other(app, lives, ada, studio):
    expected = reach(db.metadata, studio.accounts["ada"])
    assert {name for name, rows in expected.items() if rows} == {
        "account", "person", "account_session", "recovery_code", "one_time_token", "invitation",
        "outgoing_mail", "booking", "agreed_time", "booking_move", "reminder", "follow_up", "audit",
        "enrolment", "waitlist_entry", "offer", "booking_repeat", "payment", "receipt",
        "refused_address",
    }  # fmt: skip
    data, _page = export(ada)
    hold_to(expected, app.extensions["records"], data)


def test_a_new_table_that_names_a_person_and_is_forgotten_fails_the_comparison(
    app, lives, ada, studio
):
    planted = MetaData(naming_convention=db.metadata.naming_convention)
    for table in db.metadata.sorted_tables:
        table.to_metadata(planted)
    person = Column("person_id", ForeignKey("person.id"))
    allergy = Table("allergy", planted, Column("id", Integer, primary_key=True), person)
    ada_id = people.own_person(db.session.get_one(Account, studio.accounts["ada"])).id

    def plant() -> None:
        allergy.create(db.session.connection())
        db.session.execute(allergy.insert().values(person_id=ada_id))

    transact(plant)
    expected = reach(planted, studio.accounts["ada"])
    data, _page = export(ada)
    with pytest.raises(AssertionError, match="allergy is not in the export"):
        hold_to(expected, app.extensions["records"], data)


def test_nothing_secret_and_nobody_else_is_in_the_file(lives, ada, studio, now):
    data, page = export(ada)
    text = json.dumps(data, ensure_ascii=False) + page
    columns = [column for table in db.metadata.sorted_tables for column in table.c]
    secrets = {
        value
        for column in columns
        if column.name in SECRET
        for value in db.session.scalars(select(column).where(column.is_not(None)))
    }
    assert len(secrets) > 20
    others = {"Bob", "Ben Archer", "bob@", LIVES["bob"][2], "snores", "lena@", "mara@", "marco@"}
    assert [one for one in secrets | others if one in text] == []
    assert not SECRET & {key for rows in data.values() for row in rows for key in row}
    assert LIVES["ada"][3] in json.dumps(data)


def test_what_staff_take_along_names_no_client(app, lives, studio, now):
    browser = app.test_client()
    sign_in(browser, studio.accounts["lena"], now())
    data, page = export(browser)
    text = json.dumps(data) + page
    assert [one for life in LIVES.values() for one in life if one in text] == []


def test_an_address_that_the_studio_typed_for_a_child_opens_nobody_s_records(
    app, lives, ada, studio, now
):
    entry = clients.Entry("Cara", None, "bob@example.com")

    def write() -> None:
        guardian = people.own_person(db.session.get_one(Account, studio.accounts["ada"]))
        clients.add(entry, guardian, MARA, now())

    transact(write)
    data, _page = export(ada)
    for name, column in BY_ADDRESS.items():
        assert {row[column] for row in data[name]} == {"ada@example.com"}, name


def test_mails_to_an_address_that_was_the_account_s_before_are_in_the_file(lives, ada, studio, now):
    def move_house() -> None:
        about = f"account:{studio.accounts['ada']}"
        secret = tokens.issue(tokens.ADDRESS, "ada@new.example", about, now())
        operations.change_address(secret, None, (), now())

    before = [row["id"] for row in export(ada)[0]["outgoing_mail"]]
    transact(move_house)
    sign_in(ada, studio.accounts["ada"], now())
    after = [row["id"] for row in export(ada)[0]["outgoing_mail"]]
    assert after[: len(before)] == before


def test_the_page_in_the_file_names_its_tables_and_runs_nothing(lives, ada):
    data, page = export(ada)
    read = BeautifulSoup(page, "html.parser")
    for name, rows in data.items():
        heading = f"{table_words(name)} ({len(rows)})"
        assert read.find("h2", string=heading), heading
    assert read.find_all(["script", "link", "img", "iframe", "object", "form", "a"]) == []
    attributes = {key for tag in read.find_all(True) for key in tag.attrs}
    assert attributes <= {"lang", "charset", "name", "content"}
    assert LIVES["ada"][3] in read.get_text()


def test_the_file_is_made_by_a_press_with_a_fresh_proof_and_that_is_written_down(ada, studio, now):
    page = ada.get("/account/export")
    assert page.mimetype == "text/html"
    assert audits("exported") == []
    now.forward(minutes=15, seconds=1)
    assert ada.get("/account/export").location == "/account/prove?next=/account/export"
    now.forward(minutes=45)
    assert ada.post("/account/export").location == "/account/prove?next=/account/export"
    assert audits("exported") == []
    sign_in(ada, studio.accounts["ada"], now())
    answer = send(ada, press(soup(ada.get("/account/export")), "Download the file"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data-2026-11-23.zip"'
    assert audits("exported") == [f"account:{studio.accounts['ada']}"]

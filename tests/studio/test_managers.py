"""Managers: there is always one, whoever lets whom go at the same moment; and what they see."""

import re
import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from booking.accounts import audit, staff
from booking.accounts.audit import Actor
from booking.accounts.models import Account, AccountSession, Audit, Role
from booking.database import db, transact
from booking.domain.errors import LastManager
from booking.practice import queries as practice
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words


def managers() -> list[str]:
    db.session.rollback()
    query = select(Account.email).where(Account.role == Role.MANAGER, Account.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.email)))


def trail(action: str) -> list[tuple]:
    db.session.rollback()
    rows = select(Audit.actor, Audit.subject, Audit.details).where(Audit.action == action)
    return [tuple(row) for row in db.session.execute(rows.order_by(Audit.id))]


@pytest.mark.parametrize("way", ["role", "end"])
def test_the_last_manager_stays(mara, studio, way):
    page = f"/studio/team/{studio.accounts['mara']}"
    answer = mara.post(f"{page}/{way}", data={"role": "practitioner"})
    assert answer.status_code == 422
    assert "This is the last manager. Make somebody else a manager first." in words(answer)
    assert managers() == ["mara@heronlane.example"]
    assert mara.get("/studio/team").status_code == 200
    assert trail("role") + trail("ended") == []


def unlocked(account_id: int) -> tuple[Account, int]:
    """What the guard reads, without the guard."""
    query = select(Account.id).where(Account.role == Role.MANAGER, Account.closed_at.is_(None))
    others = [one for one in db.session.scalars(query) if one != account_id]
    return db.session.get_one(Account, account_id), len(others)


def both_at_once(app, monkeypatch, studio, now, guard, ways, patience=1) -> list[str]:
    """Mara and Max let each other go: each waits for the other once it has read who is there.

    Whoever reads second under a guard waits for the first one's commit, who then goes on alone.
    """

    def add_max() -> int:
        max_ = Account(email="max@heronlane.example", role=Role.MANAGER, created_at=now())
        db.session.add(max_)
        db.session.flush()
        return max_.id

    pair = [studio.accounts["mara"], transact(add_max)]
    meeting, results = threading.Barrier(2), []

    def read(account_id: int) -> tuple[Account, int]:
        found = guard(account_id)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(patience)
        return found

    def let_go(way: str, by: int, whom: int) -> None:
        role = [Role.PRACTITIONER] if way == "change_role" else []
        with app.app_context():
            try:
                transact(getattr(staff, way), whom, *role, Actor("staff", by), now())
                results.append("done")
            except LastManager:
                results.append("refused")
            db.session.remove()

    monkeypatch.setattr(staff, "_locked", read)
    threads = [threading.Thread(target=let_go, args=(ways[0], *pair)),
               threading.Thread(target=let_go, args=(ways[1], *reversed(pair)))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(results)


PAIRS = [("change_role", "change_role"), ("end", "end"), ("change_role", "end")]


@pytest.mark.parametrize("ways", PAIRS, ids=" and ".join)
def test_of_two_managers_who_let_each_other_go_at_once_one_stays(
    app, monkeypatch, studio, now, ways
):
    results = both_at_once(app, monkeypatch, studio, now, staff._locked, ways)
    assert results == ["done", "refused"]
    assert len(managers()) == 1


@pytest.mark.parametrize("ways", PAIRS, ids=" and ".join)
def test_without_the_guard_they_are_both_gone_on_postgresql(app, monkeypatch, studio, now, ways):
    """SQLite has one writer at a time, so there the second reads what the first has written."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    patience = 20 if is_postgresql else 1
    results = both_at_once(app, monkeypatch, studio, now, unlocked, ways, patience)
    if is_postgresql:
        assert results == ["done", "done"]
        assert managers() == []
    else:
        assert len(managers()) == 1


def test_practitioners_have_no_business_there(client, studio, now):
    sign_in(client, studio.accounts["lena"], now())
    member = f"/studio/team/{studio.accounts['mara']}"
    for page in (
        "/studio/team",
        "/studio/team/invite",
        member,
        "/studio/security",
        "/studio/trail",
    ):
        assert client.get(page).status_code == 403, page
    before = db.session.scalars(select(Audit.id)).all()
    for act in ("/studio/team/invite", "/studio/team/invitations/1/withdraw", f"{member}/role",
                f"{member}/end", f"{member}/resume", f"{member}/reset-factor",
                "/studio/security"):  # fmt: skip
        data = {"role": "client", "email": "eve@example.com", "practitioner": "0", "days": "never"}
        assert client.post(act, data=data).status_code == 403, act
    db.session.rollback()
    assert managers() == ["mara@heronlane.example"]
    assert db.session.scalars(select(Audit.id)).all() == before
    assert db.session.scalars(select(AccountSession.ended_at)).all() == [None]


def test_how_safe_signing_in_is_is_written_down_with_was_and_is(mara, studio):
    for _press in range(2):
        form = press(soup(mara.get("/studio/security")), "Save")
        assert send(mara, form, days="14").status_code == 303
    assert mara.post("/studio/security", data={"days": "99"}).status_code == 422
    change = {"name": "second_factor_days", "was": None, "to": 14}
    assert trail("setting") == [(f"staff:{studio.accounts['mara']}", "practice:1", change)]
    assert practice.current().second_factor_days == 14
    page = words(mara.get("/studio/trail?about=practice:1"))
    assert "Setting changed · practice:1" in page
    assert "to: 14" in page
    assert "by mara@heronlane.example" in page


def test_the_trail_is_read_page_by_page_and_by_subject(mara, now):
    def write() -> None:
        for number in range(120):
            audit.record(audit.SYSTEM, f"booking:{number % 2 + 1}", "booked", now(), number=number)

    transact(write)
    seen, address = [], "/studio/trail?about=booking:2"
    while address:
        page = soup(mara.get(address))
        assert "Only about booking:2." in page.get_text()
        rows = [row.get_text(" ") for row in page.select(".trail li")]
        seen += [int(re.search(r"number:\s+(\d+)", row).group(1)) for row in rows]
        older = page.find("a", string="Older")
        address = older["href"] if older else None
    assert seen == [number for number in range(119, -1, -1) if number % 2]
    everything = soup(mara.get(page.find("a", string="Show all")["href"]))
    assert len(everything.select(".trail li")) == audit.PAGE
    assert everything.find("a", string="Newest") is None

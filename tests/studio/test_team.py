"""The team: who is invited joins, who is raised signs in anew, who leaves may be let back."""

import re
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from booking import worker
from booking.accounts import operations, passwords
from booking.accounts.models import Account, Audit, Invitation, Person, Role
from booking.catalog.models import Practitioner
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from tests.cast import at, book, sign_in
from tests.web.pages import press, send, soup, words

PASSWORD = "a quiet lantern in the harbor"


@pytest.fixture
def nora(studio) -> int:
    """A practitioner whose calendar nobody runs yet."""

    def add() -> int:
        one = Practitioner(slug="nora", name="Nora Quist", position=3)
        db.session.add(one)
        db.session.flush()
        return one.id

    return transact(add)


def find(email: str) -> Account | None:
    db.session.rollback()
    return operations.find_account(email)


def managers() -> list[str]:
    db.session.rollback()
    query = select(Account.email).where(Account.role == Role.MANAGER, Account.closed_at.is_(None))
    return list(db.session.scalars(query.order_by(Account.email)))


def trail(action: str) -> list[tuple]:
    db.session.rollback()
    rows = select(Audit.actor, Audit.subject, Audit.details).where(Audit.action == action)
    return [tuple(row) for row in db.session.execute(rows.order_by(Audit.id))]


def invite(client, email: str, role: str = "practitioner", calendar: int = 0):
    form = press(soup(client.get("/studio/team/invite")), "Send the invitation")
    return send(client, form, email=email, role=role, practitioner=str(calendar))


def links(tmp_path, address: str) -> list[str]:
    """Let the worker send what waits; the invitations an address got, the first one first."""
    worker.turn()
    folder = (tmp_path / "instance" / "mail").glob("*.eml")
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default)
             for file in sorted(folder, key=lambda path: path.stat().st_mtime_ns)]  # fmt: skip
    texts = [mail.get_body(("plain",)).get_content() for mail in mails if mail["To"] == address]
    return [one for text in texts for one in re.findall(r"/studio/invitation/[\w-]+", text)]


def join(client, link: str, **typed: str):
    return client.post(link, data={"name": "Nora Quist", "password": PASSWORD, **typed})


def test_who_is_invited_joins_with_role_and_calendar_and_the_link_works_once(
    app, mara, studio, nora, tmp_path
):
    assert invite(mara, "Nora@Example.com", calendar=nora).status_code == 303
    assert "nora@example.com practitioner" in words(mara.get("/studio/team"))
    assert find("nora@example.com") is None
    (link,) = links(tmp_path, "nora@example.com")
    assert link not in db.session.scalars(select(OutgoingMail.body_text)).one()
    guest = app.test_client()
    for _scanner in range(2):
        assert "You are invited as practitioner" in words(guest.get(link))
    for weak in ({"password": ""}, {"password": "short"}, {"name": ""}):
        assert join(guest, link, **weak).status_code == 422
    assert find("nora@example.com") is None
    form = press(soup(guest.get(link)), "Join")
    answer = send(guest, form, name="Nora Quist", password=PASSWORD)
    assert answer.location == "/studio/"
    assert guest.get("/studio/").status_code == 200
    account = find("nora@example.com")
    assert account.role is Role.PRACTITIONER
    assert db.session.get_one(Practitioner, nora).account_id == account.id
    assert passwords.is_match(account.password_hash, PASSWORD)
    manager = f"staff:{studio.accounts['mara']}"
    assert trail("role") == [(manager, account.about, {"to": "practitioner"})]
    again = app.test_client()
    assert join(again, link, name="Mallory").status_code == 422
    assert again.get("/studio/").status_code == 303
    assert "nora@example.com practitioner ·" not in words(mara.get("/studio/team"))


def test_a_client_who_is_invited_keeps_what_is_theirs_and_signs_in_anew(
    app, mara, studio, tmp_path, now
):
    booking = book(studio.hour, at(10), now(), account="ada", studio=studio)
    person_id = booking.person_id
    old, new = app.test_client(), app.test_client()
    sign_in(old, studio.accounts["ada"], now())
    invite(mara, "ada@example.com", role="manager")
    assert find("ada@example.com").role is Role.CLIENT
    assert old.get("/my/bookings").status_code == 200
    (link,) = links(tmp_path, "ada@example.com")
    assert join(new, link, name="Somebody Else").status_code == 303
    assert find("ada@example.com").id == studio.accounts["ada"]
    assert managers() == ["ada@example.com", "mara@heronlane.example"]
    assert old.get("/my/bookings").status_code == 303
    assert new.get("/studio/team").status_code == 200
    holders = db.session.scalars(select(Person).where(Person.account_id == studio.accounts["ada"]))
    assert [(one.id, one.name) for one in holders] == [(person_id, "Ada")]


def test_who_is_staff_already_is_not_invited(mara, studio):
    answer = invite(mara, "LENA@heronlane.example", role="manager")
    assert answer.status_code == 422
    assert "There is a staff account with this address already." in words(answer)
    assert db.session.scalars(select(Invitation)).all() == []
    assert db.session.scalars(select(OutgoingMail)).all() == []
    assert find("lena@heronlane.example").role is Role.PRACTITIONER


def test_a_withdrawn_link_is_dead_and_one_of_a_week_ago_too(app, mara, studio, tmp_path, now):
    invite(mara, "nora@example.com")
    (link,) = links(tmp_path, "nora@example.com")
    send(mara, press(soup(mara.get("/studio/team")), "Withdraw"))
    invite(mara, "otto@example.com")
    (late,) = links(tmp_path, "otto@example.com")
    guest = app.test_client()
    assert guest.get(link).status_code == 422
    assert join(guest, link).status_code == 422
    now.forward(days=7, seconds=1)
    assert join(guest, late).status_code == 422
    assert (find("nora@example.com"), find("otto@example.com")) == (None, None)
    (withdrawn,) = trail("withdrawn")
    assert withdrawn[0] == f"staff:{studio.accounts['mara']}"


def test_an_invitation_withdrawn_before_its_mail_left_is_not_sent(mara, studio, tmp_path):
    invite(mara, "nora@example.com")
    send(mara, press(soup(mara.get("/studio/team")), "Withdraw"))
    assert links(tmp_path, "nora@example.com") == []


def test_two_invitations_of_one_address_end_in_no_fault(app, mara, nora, studio, tmp_path):
    def free_marco() -> None:
        db.session.get_one(Practitioner, studio.marco).account_id = None

    transact(free_marco)
    invite(mara, "nora@example.com", calendar=nora)
    invite(mara, "nora@example.com", calendar=studio.marco)
    first, second = links(tmp_path, "nora@example.com")
    assert join(app.test_client(), first).status_code == 303
    assert join(app.test_client(), second).status_code in {303, 422}


def test_who_comes_back_to_another_calendar_ends_in_no_fault(app, mara, nora, studio, tmp_path):
    mara.post(f"/studio/team/{studio.accounts['lena']}/end")
    assert invite(mara, "lena@heronlane.example", calendar=nora).status_code == 303
    (link,) = links(tmp_path, "lena@heronlane.example")
    assert join(app.test_client(), link).status_code in {303, 422}


def test_an_older_invitation_does_not_take_the_last_manager_away(app, mara, studio, tmp_path, now):
    invite(mara, "nora@example.com", role="practitioner")
    (older,) = links(tmp_path, "nora@example.com")
    invite(mara, "nora@example.com", role="manager")
    (newer,) = set(links(tmp_path, "nora@example.com")) - {older}
    guest = app.test_client()
    join(guest, newer)
    assert guest.post(f"/studio/team/{studio.accounts['mara']}/end").status_code == 303
    assert managers() == ["nora@example.com"]
    join(app.test_client(), older)
    assert managers() == ["nora@example.com"]


def test_each_change_of_a_role_ends_the_sessions_and_is_written_down(app, mara, studio, now):
    lena, lena_id = app.test_client(), studio.accounts["lena"]
    page = f"/studio/team/{lena_id}"
    sign_in(lena, lena_id, now())
    form = press(soup(mara.get(page)), "Save")
    assert send(mara, form, role="manager").status_code == 303
    assert lena.get("/studio/").status_code == 303
    sign_in(lena, lena_id, now())
    assert lena.get("/studio/team").status_code == 200
    send(mara, form, role="client")
    assert lena.get("/studio/").status_code == 303
    manager = f"staff:{studio.accounts['mara']}"
    assert trail("role") == [
        (manager, f"account:{lena_id}", {"was": "practitioner", "to": "manager"}),
        (manager, f"account:{lena_id}", {"was": "manager", "to": "client"}),
    ]
    assert mara.get(page).status_code == 404


def test_who_leaves_is_signed_out_and_may_be_let_back(app, mara, studio, now):
    lena, lena_id = app.test_client(), studio.accounts["lena"]
    hashed = passwords.hash_password(PASSWORD)

    def give_password() -> None:
        db.session.get_one(Account, lena_id).password_hash = hashed

    transact(give_password)
    sign_in(lena, lena_id, now())
    typed = {"email": "lena@heronlane.example", "password": PASSWORD}
    send(mara, press(soup(mara.get(f"/studio/team/{lena_id}")), "End their access"))
    assert lena.get("/studio/").status_code == 303
    assert lena.post("/sign-in/password", data=typed).status_code == 422
    assert "has left" in words(mara.get("/studio/team"))
    send(mara, press(soup(mara.get(f"/studio/team/{lena_id}")), "Let them sign in again"))
    assert lena.get("/studio/").status_code == 303
    assert lena.post("/sign-in/password", data=typed).location == "/studio/"
    assert [row[1] for row in trail("ended") + trail("resumed")] == [f"account:{lena_id}"] * 2

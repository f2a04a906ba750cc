"""The clients' list: who may see whom, how they are found, written down and corrected."""

import pytest
from sqlalchemy import func, select, text

from booking.accounts import people
from booking.accounts.models import Account, Audit, Person
from booking.bookings.clients import Details
from booking.clients.clients import BY_NAME, PAGE
from booking.database import db, transact
from tests.cast import at, book
from tests.web.pages import press, send, soup, words


def write_down(now, *names: str, email: str | None = None, phone: str | None = None) -> list[int]:
    def write() -> list[int]:
        made = [Person(name=name, email=email, phone=phone, created_at=now()) for name in names]
        db.session.add_all(made)
        db.session.flush()
        return [person.id for person in made]

    return transact(write)


def listed(client, **query: str | int) -> list[str]:
    page = soup(client.get("/studio/clients", query_string=query))
    return [" ".join(one.get_text().split()) for one in page.select(".entry-name")]


def person(person_id: int) -> Person:
    db.session.rollback()
    return db.session.get_one(Person, person_id)


def named(name: str) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def holder(studio, name: str) -> int:
    return people.own_person(db.session.get_one(Account, studio.accounts[name])).id


def trail(person_id: int) -> list[tuple]:
    db.session.rollback()
    rows = select(Audit.actor, Audit.action, Audit.details).order_by(Audit.id)
    found = db.session.execute(rows.where(Audit.subject == f"person:{person_id}"))
    return [tuple(row) for row in found]


def test_the_list_is_by_name_and_says_how_somebody_is_reached(mara, studio, now):
    write_down(now, "aaron")
    write_down(now, "Zoe", email="zoe@example.com", phone="+13215550133")
    assert listed(mara) == ["aaron", "Ada", "Bob", "Zoe"]
    page = words(mara.get("/studio/clients"))
    assert "no mail address: is phoned" in page
    assert "zoe@example.com · address not proved · +13215550133" in page
    assert "ada@example.com Bob" in page


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_page_of_the_list_is_read_from_the_index_in_its_order(studio):
    for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        db.session.execute(text(f"SET LOCAL {way} = off"))
    wanted = select(Person.id).order_by(*BY_NAME).limit(PAGE)
    asked = wanted.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.scalars(text(f"EXPLAIN {asked}")))
    assert "ix_person_folded_name" in plan


def test_nobody_found_says_that_a_part_is_enough(mara):
    page = words(mara.get("/studio/clients?q=xyz"))
    assert "Nobody is found by that. A part of the name is enough." in page
    assert "Ada" not in page


@pytest.mark.parametrize(
    "looked_for",
    ["ill", "GRACE", "hill grace", "grace@exam", "GRACE@Example.com", "5550101", "+1321",
     "321 555 0101", "(321) 555-0101"],
)  # fmt: skip
def test_a_client_is_found_by_a_part_of_name_address_or_number(mara, now, looked_for):
    write_down(now, "Grace Hill", email="grace@example.com", phone="+13215550101")
    assert listed(mara, q=looked_for) == ["Grace Hill"]


@pytest.mark.parametrize("looked_for", ["Émile", "émile", "ÉMILE"])
def test_case_is_not_meant_in_letters_with_accents_either(mara, now, looked_for):
    write_down(now, "Émile Roux")
    assert listed(mara, q=looked_for) == ["Émile Roux"]


@pytest.mark.parametrize("sign", ["%", "_", "/", "\\", "'"])
def test_signs_that_mean_something_to_a_database_are_plain_letters(mara, now, sign):
    write_down(now, f"One{sign}Two", "OneXTwo")
    assert listed(mara, q=sign) == [f"One{sign}Two"]
    assert listed(mara, q=f"One{sign}T") == [f"One{sign}Two"]


def test_beyond_fifty_there_is_another_page(mara, now):
    write_down(now, *(f"Client {number:03}" for number in range(105)))
    first = soup(mara.get("/studio/clients?q=client"))
    assert len(listed(mara, q="client")) == 50
    assert first.find("a", string="Earlier names") is None
    second = first.find("a", string="Later names")["href"]
    third = soup(mara.get(second)).find("a", string="Later names")["href"]
    last = soup(mara.get(third))
    names = [one.get_text().strip() for one in last.select(".entry-name")]
    assert names == [f"Client {number:03}" for number in range(100, 105)]
    assert last.find("a", string="Later names") is None
    back = soup(mara.get(last.find("a", string="Earlier names")["href"]))
    assert back.select(".entry-name")[0].get_text().strip() == "Client 050"


def test_who_telephones_is_written_down_without_address_or_account(mara, studio):
    accounts = select(func.count(Account.id))
    before = db.session.scalar(accounts)
    form = press(soup(mara.get("/studio/clients/new")), "Save")
    nameless = send(mara, form)
    assert nameless.status_code == 422
    assert listed(mara) == ["Ada", "Bob"]
    answer = send(mara, form, name="Walter Ames", phone="321 555 0177")
    assert "Walter Ames is in the list." in words(mara.get(answer.location))
    walter = named("Walter Ames")
    assert (walter.phone, walter.email, walter.account_id) == ("+13215550177", None, None)
    assert (walter.guardian_id, walter.is_holder, walter.address) == (None, False, None)
    assert db.session.scalar(accounts) == before
    mara_id = studio.accounts["mara"]
    assert trail(walter.id)[0] == (f"staff:{mara_id}", "created", {"minor": False})


def test_a_child_is_written_down_with_the_guardian_s_consent(mara, studio, now):
    ada = holder(studio, "ada")
    page = soup(mara.get(f"/studio/clients/{ada}"))
    address = page.find("a", string="Add a child of Ada")["href"]
    form = press(soup(mara.get(address)), "Save")
    refused = send(mara, form, name="Cleo")
    assert refused.status_code == 422
    assert "Without the guardian’s consent a minor is not treated." in words(refused)
    assert listed(mara) == ["Ada", "Bob"]
    send(mara, form, name="Cleo", consent="y")
    cleo = named("Cleo")
    assert (cleo.guardian_id, cleo.consented_at) == (ada, now())
    assert cleo.account_id == studio.accounts["ada"]
    assert trail(cleo.id)[0][1:] == ("created", {"minor": True})
    assert "under 18, guardian Ada" in words(mara.get("/studio/clients"))


def test_a_minor_or_who_was_erased_is_nobody_s_guardian(mara, studio, now):
    def make() -> tuple[int, int]:
        account = db.session.get_one(Account, studio.accounts["ada"])
        cleo = people.add(account, "Cleo", "", is_minor=True, now=now())
        max_ = people.add(account, "Max", "", is_minor=False, now=now())
        people.erase(max_, "Former client", people.Actor("staff"), now())
        return cleo.id, max_.id

    for guardian in transact(make):
        data = {"name": "Tom", "consent": "y"}
        mara.post(f"/studio/clients/new?guardian={guardian}", data=data)
        assert db.session.scalar(select(func.count()).where(Person.guardian_id == guardian)) == 0
        db.session.rollback()


def test_a_correction_is_written_down_by_the_names_of_the_fields_alone(mara, now):
    (walter,) = write_down(now, "Walter Ames", email="walter@example.com")
    form = press(soup(mara.get(f"/studio/clients/{walter}/edit")), "Save")
    send(mara, form, name="Walter A. Ames", phone="321 555 0177", email="Walt@Example.com")
    found = person(walter)
    assert (found.name, found.phone, found.email) == (
        "Walter A. Ames", "+13215550177", "walt@example.com",
    )  # fmt: skip
    (changed,) = [row for row in trail(walter) if row[1] == "changed"]
    assert changed[2] == {"fields": ["name", "phone", "email"]}
    send(mara, form, name="Walter A. Ames", phone="321 555 0177", email="walt@example.com")
    assert [row[1] for row in trail(walter)].count("changed") == 1


def test_the_address_of_an_account_is_its_owner_s_to_change_even_when_posted(mara, studio):
    ada = holder(studio, "ada")
    page = mara.get(f"/studio/clients/{ada}/edit")
    assert soup(page).find(id="email") is None
    assert "only its owner changes it" in words(page)
    form = press(soup(page), "Save")
    assert send(mara, form, name="Ada Bishop", email="mallory@example.com").status_code == 303
    found = person(ada)
    assert (found.name, found.email, found.account.email) == (
        "Ada Bishop", "ada@example.com", "ada@example.com",
    )  # fmt: skip
    assert trail(ada)[-1][1:] == ("changed", {"fields": ["name"]})


def test_a_practitioner_sees_their_own_clients_and_those_nobody_has_seen_yet(
    lena, mara, studio, now
):
    typed = Details("Marco’s Client", "his@example.com")
    his = book(studio.hour, at(10), now(), details=typed, practitioner=studio.marco,
               visitor="a").person_id  # fmt: skip
    book(studio.hour, at(12), now(), practitioner=studio.lena, visitor="b")
    (new,) = write_down(now, "Walter Ames")
    assert listed(lena) == ["Ada", "Bob", "Grace Hill", "Walter Ames"]
    assert listed(mara) == ["Ada", "Bob", "Grace Hill", "Marco’s Client", "Walter Ames"]
    assert listed(lena, q="his@example.com") == []
    assert lena.get(f"/studio/clients/{new}").status_code == 200
    for page in ("", "/edit"):
        theirs = lena.get(f"/studio/clients/{his}{page}")
        missing = lena.get(f"/studio/clients/999999{page}")
        assert (theirs.status_code, missing.status_code) == (404, 404)
        assert words(theirs) == words(missing)
    data = {"name": "Changed"}
    assert lena.post(f"/studio/clients/{his}/edit", data=data).status_code == 404
    assert lena.get(f"/studio/clients/new?guardian={his}").status_code == 404
    assert person(his).name == "Marco’s Client"
    assert trail(his) == []


def test_a_practitioner_sees_of_a_shared_client_only_their_own_sessions(lena, mara, studio, now):
    shared = book(studio.hour, at(10), now(), account="ada", studio=studio, visitor="a",
                  practitioner=studio.lena).person_id  # fmt: skip
    book(studio.hour, at(14), now(), account="ada", studio=studio, visitor="b",
         practitioner=studio.marco)  # fmt: skip
    assert "Marco Reyes" not in words(lena.get(f"/studio/clients/{shared}"))
    assert "Marco Reyes" in words(mara.get(f"/studio/clients/{shared}"))


@pytest.mark.parametrize("opened", ["guardian", "child"])
def test_every_link_in_a_record_leads_its_reader_somewhere(lena, studio, now, opened):
    """Of a mother and her child one comes to Lena and the other to Marco."""

    def add_child() -> int:
        account = db.session.get_one(Account, studio.accounts["ada"])
        return people.add(account, "Cleo", "", is_minor=True, now=now()).id

    child = transact(add_child)
    family = {"guardian": holder(studio, "ada"), "child": child}
    for number, (who, person_id) in enumerate(family.items()):
        book(studio.hour, at(10 + 4 * number), now(), account="ada", studio=studio, visitor=who,
             details=Details("", "", person_id=person_id),
             practitioner=studio.lena if who == opened else studio.marco)  # fmt: skip
    page = soup(lena.get(f"/studio/clients/{family[opened]}"))
    links = {link["href"] for link in page.select("main a[href^='/studio/clients']")}
    assert [link for link in links if lena.get(link).status_code != 200] == []


def test_every_look_at_a_record_is_told_to_its_client_and_to_the_manager(
    lena, mara, browser_of, studio
):
    ada = holder(studio, "ada")
    for _look in range(2):
        assert lena.get(f"/studio/clients/{ada}").status_code == 200
    assert lena.head(f"/studio/clients/{ada}").status_code == 200
    assert lena.get("/studio/clients/999999").status_code == 404
    looked = (f"staff:{studio.accounts['lena']}", "looked", {})
    assert trail(ada) == [looked, looked]
    hers = words(browser_of("ada").get("/account/history"))
    assert hers.count("Record opened by the studio") == 2
    assert "lena" not in hers
    assert "Record opened" not in words(browser_of("bob").get("/account/history"))
    everybody_s = words(mara.get("/studio/trail"))
    assert everybody_s.count(f"Record opened · person:{ada} by lena@heronlane.example") == 2

"""My bookings: what is ahead, what was, the same again in two presses, and when to be reminded."""

import pytest
from sqlalchemy import select

from booking.accounts import people, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Audit
from booking.articles import operations as articles
from booking.articles.models import TopicKind
from booking.articles.operations import Draft
from booking.bookings import changes
from booking.bookings.clients import Details
from booking.bookings.models import Booking, Reminder, Status
from booking.catalog.models import Practitioner, Service, ServiceOption
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import ADA, at, book, sign_in
from tests.web.pages import press, send, soup, words

DAY, TWO_DAYS, THREE_HOURS = 24 * 60, 48 * 60, 180


@pytest.fixture
def ada(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    return client


def booked(studio, now, start, option=None, account="ada", person=None, **wishes) -> int:
    details = Details(ADA.name, ADA.email, person_id=person)
    made = book(
        option or studio.hour, start, now(), details=details, account=account, studio=studio,
        visitor=f"{account} {start}", **wishes,
    )  # fmt: skip
    return made.id


@pytest.fixture
def had(ada, studio, now):
    """Ada's browser after an hour of massage with Marco, which is over."""
    booked(studio, now, at(10), practitioner=studio.marco)
    now.set(at(12))
    return ada


def mine(client):
    """The page by its headings: what stands under each, as text, and the page itself."""
    page = soup(client.get("/my/bookings"))
    under = {}
    for heading in page.find("main").find_all("h2"):
        parts = []
        for sibling in heading.find_next_siblings():
            if sibling.name == "h2":
                break
            parts.append(sibling.get_text(" "))
        text = " ".join(" ".join(parts).replace("\u202f", " ").split())
        under[heading.get_text()] = text
    return page, under


def test_nothing_yet_says_so_and_leads_to_the_times(ada):
    page, under = mine(ada)
    assert under["Upcoming"].startswith("Nothing is booked. When would you like to come?")
    assert under["Past"].startswith("Nothing yet.")
    assert "Book again" not in under
    assert page.find("main").find("a", string="Book a session")["href"] == "/"


def test_what_is_ahead_says_until_when_it_can_be_cancelled_free_of_charge(ada, studio, now):
    booked(studio, now, at(14, day=25))
    booked(studio, now, at(10))
    ahead = mine(ada)[1]["Upcoming"]
    assert ahead.index("Tuesday, November 24, 10:00 AM") < ahead.index("Wednesday, November 25")
    assert "Free to cancel until Monday, November 23, 10:00 AM." in ahead
    assert "Free to cancel until Tuesday, November 24, 2:00 PM." in ahead
    now.set(at(10, 1, day=23))
    ahead = mine(ada)[1]["Upcoming"]
    assert "The time for a free cancellation has passed." in ahead
    assert "Free to cancel until Monday" not in ahead


def test_what_was_is_told_with_its_end_and_what_was_undone_is_not(ada, studio, now):
    came, undone, off = (booked(studio, now, at(hour)) for hour in (10, 12, 14))
    client = Actor("client", studio.accounts["ada"])
    transact(changes.undo, undone, 1, client, practice.current(), now())
    transact(changes.cancel, off, client, practice.current(), now())
    now.set(at(11, 30))
    staff = Actor("staff", studio.accounts["lena"])
    transact(changes.mark, came, Status.ARRIVED, staff, practice.current(), now())
    _page, under = mine(ada)
    assert under["Upcoming"].startswith("Nothing is booked.")
    assert "was here" in under["Past"]
    assert "cancelled" in under["Past"]
    assert "undone" not in under["Past"]
    assert under["Past"].count("Tuesday, November 24") == 2


def test_the_same_again_is_two_presses_and_nothing_to_type(had, studio, now):
    page, under = mine(had)
    assert "Massage, 60 minutes, with Marco Reyes" in under["Book again"]
    assert "press a time, confirm, done" in under["Book again"]
    details = send(had, press(page.find("main"), "Tue 2:00 PM"))
    asked = soup(had.get(details.location))
    assert not [one for one in asked.select("main input[required]") if not one.get("value")]
    assert asked.find(id="policy") is None
    done = send(had, press(asked, "Book this session"))
    assert "It is booked." in words(had.get(done.location))
    db.session.rollback()
    again = db.session.scalars(select(Booking).order_by(Booking.id.desc())).first()
    assert (again.option_id, again.minutes) == (studio.hour, 60)
    assert (again.practitioner_id, again.starts_at) == (studio.marco, at(14))
    assert again.person.account_id == studio.accounts["ada"]


def test_each_kind_stands_there_once(ada, studio, now):
    for hour, option in ((9, studio.hour), (11, studio.hour), (14, studio.long)):
        booked(studio, now, at(hour), option, practitioner=studio.lena)
    now.set(at(16))
    again = mine(ada)[1]["Book again"]
    assert again.count("Massage, 60 minutes, with Lena Hartmann") == 1
    assert again.count("Massage, 90 minutes, with Lena Hartmann") == 1


def archive_option(studio) -> None:
    db.session.get_one(ServiceOption, studio.hour).is_archived = True


def archive_service(studio) -> None:
    db.session.get_one(Service, studio.massage).is_archived = True


def archive_practitioner(studio) -> None:
    db.session.get_one(Practitioner, studio.marco).is_archived = True


def give_up_massage(studio) -> None:
    massage = db.session.get_one(Service, studio.massage)
    massage.practitioners.remove(db.session.get_one(Practitioner, studio.marco))


GONE = [archive_option, archive_service, archive_practitioner, give_up_massage]


@pytest.mark.parametrize("gone", GONE)
def test_what_is_no_longer_given_is_not_offered_again(had, studio, gone):
    transact(gone, studio)
    _page, under = mine(had)
    assert "Book again" not in under
    assert "Massage, 60 minutes" in under["Past"]


@pytest.mark.parametrize("gone", GONE)
def test_every_link_beside_what_was_leads_somewhere(had, studio, gone):
    transact(gone, studio)
    page, _under = mine(had)
    links = {link["href"] for link in page.select(".bookings a")}
    assert [link for link in links if had.get(link).status_code != 200] == []


def write_of_training(now) -> None:
    articles.ensure_topic("personal-training", "Training", TopicKind.WORK)
    draft = Draft("Lift well", "lift-well", "Text.", "Lena", "", False, "",
                  ("personal-training",), now)  # fmt: skip
    articles.save(draft, now)


@pytest.mark.parametrize(("option", "first"), [("hour", "Level hips"), ("training", "Lift well")])
def test_what_stands_beside_fits_what_was_booked(ada, studio, now, option, first):
    transact(write_of_training, now())
    booked(studio, now, at(10), getattr(studio, option))
    page, _under = mine(ada)
    assert page.select("aside h3")[0].get_text().strip() == first


def planned() -> dict[int, set[int]]:
    """The leads of the reminders that are still to be looked at, by booking."""
    db.session.rollback()
    found: dict[int, set[int]] = {}
    for one in db.session.scalars(select(Reminder).where(Reminder.done_at.is_(None))):
        found.setdefault(one.booking_id, set()).add(one.lead_minutes)
    return found


def choose(client, *ticks: str, way: str = "own"):
    return client.post("/account/reminders", data={"way": way, **dict.fromkeys(ticks, "y")})


def sent() -> list[str]:
    kinds = select(OutgoingMail.kind).order_by(OutgoingMail.id)
    return [kind for kind in db.session.scalars(kinds) if kind.startswith("reminder")]


def test_one_s_own_way_counts_for_what_is_booked_and_what_will_be(ada, studio, now):
    def add_child() -> int:
        account = db.session.get_one(Account, studio.accounts["ada"])
        return people.add(account, "Cleo", "", is_minor=True, now=now()).id

    child = transact(add_child)
    before = booked(studio, now, at(10, day=27)), booked(studio, now, at(14, day=27), person=child)
    bobs = booked(studio, now, at(14, day=30), account="bob")
    answer = choose(ada, "day")
    assert "It counts for sessions that are booked already as well." in words(
        ada.get(answer.location)
    )
    after = booked(studio, now, at(10, day=30))
    own = {booking: {DAY} for booking in (*before, after)}
    assert planned() == {**own, bobs: {TWO_DAYS, THREE_HOURS}}
    page = soup(ada.get("/account/reminders"))
    ticked = [one["name"] for one in page.select("[type=checkbox][checked]")]
    assert ticked == ["day"]
    assert findings(now()) == []


def test_a_guest_s_booking_that_comes_home_follows_one_s_own_way(ada, studio, now):
    choose(ada)
    typed = Details("Ada", "ada@example.com")
    book(studio.hour, at(10, day=27), now(), details=typed)
    secret = transact(tokens.issue, tokens.GUEST, "ada@example.com", "", now())
    assert ada.post(f"/this-is-me/{secret}").status_code == 303
    assert "Friday, November 27" in mine(ada)[1]["Upcoming"]
    assert planned() == {}


def test_what_has_been_sent_is_not_sent_again(ada, studio, now):
    booking = booked(studio, now, at(14, day=27))
    now.set(at(14, day=25))
    turn()
    assert sent() == ["reminder"]
    choose(ada, "two_days", "day")
    assert planned() == {booking: {DAY}}
    turn()
    assert sent() == ["reminder"]
    now.set(at(14, day=26))
    turn()
    assert sent() == ["reminder", "reminder"]
    assert findings(now()) == []


def test_none_at_all_is_a_way_too(ada, studio, now):
    booked(studio, now, at(14, day=27))
    choose(ada)
    booked(studio, now, at(10, day=27))
    assert planned() == {}
    assert db.session.get_one(Account, studio.accounts["ada"]).reminder_leads == []
    now.set(at(13, day=27))
    turn()
    assert sent() == []
    sign_in(ada, studio.accounts["ada"], now())
    page = soup(ada.get("/account/reminders"))
    assert page.find("input", value="own").has_attr("checked")
    assert page.select("[type=checkbox][checked]") == []


def test_one_can_go_back_to_the_studio_s_way(ada, studio, now):
    booking = booked(studio, now, at(14, day=27))
    choose(ada, "hour")
    assert planned() == {booking: {60}}
    choose(ada, "hour", way="studio")
    assert planned() == {booking: {TWO_DAYS, THREE_HOURS}}
    assert db.session.get_one(Account, studio.accounts["ada"]).reminder_leads is None
    assert "As the studio does: 2 days before, 3 hours before" in words(
        ada.get("/account/reminders")
    )


def test_a_change_is_written_down_once_and_nothing_else_is(ada, studio):
    for _press in range(2):
        assert choose(ada, "day").status_code == 303
    assert choose(ada, way="at noon").status_code == 422
    rows = db.session.scalars(select(Audit).where(Audit.action == "reminders_changed")).all()
    account = studio.accounts["ada"]
    assert [(row.actor, row.subject) for row in rows] == [
        (f"client:{account}", f"account:{account}")
    ]
    assert db.session.get_one(Account, account).reminder_leads == [DAY]

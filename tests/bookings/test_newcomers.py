"""First-time clients, services that are not for everyone, and how much a day holds."""

import pytest
from sqlalchemy import func, select

from booking.accounts.audit import GUEST, Actor
from booking.accounts.models import Person
from booking.bookings import approvals, changes
from booking.bookings.models import Booking, Reminder, Status
from booking.catalog.models import Audience, Practitioner, Service, ServiceInvitation
from booking.database import db, transact
from booking.domain.errors import NotAsked, NotForYou, NotOffered, SlotTaken
from booking.mail.models import MailState, OutgoingMail
from booking.practice import operations
from booking.practice import queries as practice
from booking.scheduling.models import TimeClaim
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, book_held, hold, sign_in
from tests.web.pages import press, send, soup, words

LENA = Actor("staff", 3)


def decide(**values) -> None:
    """Change the practice's rules."""
    transact(lambda: operations.change(practice.current(), **values))


def ask(studio, now, hour: int = 10) -> int:
    """Somebody new asks for an hour with Lena; the id of the booking."""
    return book(studio.hour, at(hour, day=25), now(), practitioner=studio.lena).id


@pytest.fixture
def asks_first(studio):
    decide(new_approval=True)


def kinds(state: MailState = MailState.WAITING) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(OutgoingMail.kind).where(OutgoingMail.state == state).order_by(OutgoingMail.id)
        )
    )


def status_of(booking_id: int) -> Status:
    db.session.rollback()
    return db.session.get_one(Booking, booking_id).status


def test_a_newcomer_asks_and_the_time_is_held(studio, now, asks_first):
    booking_id = ask(studio, now)
    booking = db.session.get_one(Booking, booking_id)
    assert booking.status is Status.REQUESTED
    assert booking.answer_by == at(8, day=24)
    assert kinds() == ["requested", "studio_request"]
    assert db.session.scalar(select(func.count(Reminder.id))) == 0
    assert db.session.scalar(select(func.count(TimeClaim.id))) == 2
    assert findings(now()) == []


def test_who_has_been_here_is_not_asked_about(studio, now, asks_first):
    known = book(
        studio.hour, at(10), now(), account="ada", studio=studio, practitioner=studio.lena
    ).id
    assert status_of(known) is Status.REQUESTED
    transact(approvals.accept, known, LENA, practice.current(), now())
    now.set(at(12))
    again = book(
        studio.hour, at(10, day=26), now(), account="ada", studio=studio, practitioner=studio.lena
    )
    assert again.status is Status.BOOKED


def test_a_yes_confirms_it_once(studio, now, asks_first):
    booking_id = ask(studio, now)
    now.forward(minutes=10)
    for _press in range(2):
        transact(approvals.accept, booking_id, LENA, practice.current(), now())
    assert status_of(booking_id) is Status.BOOKED
    assert kinds() == ["confirmed"]
    assert db.session.scalar(select(func.count(Reminder.id))) == 2
    assert findings(now()) == []


def test_a_no_frees_the_time_and_says_so_with_her_words(studio, now, asks_first, client):
    booking_id = ask(studio, now)
    sign_in(client, studio.accounts["lena"], now())
    page = client.get("/studio/requests")
    assert "answer by" in words(page)
    send(client, press(soup(page), "Turn down"), words="I am away that week.")
    assert status_of(booking_id) is Status.DECLINED
    assert kinds() == ["declined"]
    mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "declined")).one()
    assert "I am away that week." in mail.body_text
    assert db.session.scalar(select(func.count(TimeClaim.id))) == 0
    with pytest.raises(NotAsked):
        transact(approvals.accept, booking_id, LENA, practice.current(), now())
    assert findings(now()) == []


def test_a_request_that_nobody_answers_is_turned_down_in_time(studio, now, asks_first):
    booking_id = ask(studio, now)
    now.set(at(7, 59, day=24))
    turn()
    assert status_of(booking_id) is Status.REQUESTED
    now.set(at(8, day=24))
    turn()
    assert status_of(booking_id) is Status.DECLINED
    assert "declined" in kinds(MailState.SENT)
    assert hold(studio.hour, at(10, day=25), "other", now(), studio.lena).claim_id


def test_a_request_can_be_undone_or_taken_back_free_of_charge(studio, now, asks_first, client):
    undone, taken_back = ask(studio, now), ask(studio, now, 13)
    transact(changes.undo, undone, 1, GUEST, practice.current(), now())
    now.set(at(7, 30, day=24))
    turn()
    transact(changes.cancel, taken_back, GUEST, practice.current(), now())
    assert (status_of(undone), status_of(taken_back)) == (Status.UNDONE, Status.CANCELLED)
    assert kinds() == ["studio_cancelled"]
    assert findings(now()) == []


def test_the_client_s_page_says_that_it_waits(studio, now, asks_first, client):
    page = client.get("/services/massage?day=2026-11-25")
    details = send(client, press(soup(page), "10:00 AM"))
    form = press(soup(client.get(details.location)), "Book")
    done = send(client, form, name="Nora Quill", email="nora@example.com", policy="y")
    assert "We hold this time for you" in words(client.get(done.location))


def test_newcomers_have_their_own_notice_and_hours(studio, now, client):
    decide(new_notice_minutes=24 * 60, new_days=[2], new_from=12 * 60, new_until=14 * 60)
    with pytest.raises(NotOffered):
        hold_as_visitor(client, studio, "2026-11-25T15:00Z")
    page = client.get("/services/massage?day=2026-11-25")
    assert "12:00 PM" in words(page)
    assert "11:00 AM" not in words(page)
    assert "Nothing is free on this day" in words(client.get("/services/massage?day=2026-11-24"))


def hold_as_visitor(client, studio, start: str) -> None:
    answer = client.post("/book", data={"option": studio.hour, "start": start})
    assert answer.status_code == 422
    assert "not offered" in words(answer)
    raise NotOffered


@pytest.mark.parametrize("audience", [Audience.RETURNING, Audience.INVITED])
def test_a_service_that_is_not_for_everyone(studio, now, client, audience):
    transact(restrict, studio, audience)
    home = words(client.get("/"))
    assert ("For clients who have been here before" in home) is (audience is Audience.RETURNING)
    answer = client.post("/book", data={"option": studio.hour, "start": "2026-11-25T15:00Z"})
    assert answer.status_code == 422
    assert "offered to clients whom we know" in words(answer)
    assert "Sign in" in words(client.get("/services/massage"))
    with pytest.raises(NotForYou):
        book(studio.hour, at(10), now())


def test_the_studio_invites_on_the_record_and_takes_it_back(studio, now, client):
    transact(restrict, studio, Audience.INVITED)
    sign_in(client, studio.accounts["mara"], now())
    person = person_of(studio)
    record = client.get(f"/studio/clients/{person}")
    form = press(soup(record), "Save the invitations")
    send(client, form, **{f"service_{studio.massage}": "y"})
    db.session.rollback()
    assert db.session.scalars(select(ServiceInvitation.person_id)).all() == [person]
    form = press(soup(client.get(f"/studio/clients/{person}")), "Save the invitations")
    form.data.pop(f"service_{studio.massage}")
    send(client, form)
    db.session.rollback()
    assert db.session.scalars(select(ServiceInvitation.person_id)).all() == []


def restrict(studio, audience: Audience) -> None:
    db.session.get_one(Service, studio.massage).audience = audience


def test_who_is_invited_may_book_it(studio, now, client):
    transact(restrict, studio, Audience.INVITED)
    transact(invite, studio)
    sign_in(client, studio.accounts["ada"], now())
    answer = client.post("/book", data={"option": studio.hour, "start": "2026-11-25T15:00Z"})
    assert answer.status_code == 303


def person_of(studio) -> int:
    return db.session.scalars(
        select(Person.id).where(Person.account_id == studio.accounts["ada"])
    ).one()


def invite(studio) -> None:
    db.session.add(ServiceInvitation(service_id=studio.massage, person_id=person_of(studio)))


def test_a_full_day_is_offered_no_more_and_the_next_is(studio, now, client):
    transact(limit, studio.lena, day_sessions=1)
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):
        hold(studio.hour, at(15), "other", now(), studio.lena)
    assert hold(studio.hour, at(15, day=25), "other", now(), studio.lena).claim_id
    assert hold(studio.hour, at(15), "third", now(), studio.marco).claim_id


@pytest.mark.parametrize("lost", ["ran out", "let go"])
def test_a_hold_that_was_lost_gives_no_right_to_a_day_that_is_full_by_now(studio, now, lost):
    transact(limit, studio.lena, day_sessions=1)
    token = hold(studio.hour, at(10), "v", now(), studio.lena).token
    if lost == "let go":
        hold(studio.hour, at(10, day=25), "v", now(), studio.lena)
    else:
        now.forward(minutes=10)
    book(studio.hour, at(15), now(), practitioner=studio.lena, visitor="w")
    with pytest.raises(SlotTaken):
        book_held(token, studio.hour, now(), "v")


def limit(practitioner_id: int, **limits: int) -> None:
    for name, most in limits.items():
        setattr(db.session.get_one(Practitioner, practitioner_id), name, most)

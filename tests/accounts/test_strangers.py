"""Forms that anybody may send: what only programs fill in, and the moment that people need."""

import pytest
from itsdangerous import timed

from booking.bookings.models import Booking
from booking.database import db
from booking.mail.models import OutgoingMail
from tests.accounts.steps import count
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words

ADA = "ada@example.com"
SLOWER = "That was quicker than people read. Please look at it and press again."


@pytest.fixture
def seconds(monkeypatch):
    """A clock for the stamps on forms that only moves when a test says so."""

    class Seconds:
        now = 1_800_000_000.0

        def time(self) -> float:
            return self.now

    standing = Seconds()
    monkeypatch.setattr(timed, "time", standing)
    return standing


@pytest.fixture
def guest(make_app, studio, seconds):
    """A browser of a site that gives people two seconds."""
    return make_app(FORM_SECONDS=2).test_client()


PAGES = [
    ("/sign-up", "Send me a link"),
    ("/sign-in", "Send me a link"),
    ("/password", "Send me a link"),
]


@pytest.mark.parametrize(("where", "label"), PAGES)
def test_a_form_that_is_quicker_than_people_is_refused_and_passes_when_pressed_again(
    guest, seconds, where, label
):
    form = press(soup(guest.get(where)), label)
    seconds.now += 1
    refused = send(guest, form, email=ADA)
    assert refused.status_code == 422
    assert SLOWER in words(refused)
    again = press(soup(refused), label)
    assert again.data["email"] == ADA
    assert count(OutgoingMail) == 0
    seconds.now += 1
    assert send(guest, again).status_code == 200
    assert count(OutgoingMail) == 1


@pytest.mark.parametrize(("where", "label"), PAGES)
def test_who_fills_in_what_people_never_see_is_refused_with_a_sentence(
    guest, seconds, where, label
):
    form = press(soup(guest.get(where)), label)
    seconds.now += 60
    refused = send(guest, form, email=ADA, website="https://pills.example")
    assert refused.status_code == 422
    assert "Please leave this field empty." in words(refused)
    again = press(soup(refused), label)
    assert again.data["email"] == ADA
    assert count(OutgoingMail) == 0
    assert send(guest, again, website="").status_code == 200


@pytest.mark.parametrize("stamp", ["", "form", "form.zzz.zzz"], ids=["none", "bare", "forged"])
def test_a_form_without_our_stamp_counts_as_just_opened(guest, seconds, stamp):
    refused = guest.post("/sign-up", data={"email": ADA, "opened": stamp})
    assert refused.status_code == 422
    seconds.now += 2
    assert send(guest, press(soup(refused), "Send me a link")).status_code == 200


TYPED = {
    "name": "Grace Hill",
    "email": "grace@example.com",
    "note": "The left knee.",
    "policy": "y",
}


def details_form(browser):
    page = soup(browser.get("/services/massage?day=2026-11-24"))
    opened = browser.get(send(browser, press(page, "10:00 AM")).location)
    return press(soup(opened), "Book this session")


@pytest.mark.parametrize(
    ("wait", "website", "sentence"),
    [(1, "", SLOWER), (60, "https://pills.example", "Please leave this field empty.")],
    ids=["quick", "filled in"],
)
def test_a_guest_s_booking_is_looked_at_too_and_nothing_typed_is_lost(
    guest, seconds, wait, website, sentence
):
    form = details_form(guest)
    seconds.now += wait
    refused = send(guest, form, **TYPED, website=website)
    assert refused.status_code == 422
    assert sentence in words(refused)
    page = soup(refused)
    assert (page.find(id="name")["value"], page.find(id="email")["value"]) == (
        TYPED["name"], TYPED["email"],
    )  # fmt: skip
    assert page.find(id="note").text.strip() == TYPED["note"]
    assert count(Booking) == 0
    seconds.now += 1
    again = press(page, "Book this session")
    assert send(guest, again, note=TYPED["note"], website="").status_code == 303
    assert count(Booking) == 1


def test_a_signed_in_client_is_asked_for_neither(guest, seconds, studio, now):
    sign_in(guest, studio.accounts["ada"], now())
    form = details_form(guest)
    assert not {"website", "opened"} & set(form.data)
    assert send(guest, form, policy="y").status_code == 303
    assert count(Booking) == 1
    assert db.session.get_one(Booking, 1).person.name == "Ada"

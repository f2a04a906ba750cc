"""The practice's own words, its money and its languages; and two people who change them at once."""

import pytest
from sqlalchemy import select

from booking.accounts.models import Account, Audit
from booking.bookings.models import Booking
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import at, book, sign_in
from tests.web.pages import soup, words

PAGE, MONEY = "/studio/settings/practice", "/studio/settings/money"


def studio_row():
    db.session.remove()
    return practice.current()


def test_what_is_saved_stands_on_the_pages_of_clients(mara, typed):
    about = "We are **two**.\n\n<script>alert(1)</script>"
    data = typed(mara, PAGE, name="Quiet House", about=about, phone="(321) 555-0199")
    assert mara.post(PAGE, data=data).status_code == 303
    about_us = mara.get("/about")
    assert "About Quiet House" in words(about_us)
    assert "<strong>two</strong>" in about_us.get_data(as_text=True)
    assert "<script>alert" not in about_us.get_data(as_text=True)
    assert "(321) 555-0199" in words(about_us)
    rows = db.session.scalars(select(Audit).where(Audit.action == "setting"))
    assert sorted(row.details["name"] for row in rows) == ["about", "name", "phone"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(mara, typed):
    wrong = {"name": " ", "phone": "call me", "email": "nobody", "headline": "x" * 200}
    answer = mara.post(PAGE, data=typed(mara, PAGE, about="Kept.", **wrong))
    assert answer.status_code == 422
    page = soup(answer)
    for name in wrong:
        assert page.select_one(f"#{name}")["aria-invalid"] == "true", name
        assert page.select_one(f"#{name}-error").get_text(strip=True)
    assert page.select_one("#about").text.strip() == "Kept."
    assert studio_row().name == "Heron Lane Studio"


@pytest.mark.parametrize(
    ("path", "first", "second"),
    [
        (PAGE, {"name": "First"}, {"name": "Second"}),
        (MONEY, {"currency": "EUR"}, {"currency": "CHF"}),
        ("/studio/settings/policies", {"cancel": "2"}, {"cancel": "3"}),
        ("/studio/settings/look", {"accent": "#112233"}, {"accent": "#223344"}),
        ("/studio/settings/mail", {"sender_name": "First"}, {"sender_name": "Second"}),
        ("/studio/settings/legal/imprint", {"body": "First."}, {"body": "Second."}),
    ],
)
def test_who_saves_second_is_shown_both_versions(mara, typed, path, first, second):
    action = f"{path}/accent" if path.endswith("look") else path
    data = typed(mara, path, action) | ({"do": "publish"} if "legal" in path else {})
    assert mara.post(action, data=data | first).status_code == 303
    late = mara.post(action, data=data | second)
    assert late.status_code == 409
    (name, value), page = next(iter(second.items())), soup(late)
    field = page.select_one(f"[name={name}]")
    chosen = field.select_one("option[selected]") if field.name == "select" else field
    assert (chosen.get("value") or chosen.text.strip()) == value
    theirs = page.select_one(".theirs").get_text(" ", strip=True)
    assert next(iter(first.values())) in theirs
    again = (
        data | second | {"seen": page.select_one(f"form[action$='{action}'] [name=seen]")["value"]}
    )
    assert mara.post(action, data=again).status_code == 303


def test_another_currency_touches_nothing_that_is_booked(mara, studio, now, typed):
    booking = book(studio.hour, at(10), now()).id
    assert mara.post(MONEY, data=typed(mara, MONEY, currency="EUR")).status_code == 303
    db.session.remove()
    assert db.session.get_one(Booking, booking).currency == "USD"
    assert "€95" in words(mara.get("/services/massage"))
    assert mara.post(MONEY, data=typed(mara, MONEY, currency="DEM")).status_code == 422
    assert mara.post(MONEY, data=typed(mara, MONEY, locale="de_DE")).status_code == 422


def test_languages_that_are_not_offered_stay_with_who_has_one(mara, app, studio, now, typed):
    only_english = typed(mara, MONEY)
    del only_english["offers_es"]
    assert mara.post(MONEY, data=only_english).status_code == 303
    transact(
        lambda: setattr(db.session.get_one(Account, studio.accounts["bob"]), "locale", "es_US")
    )
    offered = {}
    for name in ("ada", "bob"):
        browser = app.test_client()
        sign_in(browser, studio.accounts[name], now())
        page = soup(browser.get("/account"))
        offered[name] = [one["value"] for one in page.select("[name=language]")]
    assert offered == {"ada": ["", "en"], "bob": ["", "en", "es"]}


def test_a_locale_that_nobody_has_written_down_falls_back_to_its_language(mara, studio, typed):
    """There is an English of Germany, and no Spanish of it."""
    assert mara.post(MONEY, data=typed(mara, MONEY, locale="en_DE")).status_code == 303
    mara.post("/account", data={"name": "Mara", "phone": "", "language": "es"})
    assert mara.get("/account").status_code == 200
    db.session.remove()
    assert db.session.get_one(Account, studio.accounts["mara"]).locale == "es"


def test_a_new_practice_is_told_what_is_missing(client, app, now, typed):
    from booking.accounts import operations
    from booking.accounts.models import Role

    account = transact(operations.make_staff, "me@example.com", "x", Role.MANAGER, now()).id
    sign_in(client, account, now())
    transact(lambda: setattr(_first_row(), "second_factor_days", None))
    todo = soup(client.get("/studio/settings/")).select(".todo li")
    assert len(todo) == 4
    data = typed(client, PAGE, name="Mine", address="1 Main Street")
    assert client.post(PAGE, data=data).status_code == 303
    assert len(soup(client.get("/studio/settings/")).select(".todo li")) == 3


def _first_row():
    from booking.settings import operations

    return operations.locked()

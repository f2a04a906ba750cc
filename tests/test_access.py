"""Every route of the URL map, tried by everybody: as themselves, on their own and on others'.

The table in accounts/access.py is the only place that says who may come in; this walks all the
routes there are, so that one without a line, or with a wrong one, fails here.
"""

import pytest
from flask import Flask
from sqlalchemy import text

from booking.accounts.access import RULES, Who, is_allowed
from booking.accounts.models import Role
from booking.bookings.links import make_link
from booking.database import db
from tests.cast import at, book, hold, sign_in

ROLES = {
    "nobody": None,
    "ada": Role.CLIENT,
    "bob": Role.CLIENT,
    "lena": Role.PRACTITIONER,
    "marco": Role.PRACTITIONER,
    "mara": Role.MANAGER,
}

# Ada's booking is with Lena; the hold belongs to another browser.
OWNERS = {"booking": {"lena", "mara"}, "hold": set(), "link": set(ROLES)}

VALUES = {
    "filename": "css/base.css",
    "slug": {
        "scheduling.category": "massage",
        "scheduling.service": "massage",
        "catalog.practitioner": "lena",
        "catalog.room": "room",
        "articles.show": "level-hips",
    },
    "day": "2026-11-24",
}
REFUSED = {302, 303, 403, 404}


@pytest.fixture
def own(studio, now) -> dict:
    booking = book(
        studio.hour, at(10), now(), account="ada", studio=studio, practitioner=studio.lena
    )
    held = hold(studio.hour, at(14), "somebody else", now())
    return {"booking_id": booking.id, "link": make_link(booking), "token": held.token}


def address(app: Flask, endpoint: str, arguments: set[str], own: dict) -> str:
    values = {}
    for name in arguments:
        known = VALUES.get(name, own.get(name))
        values[name] = known[endpoint] if isinstance(known, dict) else known
    with app.test_request_context():
        return app.url_for(endpoint, **values)


def routes(app: Flask):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield rule.endpoint, method, rule.arguments


def snapshot() -> dict[str, list]:
    """All rows of all tables but those that may change by a visit."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in {"account_session"}]
    return {
        table.name: db.session.execute(text(f"SELECT * FROM {table.name} ORDER BY 1, 2")).all()
        for table in tables
    }


def may(endpoint: str, name: str) -> bool:
    rule = RULES[endpoint]
    role = ROLES[name]
    if rule.who is not Who.EVERYONE and (role is None or not is_allowed(rule.who, role)):
        return False
    return rule.owner is None or name in OWNERS[rule.owner]


def test_every_route_has_a_line_and_every_line_a_route(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(RULES)


def test_a_route_without_a_line_answers_404_and_would_fail_the_test_above(make_app):
    app = make_app()
    app.add_url_rule("/planted", "planted", lambda: "secret")
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - set(RULES) == {"planted"}
    assert app.test_client().get("/planted").status_code == 404


@pytest.mark.parametrize("name", ROLES)
def test_who_may_not_is_refused_and_changes_nothing(app, studio, own, now, name):
    client = app.test_client()
    if name != "nobody":
        sign_in(client, studio.accounts[name], now())
    before = snapshot()
    for endpoint, method, arguments in routes(app):
        if may(endpoint, name):
            continue
        answer = client.open(address(app, endpoint, arguments, own), method=method)
        assert answer.status_code in REFUSED, (endpoint, method, answer.status_code)
        if answer.status_code in {302, 303}:
            assert answer.location.startswith("/sign-in"), endpoint
    assert snapshot() == before


@pytest.mark.parametrize("name", ROLES)
def test_who_may_gets_each_page(app, studio, own, now, name):
    client = app.test_client()
    if name != "nobody":
        sign_in(client, studio.accounts[name], now())
    for endpoint, method, arguments in routes(app):
        if method == "GET" and may(endpoint, name):
            answer = client.get(address(app, endpoint, {*arguments}, own))
            assert answer.status_code == 200, (endpoint, answer.status_code)


@pytest.mark.parametrize("name", ["nobody", "ada", "lena", "mara"])
def test_looking_at_every_page_changes_nothing(app, studio, own, now, name):
    client = app.test_client()
    if name != "nobody":
        sign_in(client, studio.accounts[name], now())
    before = snapshot()
    for endpoint, method, arguments in routes(app):
        if method == "GET":
            url = address(app, endpoint, arguments, own)
            client.get(url)
            client.head(url)
    assert snapshot() == before


@pytest.mark.parametrize("endpoint", ["studio.mark", "studio.cancel", "studio.do_cancel"])
def test_anothers_booking_and_a_missing_one_look_the_same(app, studio, own, now, endpoint):
    client = app.test_client()
    sign_in(client, studio.accounts["marco"], now())
    method = "GET" if endpoint == "studio.cancel" else "POST"
    theirs, missing = (
        client.open(address(app, endpoint, {"booking_id"}, {"booking_id": number}), method=method)
        for number in (own["booking_id"], 999_999)
    )
    assert theirs.status_code == missing.status_code == 404
    assert theirs.data == missing.data


def test_every_form_of_every_route_refuses_without_a_token(make_app, app, studio, own, now):
    strict = make_app(WTF_CSRF_ENABLED=True)
    before = snapshot()
    for name in ("nobody", "ada", "lena", "mara"):
        client = strict.test_client()
        if name != "nobody":
            sign_in(client, studio.accounts[name], now())
        for endpoint, method, arguments in routes(strict):
            if method == "POST":
                answer = client.post(
                    address(strict, endpoint, arguments, own), data={"status": "x"}
                )
                assert answer.status_code in {400, *REFUSED}, (endpoint, answer.status_code)
    assert snapshot() == before

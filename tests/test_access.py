"""Every route of the URL map, tried by everybody: as themselves, on their own and on others'.

The table in accounts/access_rules.py is the only place that says who may come in; this walks all
the routes there are, so that one without a line, or with a wrong one, fails here.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import Form as AnyForm

from booking.accounts.access import is_allowed
from booking.accounts.access_rules import RULES, Who
from booking.accounts.models import Role
from booking.web.forms import Form
from tests.cast import sign_in
from tests.everything import address, routes
from tests.rows import snapshot
from tests.web.pages import token_of, without_token

ROLES = {
    "nobody": None,
    "ada": Role.CLIENT,
    "bob": Role.CLIENT,
    "lena": Role.PRACTITIONER,
    "marco": Role.PRACTITIONER,
    "mara": Role.MANAGER,
}

# Ada's child is booked with Lena; the hold belongs to another browser.
OWNERS = {
    "booking": {"lena", "mara"},
    "client": {"lena", "mara"},
    "receipt": {"lena", "mara"},
    "own_receipt": {"ada"},
    "hold": set(),
    "link": set(ROLES),
    "person": {"ada"},
    "device": {"ada"},
    "places": set(ROLES),
    "waiting": set(ROLES),
    "stop": set(ROLES),
    "class_session": {"lena", "mara"},
    "series": {"lena", "mara"},
    "hours": {"lena", "mara"},
    "break": {"lena", "mara"},
    "absence": {"lena", "mara"},
    "mail": {"lena", "mara"},
    "profile": {"lena", "marco"},
    "article": {"lena", "mara"},
    "typed": {"lena"},
    "preview": set(ROLES),
}

# What there is none of: a row that nobody has, a link that nobody signed.
MISSING = {
    "booking_id": 999_999, "person_id": 999_999, "session_id": 999_999, "series_id": 999_999,
    "practitioner_id": 999_999, "break_id": 999_999, "mail_id": 999_999, "absence_id": 999_999,
    "token": "none",
    "receipt_id": 999_999, "article_id": 999_999, "draft_id": 999_999,
}  # fmt: skip
REFUSED = {302, 303, 403, 404}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Pages that lead on to another: nobody here has a second factor yet, nor staff a name of their own.
LEADS_ON = {
    "accounts.second_factor": set(ROLES),
    "accounts.new_person": {"lena", "marco", "mara"},
}
# A mail program posts there by itself (RFC 8058): the signature in the address is the proof.
TOKENLESS = {"accounts.do_unsubscribe"}
# The link to Ada's new address is of no use to anybody else.
SPENT = {"accounts.confirm_address": set(ROLES) - {"ada"}}


def may(endpoint: str, name: str) -> bool:
    rule = RULES[endpoint]
    role = ROLES[name]
    if rule.who is not Who.EVERYONE and (role is None or not is_allowed(rule.who, role)):
        return False
    return rule.owner is None or name in OWNERS[rule.owner]


def come_as(app: Flask, name: str, studio, now) -> FlaskClient:
    """A browser in which one of ROLES has signed in, or nobody."""
    client = app.test_client()
    if name != "nobody":
        sign_in(client, studio.accounts[name], now())
    return client


def test_every_route_has_a_line_and_every_line_a_route(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(RULES)


def test_a_route_without_a_line_answers_404_and_would_fail_the_test_above(make_app):
    app = make_app()
    app.add_url_rule("/planted", "planted", lambda: "secret")
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - set(RULES) == {"planted"}
    assert app.test_client().get("/planted").status_code == 404


# Who may what is decided before a database is asked for more than who somebody is.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.parametrize("name", ROLES)
def test_who_may_not_is_refused_and_changes_nothing(app, studio, own, now, name):
    client = come_as(app, name, studio, now)
    before = snapshot()
    for endpoint, method, arguments in routes(app):
        if may(endpoint, name):
            continue
        url = address(app, endpoint, arguments, own)
        answer = client.open(url, method=method)
        assert answer.status_code in REFUSED, (endpoint, method, answer.status_code)
        if answer.status_code in {302, 303}:
            assert answer.location.startswith("/sign-in"), endpoint
        for other in UNSAFE:
            answer = client.open(url, method=other)
            assert answer.status_code in {*REFUSED, 405}, (endpoint, other, answer.status_code)
    assert snapshot() == before


@pytest.mark.parametrize("name", ROLES)
def test_who_may_gets_each_page(app, studio, own, now, name):
    client = come_as(app, name, studio, now)
    for endpoint, method, arguments in routes(app):
        if method == "GET" and may(endpoint, name):
            answer = client.get(address(app, endpoint, {*arguments}, own))
            wanted = 303 if name in LEADS_ON.get(endpoint, ()) else 200
            wanted = 422 if name in SPENT.get(endpoint, ()) else wanted
            assert answer.status_code == wanted, (endpoint, answer.status_code)


def every_field() -> dict[str, str]:
    """The fields of all forms there are, each filled in with something."""
    names: set[str] = set()
    kinds: list[type[AnyForm]] = [Form]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        names |= {name for name in dir(kind) if hasattr(getattr(kind, name), "field_class")}
    return dict.fromkeys(names, "1") | {"email": "ada@example.com", "role": "manager", "id": "1"}


@on_sqlite
@pytest.mark.parametrize("name", ["nobody", "ada", "lena", "mara"])
def test_looking_at_every_page_changes_nothing(app, studio, own, now, name):
    """Also when a link carries all that the page's form would send."""
    client, fields = come_as(app, name, studio, now), every_field()
    assert {"password", "status", "start", "sure", "code", "days"} <= set(fields)
    before = snapshot()
    for endpoint, _method, arguments in routes(app):
        url = address(app, endpoint, arguments, own)
        client.get(url)
        # To a view, HEAD is GET: what it answers is cut off afterwards.
        client.head(url.partition("?")[0], query_string=fields)
    assert snapshot() == before


@pytest.mark.parametrize("name", ["ada", "bob", "lena", "marco", "mara"])
def test_anothers_and_a_missing_one_look_the_same(app, studio, own, now, name):
    client = come_as(app, name, studio, now)
    tried = 0
    for endpoint, method, arguments in routes(app):
        rule, role = RULES[endpoint], ROLES[name]
        if rule.owner is None or may(endpoint, name) or not (role and is_allowed(rule.who, role)):
            continue
        theirs = client.open(address(app, endpoint, arguments, own), method=method)
        missing = client.open(address(app, endpoint, arguments, own | MISSING), method=method)
        assert theirs.status_code == missing.status_code == 404, endpoint
        assert without_token(theirs) == without_token(missing), endpoint
        tried += 1
    assert tried >= 3


@on_sqlite
@pytest.mark.parametrize("trick", ["no token", "another's token", "from another site"])
def test_every_form_of_every_route_refuses_what_was_not_sent_from_its_page(
    make_app, app, studio, own, now, trick
):
    strict = make_app(WTF_CSRF_ENABLED=True)
    stranger = token_of(strict.test_client())
    before = snapshot()
    for name in ("nobody", "ada", "lena", "mara"):
        client = come_as(strict, name, studio, now)
        data = {"status": "x"}
        headers = {}
        if trick == "another's token":
            data["csrf_token"] = stranger
        if trick == "from another site":
            data["csrf_token"] = token_of(client)
            headers["Origin"] = "https://elsewhere.example"
        for endpoint, method, arguments in routes(strict):
            if trick != "from another site" and endpoint in TOKENLESS:
                continue
            if method == "POST":
                url = address(strict, endpoint, arguments, own)
                answer = client.post(url, data=data, headers=headers)
                assert answer.status_code in {400, *REFUSED}, (endpoint, answer.status_code)
                if trick == "from another site" or may(endpoint, name):
                    assert answer.status_code == 400, (endpoint, answer.status_code)
    assert snapshot() == before

"""Every route of the URL map, tried by everybody: as themselves, on their own and on others'.

The table in accounts/access_rules.py is the only place that says who may come in; this walks all
the routes there are, so that one without a line, or with a wrong one, fails here.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from wtforms import Form as AnyForm

from booking.accounts import people, sessions, staff, tokens
from booking.accounts.access import is_allowed
from booking.accounts.access_rules import RULES, Who
from booking.accounts.audit import Actor
from booking.accounts.models import Account, AccountSession, Invitation, Person, Role
from booking.articles import body, drafts
from booking.articles import operations as articles
from booking.articles.models import Picture, PictureFile, PreviewLink, TopicKind
from booking.articles.operations import Draft
from booking.articles.preview_links import preview_link
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.models import Booking
from booking.classes.models import ClassSession
from booking.clients import columns, importing, merging
from booking.clients.models import Colour, Flag
from booking.database import db, transact
from booking.mail.list_links import unsubscribe_link
from booking.mail.models import OutgoingMail, RefusedAddress
from booking.practice import queries as practice
from booking.settings import legal
from booking.settings import operations as settings
from booking.settings.logos import Logo
from booking.settings.models import LegalKind
from booking.web.forms import Form
from tests.cast import add_break, at, book, hold, pay, sign_in, take_time_off
from tests.cast_classes import plan_class, take, wait

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

VALUES = {
    "filename": "css/base.css",
    "slug": {
        "scheduling.category": "massage",
        "scheduling.service": "massage",
        "scheduling.month": "massage",
        "scheduling.openings": "massage",
        "catalog.practitioner": "lena",
        "catalog.room": "room",
        "articles.show": "level-hips",
        "articles.region": "hip",
        "classes.series": "gentle-yoga",
        "bookings.term": "gentle-yoga",
        "bookings.book_term": "gentle-yoga",
        "bookings.wish": "massage",
        "bookings.do_wish": "massage",
    },
    "day": "2026-11-24",
    "kind": "privacy",
    "mail": "confirmed",
    "language": "en",
    "number": 1,
    "what": "services",
    "month": "2026-12",
    "name": f"{'a0' * 10}-48x32.webp",
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


@pytest.fixture
def own(studio, now) -> dict:
    """Something of everything: each route finds in it what its address names."""
    child = transact(_add_child, studio, now())
    booking = book(
        studio.hour, at(10), now(), account="ada", studio=studio, practitioner=studio.lena
    )
    transact(_give_to, booking.id, child)
    held = hold(studio.hour, at(14), "somebody else", now())
    last_on = date(2026, 12, 15)
    first = plan_class(studio, now(), term_cents=1500, last_on=last_on)[0]
    link = make_link(db.session.get_one(Booking, booking.id))
    places = enrolment_link(take(first, now(), "Grace Hill", "Tom Wexler"))
    waiting = waiting_link(wait(first, now(), "Ines Rocha"))
    stop = unsubscribe_link("ada@example.com", "aftercare")
    writing = transact(_write, studio, now())
    preview = preview_link(db.session.get_one(PreviewLink, writing["link_id"]))
    links = {
        "preview": preview, "places": places, "waiting": waiting, "link": link, "stop": stop,
    }  # fmt: skip
    device = transact(_a_session, studio, now())
    transact(_decide, studio, now())
    return {
        "booking_id": booking.id,
        "receipt_id": pay(booking.id, 4000, now()).receipt.id,
        "person_id": child,
        "account_id": studio.accounts["lena"],
        "practitioner_id": studio.lena,
        "session_id": {
            name: device if rule.owner == "device" else first for name, rule in RULES.items()
        },
        "series_id": db.session.get_one(ClassSession, first).series_id,
        "break_id": add_break(studio, now()),
        "absence_id": take_time_off(studio, now()),
        "mail_id": mail_about(booking.about),
        "closed_id": 1,
        "service_id": 1,
        "kind_id": 1,
        "region_id": 1,
        "room_id": studio.hall,
        "row_id": 1,
        **writing,
        "invitation_id": transact(_invite, studio, now()),
        **transact(_records, studio, now()),
        "link": {name: links.get(rule.owner or "") for name, rule in RULES.items()},
        "token": {
            "bookings.details": held.token,
            "bookings.book": held.token,
            "bookings.let_go": held.token,
            **transact(_links, now()),
        },
    }


def mail_about(about: str) -> int:
    """The first mail about something: the confirmation of a booking of Lena's."""
    return (
        db.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.about == about).order_by(OutgoingMail.id)
        ).first()
        or 0
    )


def _add_child(studio, now) -> int:
    ada = db.session.get_one(Account, studio.accounts["ada"])
    return people.add(ada, "Cleo Bishop", "", is_minor=True, now=now).id


def _give_to(booking_id: int, person_id: int) -> None:
    db.session.get_one(Booking, booking_id).person_id = person_id


def _decide(studio, now) -> None:
    """What the owner has decided: a logo and a legal text."""
    row, mara = settings.locked(), db.session.get_one(Account, studio.accounts["mara"])
    settings.keep_logo(row, Logo(b"picture", 10, 10, ""), Actor("staff", mara.id), now)
    legal.publish(row, LegalKind.PRIVACY, "We keep little.", mara, now)
    body.install(row, Actor("staff", mara.id), now)


def _write(studio, now) -> dict[str, int]:
    """Lena writes an article with a picture, shows it to somebody and types on."""
    picture = Picture(
        digest="a0" * 10, width=48, height=32, ending="png", alt="A field", created_at=now
    )
    db.session.add(picture)
    db.session.flush()
    db.session.add(PictureFile(name=VALUES["name"], picture_id=picture.id, content=b"picture"))
    lena = Actor("staff", studio.accounts["lena"])
    article = articles.save(Draft("On knees", "on-knees", "Text.", "Lena"), now, lena)
    kept = drafts.keep(lena.account_id or 0, "article-kept", article.id, {}, now)
    topic = articles.ensure_topic("hip", "Hip", TopicKind.BODY)
    return {
        "article_id": article.id, "draft_id": kept.id, "picture_id": picture.id,
        "topic_id": topic.id, "link_id": drafts.make_link(article, lena, now).id,
    }  # fmt: skip


def _a_session(studio, now) -> int:
    ada = db.session.get_one(Account, studio.accounts["ada"])
    sessions.begin(ada, "Ada's other telephone", now)
    return db.session.query(AccountSession.id).order_by(AccountSession.id.desc()).limit(1).scalar()


def _records(studio, now) -> dict[str, int]:
    """A flag, a merge that can be undone, an entry to merge, and a list that Mara has sent."""
    flag = Flag(name="Deposit", colour=Colour.GOLD)
    grace, again, third = (
        Person(name=name, phone="+13215550199", created_at=now)
        for name in ("Nina Sol", "Nina Sol", "Nina Soll")
    )
    refused = RefusedAddress(address="ada@example.com", answer="550 5.1.1 nobody", refused_at=now)
    db.session.add_all([flag, grace, again, third, refused])
    db.session.flush()
    mara = Actor("staff", studio.accounts["mara"])
    done = merging.merge(grace.id, again.id, mara, practice.current(), now)
    lines = columns.read(b"Name,Phone\nOna Reyes,321 555 0188\n")
    kept = importing.begin(lines, mara, now)
    return {
        "flag_id": flag.id, "merge_id": done.id, "other_id": third.id, "import_id": kept.id,
        "refused_id": refused.id,
    }  # fmt: skip


def _invite(studio, now) -> int:
    mara = db.session.get_one(Account, studio.accounts["mara"])
    return staff.invite(mara, "zoe@example.com", Role.PRACTITIONER, None, now).id


def _links(now) -> dict[str, str]:
    invitation = db.session.query(Invitation).one()
    ada = db.session.query(Account).filter_by(email="ada@example.com").one()
    made = {}
    for endpoints, purpose, email, about in (
        (("open_link", "use_link"), tokens.SIGN_IN, "new@example.com", ""),
        (("new_password", "do_new_password"), tokens.PASSWORD, "bob@example.com", ""),
        (("confirm_address", "do_confirm_address"), tokens.ADDRESS, "a@new.example", ada.about),
        (("my_address", "do_my_address"), tokens.GUEST, "guest@example.com", "booking:1"),
    ):
        secret = tokens.issue(purpose, email, about, now)
        made |= {f"accounts.{endpoint}": secret for endpoint in endpoints}
    secret = tokens.issue(tokens.INVITATION, invitation.email, invitation.about, now)
    return made | {"studio.invitation": secret, "studio.accept": secret}


def address(app: Flask, endpoint: str, arguments: set[str], own: dict) -> str:
    values = {}
    for name in arguments:
        known = VALUES.get(name, own.get(name))
        values[name] = known[endpoint] if isinstance(known, dict) else known
    with app.test_request_context():
        return app.url_for(endpoint, **values)


def routes(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            yield rule.endpoint, method, rule.arguments


def snapshot() -> dict[str, list]:
    """All rows of all tables but those that may change by a visit."""
    db.session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name != "account_session"]
    looks = {"audit": "WHERE action <> 'looked'"}
    return {
        table.name: db.session.execute(
            text(f"SELECT * FROM {table.name} {looks.get(table.name, '')} ORDER BY 1, 2")
        ).all()
        for table in tables
    }


def may(endpoint: str, name: str) -> bool:
    rule = RULES[endpoint]
    role = ROLES[name]
    if rule.who is not Who.EVERYONE and (role is None or not is_allowed(rule.who, role)):
        return False
    return rule.owner is None or name in OWNERS[rule.owner]


def browser_of(app: Flask, name: str, studio, now) -> FlaskClient:
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
    client = browser_of(app, name, studio, now)
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
    client = browser_of(app, name, studio, now)
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
    client, fields = browser_of(app, name, studio, now), every_field()
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
    client = browser_of(app, name, studio, now)
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


def without_token(answer) -> bytes:
    """The page without the one thing that is new in each: the token of its sign-out button."""
    return re.sub(rb'(name="csrf_token" value=")[^"]+', rb"\1", answer.data)


def token_of(client: FlaskClient) -> str:
    """The token of this browser's forms, as a page gives it to them."""
    page = client.get("/sign-in").get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


@on_sqlite
@pytest.mark.parametrize("trick", ["no token", "another's token", "from another site"])
def test_every_form_of_every_route_refuses_what_was_not_sent_from_its_page(
    make_app, app, studio, own, now, trick
):
    strict = make_app(WTF_CSRF_ENABLED=True)
    stranger = token_of(strict.test_client())
    before = snapshot()
    for name in ("nobody", "ada", "lena", "mara"):
        client = browser_of(strict, name, studio, now)
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

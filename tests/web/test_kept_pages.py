"""Public pages that are given again: nobody's own, and never older than the last commit."""

import sqlite3
import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from booking import FOR_ALL
from booking.accounts.access_rules import RULES, Who
from booking.accounts.audit import GUEST
from booking.articles import queries
from booking.bookings import changes
from booking.database import db, transact
from booking.domain.errors import SlotTaken
from booking.practice import queries as practice
from booking.web.database_state import DatabaseState
from booking.web.shelf import Shelf
from booking.web.turns import Turns
from tests.cast import at, book, hold, sign_in
from tests.everything import address, routes
from tests.web.pages import soup, without_token

MASSAGE = "/services/massage?day=2026-11-25"
ALONE = "/services/massage/openings?day=2026-11-25"
PRESSED = "2026-11-25T15:00Z"


def times(client, path=MASSAGE) -> set[str]:
    """The openings that a visitor is offered."""
    page = soup(client.get(path))
    return {one["value"] for one in page.select("button[name=start]")}


def test_a_page_is_rendered_once_for_all_who_ask_in_one_minute(keeping, lane, monkeypatch):
    assert times(keeping.test_client())
    monkeypatch.setattr("booking.scheduling.views.render_template", None)
    assert times(keeping.test_client())


def test_who_asks_while_another_renders_waits_and_who_fails_holds_up_nobody(monkeypatch):
    turns, told = Turns(), []
    assert turns.begin("page")
    other = threading.Thread(target=lambda: told.append(turns.begin("page")))
    other.start()
    other.join(0.1)
    assert told == []
    turns.end("page")
    other.join()
    assert told == [False]
    assert turns.begin("page")
    monkeypatch.setattr("booking.web.turns.PATIENCE", 0.01)
    assert not turns.begin("page")


def test_a_page_whose_sidebar_failed_is_kept_for_nobody_else(keeping, lane, monkeypatch):
    client = keeping.test_client()
    with monkeypatch.context() as broken:
        broken.setattr(queries, "for_page", _fail)
        assert not soup(client.get("/about")).select(".beside h3")
    assert soup(client.get("/about")).select(".beside h3")


def _fail(*_asked, **_more) -> None:
    raise OperationalError("select", {}, Exception("gone"))


def test_each_visitor_gets_a_token_of_their_own(make_app, now, keeping, lane):
    strict = make_app(KEEP_PAGES=True, WTF_CSRF_ENABLED=True)
    clients = [strict.test_client() for _visitor in range(3)]
    tokens = [soup(one.get(MASSAGE)).select_one("[name=csrf_token]")["value"] for one in clients]
    assert len(set(tokens)) == 3
    fields = {"option": str(lane.hour), "start": PRESSED}
    answers = [
        clients[who].post("/book", data={**fields, "csrf_token": tokens[whose]}).status_code
        for who, whose in ((1, 2), (1, 1))
    ]
    assert answers == [400, 303]


def test_what_is_taken_is_gone_at_once_and_what_is_free_is_back(keeping, lane, now):
    client = keeping.test_client()
    before = times(client)
    booking = book(lane.hour, at(10, day=25), now(), practitioner=lane.lena)
    after = times(client)
    assert after < before
    transact(changes.cancel, booking.id, GUEST, practice.current(), now())
    assert times(client) == before


def test_what_has_begun_and_is_not_committed_leaves_no_old_page_behind(keeping, lane, now):
    client = keeping.test_client()
    before = times(client)
    with db.engine.connect() as other, other.begin() as writing:
        other.execute(text("UPDATE service SET name = 'Another name'"))
        assert times(client) == before
        assert "Another name" not in client.get(MASSAGE).get_data(as_text=True)
        writing.commit()
    assert "Another name" in client.get(MASSAGE).get_data(as_text=True)


def take_and_look(keeping: Flask, lane, now) -> list[str]:
    """Take times while others look without a pause; return those still offered afterwards."""
    stop, stale = threading.Event(), []

    def look() -> None:
        client = keeping.test_client()
        while not stop.is_set():
            client.get(MASSAGE)
            keeping.test_client().get(ALONE)

    lookers = [threading.Thread(target=look) for _number in range(2)]
    for one in lookers:
        one.start()
    try:
        client = keeping.test_client()
        while offered := sorted(times(client) - set(stale)):
            hold(lane.hour, datetime.fromisoformat(offered[0]), offered[0], now())
            stale += {offered[0]} & (times(client) | times(keeping.test_client(), ALONE))
    finally:
        stop.set()
        for one in lookers:
            one.join()
    return stale


def test_nobody_finds_a_page_older_than_the_last_commit(keeping, lane, now):
    assert take_and_look(keeping, lane, now) == []


def test_without_the_name_of_the_state_somebody_would(keeping, lane, now, monkeypatch):
    monkeypatch.setattr(DatabaseState, "name", lambda _self: "always the same")
    with pytest.raises(SlotTaken):
        assert take_and_look(keeping, lane, now) == []
        # Where all were found stale, none is left to be pressed twice.


def test_who_has_told_us_anything_gets_a_page_of_their_own(keeping, lane, now):
    ada, held = keeping.test_client(), keeping.test_client()
    sign_in(ada, lane.accounts["ada"], now())
    held.post("/book", data={"option": lane.hour, "start": PRESSED})
    texts = [one.get("/").get_data(as_text=True) for one in (ada, held, keeping.test_client())]
    assert ["/sign-out" in one for one in texts] == [True, False, False]
    assert "/sign-out" in ada.get("/").get_data(as_text=True)


def test_the_openings_alone_are_those_of_the_page_and_kept_whole(keeping, lane, monkeypatch):
    first = keeping.test_client().get(ALONE)
    assert times(keeping.test_client(), ALONE) == times(keeping.test_client()) != set()
    # What comes without a cookie is answered without a view, and nobody else's host is answered.
    monkeypatch.setitem(keeping.view_functions, "scheduling.openings", None)
    again = keeping.test_client().get(ALONE)
    assert (again.data, again.headers) == (first.data, first.headers)
    assert "Content-Security-Policy" in again.headers
    elsewhere = keeping.test_client().get(ALONE, headers={"Host": "elsewhere.example"})
    assert elsewhere.status_code == 400


def test_with_the_minute_goes_what_is_too_soon(keeping, lane, now):
    client = keeping.test_client()
    before = times(client)
    now.set(datetime.fromisoformat(min(before)))
    assert min(before) not in times(client)


def test_only_pages_that_anybody_may_see_are_kept(app, studio):
    for endpoint in FOR_ALL:
        assert RULES[endpoint].who is Who.EVERYONE, endpoint
        assert RULES[endpoint].owner is None, endpoint


def test_to_two_strangers_such_a_page_says_the_same(app, own):
    for endpoint, _method, arguments in routes(app):
        if endpoint in FOR_ALL:
            url = address(app, endpoint, arguments, own)
            one, two = (without_token(app.test_client().get(url)) for _visitor in range(2))
            assert one == two, url


def test_a_file_that_is_put_in_the_place_of_another_has_another_name(tmp_path):
    files = [tmp_path / name for name in ("first.sqlite3", "second.sqlite3")]
    for file in files:
        sqlite3.connect(file).close()
        file.write_bytes(b"")
    state = DatabaseState(create_engine(f"sqlite:///{files[0]}"))
    before = state.name()
    assert state.name() == before
    files[1].replace(files[0])
    assert state.name() != before
    state.close()


def test_a_full_shelf_lets_go_of_what_nobody_has_asked_for_longest():
    shelf = Shelf(most_bytes=10)
    for key in "abc":
        shelf.keep(key, ["xxxx"])
        shelf.find("a")
    assert [key for key in "abc" if shelf.find(key)] == ["a", "c"]

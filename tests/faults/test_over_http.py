"""Real servers, two processes on one database, and visitors who press at the same moment."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from booking.upkeep.check import findings
from booking.web.fields import instant_text
from tests.faults.bookings_seen import live_bookings
from tests.faults.browsers import Answer, Browser, all_at_once, button_fields, details_form
from tests.faults.figures import tell
from tests.faults.sites import sites

VISITORS = 50
PRESSES = 20
TYPED = {"name": "Grace Hill", "email": "grace@example.com", "policy": "y"}


@pytest.fixture
def servers(offer, database_url: str, tmp_path: Path) -> Iterator[list[str]]:
    with sites(database_url, tmp_path, 2) as group:
        yield [one.address for one in group]


@pytest.fixture
def tuesday() -> datetime:
    """Ten o'clock on a Tuesday at least two days ahead: the servers live by the real clock."""
    day = datetime.now(ZoneInfo("America/New_York")) + timedelta(days=2)
    day += timedelta(days=(1 - day.weekday()) % 7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def look(browser: Browser, start: datetime) -> dict[str, str]:
    """Open the service's page and return what a press on the time would send."""
    page = browser.get(f"/services/massage?day={start.date()}")
    return button_fields(page.text, "start", instant_text(start))


def fill_in(browser: Browser, location: str) -> dict[str, str]:
    """Open the details page and return what its form sends when all is typed."""
    page = browser.get(location)
    assert page.status == 200
    return details_form(page.text, location) | TYPED


def send_details(browser: Browser, location: str) -> Answer:
    return browser.post(location, fill_in(browser, location))


def test_fifty_visitors_press_the_same_time_and_one_of_them_gets_it(
    servers, tuesday, engine_name, tmp_path
):
    """Each presses at one of two servers and, if the time is theirs, goes on at the other."""
    here, there = servers
    browsers = [Browser((here, there)[number % 2]) for number in range(VISITORS)]
    fields = all_at_once([partial(look, one, tuesday) for one in browsers])
    began = time.monotonic()
    answers = all_at_once(
        [partial(one.post, "/book", sent) for one, sent in zip(browsers, fields, strict=True)]
    )
    seconds = time.monotonic() - began
    statuses = Counter(answer.status for answer in answers)
    tell("fifty presses over HTTP", engine_name, answers=dict(statuses), seconds=round(seconds, 2))
    assert statuses == {303: 1, 409: VISITORS - 1}, logs(tmp_path)
    winners = [
        send_details(one.at(there if one.server == here else here), answer.location)
        for one, answer in zip(browsers, answers, strict=True)
        if answer.status == 303
    ]
    assert [answer.status for answer in winners] == [303], logs(tmp_path)
    assert [taken.start for taken in live_bookings().values()] == [tuesday]
    assert findings(datetime.now(UTC)) == []


def test_twenty_presses_on_one_form_make_one_booking(servers, tuesday, engine_name, tmp_path):
    """An impatient finger, and a browser that tries again: every press leads to the same page."""
    visitor = Browser(servers[0])
    location = visitor.post("/book", look(visitor, tuesday)).location
    sent = fill_in(visitor, location)
    began = time.monotonic()
    answers = all_at_once(
        [partial(visitor.at(servers[number % 2]).post, location, sent) for number in range(PRESSES)]
    )
    seconds = time.monotonic() - began
    statuses = Counter(answer.status for answer in answers)
    tell("twenty presses over HTTP", engine_name, answers=dict(statuses), seconds=round(seconds, 2))
    assert statuses == {303: PRESSES}, logs(tmp_path)
    assert len({answer.location for answer in answers}) == 1
    assert visitor.get(answers[0].location).status == 200
    assert [taken.start for taken in live_bookings().values()] == [tuesday]
    assert findings(datetime.now(UTC)) == []


def logs(folder: Path) -> str:
    """What the servers had to say, for the message of a test that fails."""
    return "\n".join(file.read_text()[-3000:] for file in folder.glob("server-*.log"))

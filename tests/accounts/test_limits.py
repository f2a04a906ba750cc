"""Too often and too quick: who is slowed down, for how long, and who is not."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from booking.accounts.models import AccountSession
from booking.mail.models import OutgoingMail
from booking.web import limits
from booking.web.limits import LimitCount, limiter
from tests.accounts.second_step import give, set_up
from tests.accounts.steps import account_of, by_password, count, set_password
from tests.accounts.whole_redis import whole_redis
from tests.cast import sign_in
from tests.web.pages import words

ADA, BOB = "ada@example.com", "bob@example.com"
SLOWER = "That was quicker than people read. Please look at it and press again."


@pytest.fixture
def make_limited(make_app, studio):
    """Make applications that count; the limiter is one for all, so it is left as it was."""
    kept = dict(vars(limiter))
    yield lambda **changes: make_app(RATELIMIT_ENABLED=True, **changes)
    vars(limiter).clear()
    vars(limiter).update(kept)


@pytest.fixture
def limited(make_limited):
    return make_limited()


@pytest.fixture
def passwords_set(studio):
    for name in ("ada", "bob", "lena"):
        set_password(studio.accounts[name])


def statuses(times: int, press_again, *args: str) -> list[int]:
    return [press_again(*args).status_code for _time in range(times)]


def test_six_passwords_in_a_minute_are_too_many_and_the_page_says_when(limited, passwords_set, now):
    browser = limited.test_client()
    for email in (ADA, ADA.upper(), f" {ADA}", "ada@ｅxample.com", ADA):
        assert by_password(browser, email, "wrong").status_code == 422
    refused = by_password(browser, ADA)
    assert refused.status_code == 429
    seconds = int(refused.headers["Retry-After"])
    assert 55 <= seconds <= 61
    assert f"Please wait {seconds} seconds and try again." in words(refused)
    assert count(AccountSession) == 0
    assert by_password(browser, BOB).status_code == 303
    now.forward(seconds=seconds)
    assert by_password(browser, ADA).location == "/my/bookings"


def test_thirty_passwords_in_an_hour_are_too_many(limited, passwords_set, now):
    browser = limited.test_client()
    for _minute in range(6):
        assert statuses(5, by_password, browser, ADA, "wrong") == [422] * 5
        now.forward(seconds=61)
    refused = by_password(browser, ADA)
    assert refused.status_code == 429
    assert 3000 < int(refused.headers["Retry-After"]) < 3600


def test_thirty_from_one_place_in_a_minute_are_too_many_whatever_the_address(limited):
    browser = limited.test_client()
    answers = [by_password(browser, f"n{one}@example.com", "wrong") for one in range(31)]
    assert [one.status_code for one in answers] == [422] * 30 + [429]


def known_browser(app, email: str = ADA):
    """A browser that has signed in before, and out."""
    browser = app.test_client()
    assert by_password(browser, email).status_code == 303
    browser.post("/sign-out")
    return browser


def shut_out(app, email: str = ADA):
    """A stranger who has tried an address until it was too often."""
    stranger = app.test_client()
    assert statuses(6, by_password, stranger, email, "wrong")[-1] == 429
    return stranger


def test_a_stranger_s_guesses_do_not_lock_out_a_browser_that_was_here_before(
    limited, passwords_set
):
    owners = known_browser(limited)
    stranger = shut_out(limited)
    assert by_password(stranger, ADA).status_code == 429
    assert by_password(owners, ADA).status_code == 303
    assert owners.get("/my/bookings").status_code == 200


def test_a_browser_that_was_here_before_has_no_more_tries_than_others(limited, passwords_set):
    owners = known_browser(limited)
    assert statuses(6, by_password, owners, ADA, "wrong") == [422] * 5 + [429]


@pytest.mark.parametrize("make", [lambda kept: kept, lambda kept: kept[:-2] + "xx", lambda _: ""])
def test_a_cookie_of_another_address_or_a_forged_one_gives_nothing(limited, passwords_set, make):
    cookie = known_browser(limited, BOB).get_cookie("known").value
    shut_out(limited)
    thief = limited.test_client()
    thief.set_cookie("known", make(cookie))
    assert by_password(thief, ADA).status_code == 429
    thief.set_cookie("known", '["mail:x","y"].zzz')
    assert by_password(thief, ADA).status_code == 429


def test_four_links_for_a_new_password_in_an_hour_are_too_many(limited, now):
    browser = limited.test_client()
    asked = statuses(4, lambda: browser.post("/password", data={"email": ADA}))
    assert asked == [200, 200, 200, 429]
    assert count(OutgoingMail) == 3
    now.forward(minutes=59)
    assert browser.post("/password", data={"email": ADA}).status_code == 429
    now.forward(minutes=1, seconds=2)
    assert browser.post("/password", data={"email": ADA}).status_code == 200


@pytest.mark.parametrize("where", ["/sign-in/link", "/sign-up"])
def test_four_links_in_a_minute_are_too_many(limited, where):
    browser = limited.test_client()
    asked = statuses(4, lambda: browser.post(where, data={"email": "grace@example.com"}))
    assert asked == [200, 200, 200, 429]
    assert count(OutgoingMail) == 3


def test_six_codes_in_a_minute_are_too_many_and_leave_the_owner_s_own_browser_free(
    limited, passwords_set, now
):
    browser, other = limited.test_client(), limited.test_client()
    by_password(browser, "lena@heronlane.example")
    phone = set_up(browser, now)
    now.forward(minutes=2)
    for one in (browser, other):
        by_password(one, "lena@heronlane.example")
    assert statuses(5, give, other, "000000") == [422] * 5
    assert give(other, phone.codes[0]).status_code == 429
    assert other.get("/studio/").status_code == 303
    assert give(browser, phone.code()).status_code == 303


def test_many_sessions_of_one_account_count_together_as_well(limited, passwords_set, now):
    browser = limited.test_client()
    by_password(browser, "lena@heronlane.example")
    phone = set_up(browser, now)
    now.forward(minutes=2)
    thieves = [limited.test_client() for _number in range(5)]
    for thief in thieves:
        sign_in(thief, account_of("lena@heronlane.example").id, now())
    tried = [status for thief in thieves for status in statuses(5, give, thief, "000000")]
    assert tried == [422] * 20 + [429] * 5
    assert give(thieves[-1], phone.code()).status_code == 429


def try_in_two(make_limited) -> None:
    first, second = (make_limited().test_client() for _machine in range(2))
    assert statuses(3, by_password, first, ADA, "wrong") == [422] * 3
    assert statuses(3, by_password, second, ADA, "wrong") == [422, 422, 429]
    assert by_password(first, ADA, "wrong").status_code == 429


def test_two_machines_on_one_database_count_together(make_limited):
    try_in_two(make_limited)
    assert count(LimitCount) > 0


@pytest.fixture
def redis(monkeypatch, now):
    """A Redis on a socket of its own, in a thread of its own, that LIMITS_URL names."""
    now.set(datetime.now(UTC))  # Redis has a clock of its own.
    # A thread that shares a busy machine may be slow; what is asked here is how it counts.
    monkeypatch.setattr(limits, "REDIS_PATIENCE", {"socket_timeout": 60})
    server = whole_redis()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("LIMITS_URL", f"redis://127.0.0.1:{server.server_address[1]}")

    def end() -> None:
        if thread.is_alive():
            server.shutdown()
            server.server_close()
            thread.join(10)

    yield end
    end()


@pytest.fixture
def in_redis(redis, make_limited):
    """Make applications that count in it; what they opened is closed."""
    opened = []

    def make():
        app = make_limited()
        opened.append(limiter.storage.storage)
        return app

    yield make
    for one in opened:
        one.close()


def test_two_machines_on_one_redis_count_together_and_not_in_the_database(in_redis, now):
    try_in_two(in_redis)
    assert count(LimitCount) == 0
    now.set(datetime.now(UTC))
    refused = by_password(in_redis().test_client(), ADA, "wrong")
    assert refused.status_code == 429
    assert 30 <= int(refused.headers["Retry-After"]) <= 62


def test_when_the_redis_is_gone_the_site_answers_and_still_counts(in_redis, redis, passwords_set):
    browser = in_redis().test_client()
    assert by_password(browser, ADA, "wrong").status_code == 422
    redis()
    assert statuses(6, by_password, browser, ADA, "wrong") == [422] * 5 + [429]
    assert by_password(browser, BOB).status_code == 303
    assert browser.get("/my/bookings").status_code == 200


def test_a_redis_that_takes_calls_and_never_answers_does_not_hold_the_site_up(
    make_limited, passwords_set, monkeypatch, now
):
    now.set(datetime.now(UTC))
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as pool:
        monkeypatch.setenv("LIMITS_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}")
        answer = pool.submit(by_password, make_limited().test_client(), ADA)
        try:
            assert answer.result(timeout=60).status_code == 303
        finally:
            silent.close()
            answer.result(timeout=60)
            limiter.storage.storage.close()

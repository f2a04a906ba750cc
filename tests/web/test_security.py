"""Headers on every answer, and requests that must come to nothing."""

import pytest
from sqlalchemy import select

from booking.bookings.links import make_link
from booking.bookings.models import Booking, Status
from booking.database import db
from booking.web.links import absolute_url, safe_next
from booking.web.security import CONTENT_SECURITY_POLICY
from tests.cast import at, book, sign_in
from tests.web.pages import words


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/css/base.css", "/studio/"])
def test_every_answer_carries_the_headers(client, studio, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_of_the_signed_in_are_never_kept(client, studio, now):
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    sign_in(client, studio.accounts["ada"], now())
    assert client.get("/my/bookings").headers["Cache-Control"] == "no-store"


def test_over_https_the_cookie_is_bound_to_the_host(make_app):
    app = make_app(PUBLIC_URL="https://localhost", WTF_CSRF_ENABLED=True)
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_foreign_host_is_refused(client, studio):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_links_in_mails_come_from_the_settings_alone(app, studio):
    with app.test_request_context("/", headers={"X-Forwarded-Host": "evil.example"}):
        assert absolute_url("scheduling.home") == "http://localhost/"


def test_a_field_sent_twice_is_malformed(client, studio):
    answer = client.post("/sign-in/link", data={"email": ["ada@example.com", "eve@example.com"]})
    assert answer.status_code == 400


def test_too_much_is_refused(client, studio):
    answer = client.post("/sign-in/link", data={"email": "a" * 2_000_000})
    assert answer.status_code == 413


def test_a_wrong_method_says_which_is_right(client, studio):
    answer = client.get("/sign-out")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


HOSTILE = [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "/%0a/evil.example\n", "javascript:alert(1)",
    "data:text/html,x", " /studio", "/\x00/evil", "http:evil.example", "evil.example",
    "/\u2028/evil", "//", "/ /evil.example", "\t//evil.example", "https:/evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_next_leads_home(target):
    assert safe_next(target) is None


@pytest.mark.parametrize("target", ["/my/bookings", "/studio/day/2026-11-24?a=b"])
def test_a_path_of_ours_is_followed(target):
    assert safe_next(target) == target


def test_too_many_tries_are_slowed_down(make_app, now):
    app = make_app(RATELIMIT_ENABLED=True)
    client = app.test_client()
    form = {"email": "lena@heronlane.example", "password": "wrong"}
    answers = [client.post("/sign-in/password", data=form).status_code for _n in range(6)]
    assert answers == [422] * 5 + [429]
    slowed = client.post("/sign-in/password", data=form)
    assert 1 <= int(slowed.headers["Retry-After"]) <= 61
    other = client.post("/sign-in/password", data={**form, "email": "else@example.com"})
    assert other.status_code == 422
    now.forward(minutes=1, seconds=1)
    assert client.post("/sign-in/password", data=form).status_code == 422


def test_a_database_that_is_away_is_503_and_not_a_fault(make_app, tmp_path):
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/nothing/here.sqlite3")
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Nothing was changed" in words(answer)


@pytest.mark.parametrize("path", ["/nope", "/static/nope.css", "/read/x"])
def test_an_unknown_page_is_503_as_well_while_the_database_is_away(make_app, tmp_path, path):
    app = make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path}/nothing/here.sqlite3")
    answer = app.test_client().get(path)
    assert answer.status_code == 503
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("where", ["services", "kinds", "read", "practitioners", "rooms", "book"])
@pytest.mark.parametrize("name", ["%00", "a" * 300, "%E2%80%8E", "A%00", "%ED%A0%80"])
def test_an_address_no_row_can_have_is_not_found(client, studio, where, name):
    client.post("/book", data={"option": str(studio.hour), "start": "2026-11-24T15:00Z"})
    assert client.get(f"/{where}/{name}").status_code == 404


HUGE = "9" * 30


@pytest.mark.parametrize(
    "form",
    [
        {"option": HUGE, "start": "2026-11-24T15:00Z"},
        {"option": "2147483648", "start": "2026-11-24T15:00Z"},
        {"option": "1", "start": "0001-01-01T00:00Z"},
        {"option": "1", "start": "9999-12-31T23:59Z"},
        {"option": "1", "start": "2026-11-24T15:00Z", "practitioner": HUGE},
        {"option": "-1", "start": "2026-11-24T15:00Z"},
    ],
)
def test_numbers_and_dates_beyond_all_bounds_are_malformed(client, studio, form):
    assert client.post("/book", data=form).status_code == 400


def test_huge_numbers_in_the_studio_are_not_found(client, studio, now):
    sign_in(client, studio.accounts["mara"], now())
    assert client.get(f"/studio/?practitioner={HUGE}").status_code == 200
    assert client.get(f"/studio/bookings/{HUGE}/cancel").status_code == 404
    assert client.post(f"/studio/bookings/{HUGE}/mark").status_code == 404
    assert client.get(f"/services/massage?option={HUGE}&with={HUGE}").status_code == 200


def test_an_address_counts_as_one_however_it_is_spelt(make_app, studio):
    client = make_app(RATELIMIT_ENABLED=True).test_client()
    spellings = [
        "lena@example.com",
        "LENA@example.com",
        "lena@\uff45xample.com",
        " lena@EXAMPLE.com",
    ]
    answers = [client.post("/sign-in/link", data={"email": one}).status_code for one in spellings]
    assert answers == [200, 200, 200, 429]
    assert client.post("/sign-in/link", data={"email": "\0a@example.com"}).status_code == 422


def test_staff_have_no_more_rights_by_a_link_than_its_client(client, studio, now):
    booking = book(studio.hour, at(10, day=24), now(), practitioner=studio.marco)
    link = make_link(booking)
    now.set(at(8))
    sign_in(client, studio.accounts["lena"], now())
    client.post(f"/manage/{link}/cancel")
    db.session.rollback()
    assert db.session.scalars(select(Booking.status)).one() is Status.LATE_CANCELLED

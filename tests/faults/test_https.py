"""Forms over https with the headers that Chromium sends: ours are taken, another site's are not."""

import re

import pytest

from booking.web.fields import instant_text
from tests.cast import at
from tests.faults.figures import tell

HOST = "studio.example"
OURS = f"https://{HOST}"
# What Chromium sends with a POST from a page with this Referrer-Policy, or from elsewhere.
SENT = {
    "same-origin (ours)": {"Origin": OURS, "Referer": f"{OURS}/services/massage"},
    "strict-origin": {"Origin": OURS, "Referer": f"{OURS}/"},
}
FOREIGN = {
    "another site": {"Origin": "https://other.example", "Referer": "https://other.example/"},
    "another site without a word": {"Origin": "https://other.example"},
    "a page in a sandbox": {"Origin": "null"},
    "a name that ours begins": {"Origin": f"{OURS}.other.example"},
}


@pytest.fixture
def settings(settings):
    return settings | {
        "PUBLIC_URL": OURS, "TRUSTED_HOSTS": [HOST], "WTF_CSRF_ENABLED": True,
        "SESSION_COOKIE_SECURE": True,
    }  # fmt: skip


def press(app, studio, headers: dict[str, str]) -> int:
    """Press on a time on the service's page; return the status of the answer."""
    browser = app.test_client()
    page = browser.get("/services/massage", base_url=OURS)
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    fields = {"csrf_token": token[1], "option": studio.hour, "start": instant_text(at(10))}
    return browser.post("/book", data=fields, headers=headers, base_url=OURS).status_code


def test_our_own_form_is_taken_and_that_of_another_site_is_not(app, studio, engine_name):
    ours = {name: press(app, studio, headers) for name, headers in SENT.items()}
    foreign = {name: press(app, studio, headers) for name, headers in FOREIGN.items()}
    tell("forms over https", engine_name, ours=ours, foreign=foreign)
    assert ours["same-origin (ours)"] == 303
    assert set(ours.values()) <= {303, 409}  # The first of them has the time.
    assert set(foreign.values()) == {400}


def test_under_another_policy_our_own_form_would_be_refused(app, studio, engine_name):
    """The control: with `no-referrer` Chromium sends `Origin: null` and no Referer."""
    refused = {
        "no-referrer": press(app, studio, {"Origin": "null"}),
        "neither header": press(app, studio, {}),
    }
    tell("forms over https", engine_name, control="our Referrer-Policy", **refused)
    assert set(refused.values()) == {400}

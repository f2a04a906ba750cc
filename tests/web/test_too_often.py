"""What somebody reads who tried too often."""

import re

from tests.web.pages import words


def test_a_long_wait_is_told_as_a_time_on_the_clock(make_app, app, studio, now):
    client = make_app(RATELIMIT_ENABLED=True).test_client()
    for _press in range(3):
        assert client.post("/password", data={"email": "ada@example.com"}).status_code == 200
    refused = client.post("/password", data={"email": "ada@example.com"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) in range(3590, 3602)
    assert re.search(r"Please try again at 9:0[01] AM\.", words(refused))

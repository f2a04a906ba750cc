"""The lists of pages in the account and the studio say where one is."""

import pytest

from tests.cast import sign_in
from tests.web.pages import soup


@pytest.mark.parametrize(
    ("page", "entry", "mark"),
    [
        ("/studio/settings/", "/studio/settings/", "page"),
        ("/studio/team", "/studio/settings/", "true"),
        ("/account/history", "/account/data", "true"),
    ],
)
def test_a_page_and_those_below_it_mark_its_entry(client, studio, now, page, entry, mark):
    sign_in(client, studio.accounts["mara"], now())
    marked = soup(client.get(page)).select("nav .pills [aria-current]")
    assert [(link["href"], link["aria-current"]) for link in marked] == [(entry, mark)]


def test_a_form_that_is_shown_again_keeps_the_mark(client, studio, now):
    sign_in(client, studio.accounts["ada"], now())
    answer = client.post("/account/people/new", data={"name": ""})
    assert answer.status_code == 422
    (marked,) = soup(answer).select("nav.sections [aria-current]")
    assert marked["href"] == "/account/people"

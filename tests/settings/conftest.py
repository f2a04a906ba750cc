"""The manager's browser, and a way to press what a settings page offers."""

import pytest

from tests.cast import sign_in
from tests.web.pages import filled, soup


@pytest.fixture
def mara(client, studio, now):
    sign_in(client, studio.accounts["mara"], now())
    return client


@pytest.fixture
def typed():
    """What a page's form would send, with changes."""

    def fill(client, path: str, action: str = "", **changes: object) -> dict[str, str]:
        page = soup(client.get(path))
        form = page.select_one(f"form[method=post][action$='{action or path}']")
        return filled(form) | {name: str(value) for name, value in changes.items()}

    return fill

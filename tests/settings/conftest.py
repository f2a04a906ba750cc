"""A way to press what a settings page offers."""

import pytest

from tests.web.pages import filled, soup


@pytest.fixture
def typed():
    """What a page's form would send, with changes."""

    def fill(client, path: str, action: str = "", **changes: object) -> dict[str, str]:
        page = soup(client.get(path))
        form = page.select_one(f"form[method=post][action$='{action or path}']")
        return filled(form) | {name: str(value) for name, value in changes.items()}

    return fill

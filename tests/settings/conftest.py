"""The manager's browser, and a way to press what a settings page offers."""

import pytest

from tests.cast import sign_in
from tests.web.pages import soup


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
        data = {}
        for item in form.select("input[name], textarea[name]"):
            if item.get("type") not in {"radio", "checkbox"} or item.has_attr("checked"):
                text = item.text.removeprefix("\r\n").removeprefix("\n")
                data[item["name"]] = item.get("value", "" if item.name == "input" else text)
        for item in form.select("select[name]"):
            chosen = item.select_one("option[selected]") or item.select_one("option")
            data[item["name"]] = chosen["value"]
        return data | {name: str(value) for name, value in changes.items()}

    return fill

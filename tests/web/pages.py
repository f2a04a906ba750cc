"""What the tests of pages share: reading HTML and pressing its buttons."""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def soup(response: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def words(response: TestResponse) -> str:
    """The page's text, with the spaces of its layout folded."""
    return " ".join(soup(response).get_text(" ").replace("\u202f", " ").split())


@dataclass
class Pressed:
    """A form as a browser would send it after one of its buttons is pressed."""

    action: str
    data: dict[str, str]


def press(page: BeautifulSoup | Tag, label: str) -> Pressed:
    """Find the button whose text begins with `label` and return what pressing it sends."""
    for button in page.find_all("button"):
        if " ".join(button.get_text(" ").replace("\u202f", " ").split()).startswith(label):
            form = button.find_parent("form")
            data = {
                field["name"]: field.get("value", "")
                for field in form.find_all("input", attrs={"name": True})
                if field.get("type") not in {"radio", "checkbox"} or field.has_attr("checked")
            }
            if button.get("name"):
                data[button["name"]] = button.get("value", "")
            return Pressed(form["action"], data)
    raise AssertionError(f"no button says {label!r}")


def send(client: FlaskClient, pressed: Pressed, **typed: str) -> TestResponse:
    return client.post(pressed.action, data={**pressed.data, **typed})


def filled(form: Tag) -> dict[str, str]:
    """Return what a form would send as it stands."""
    data = {}
    for item in form.select("input[name], textarea[name]"):
        if item.get("type") == "file":
            continue
        if item.get("type") not in {"radio", "checkbox"} or item.has_attr("checked"):
            text = item.text.removeprefix("\r\n").removeprefix("\n")
            data[item["name"]] = item.get("value", "") if item.name == "input" else text
    for item in form.select("select[name]"):
        chosen = item.select_one("option[selected]") or item.select_one("option")
        data[item["name"]] = chosen["value"]
    return data


def token_of(client: FlaskClient) -> str:
    """The token of this browser's forms, as a page gives it to them."""
    return soup(client.get("/sign-in")).select_one("[name=csrf_token]")["value"]


def without_token(answer: TestResponse) -> bytes:
    """The page without the one thing that is new in each: the token of its sign-out button."""
    return re.sub(rb'(name="csrf_token" value=")[^"]+', rb"\1", answer.data)

"""What the tests of pages share: reading HTML and pressing its buttons."""

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

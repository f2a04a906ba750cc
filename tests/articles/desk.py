"""The editor as a browser uses it: its forms are opened, filled in and sent."""

from booking.articles.models import Article
from booking.database import db
from tests.web.pages import filled, soup, words

LIST = "/studio/articles/"


def opened(client, path: str) -> dict[str, str]:
    """Return what the editor's form of a page holds as it is opened."""
    return filled(soup(client.get(path)).select_one("form.editor"))


def send(client, path: str, press: str = "save", /, **typed):
    """Send the editor's form of a page as a browser would, with what is typed into it."""
    form = soup(client.get(path)).select_one("form.editor")
    data = {**filled(form), "press": press, **typed}
    return client.post(form["action"], data={k: v for k, v in data.items() if v is not None})


def written(client, **typed) -> int:
    answer = send(client, LIST + "new", **{"title": "Why ankles roll", **typed})
    assert answer.status_code == 303, words(answer)
    return int(answer.location.partition("#")[0].rpartition("/")[2])


def piece(article_id: int) -> Article:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Article, article_id)

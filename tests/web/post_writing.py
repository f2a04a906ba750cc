"""Pieces, pictures and links that the forms of the desk are about."""

from pathlib import Path

from booking.articles import body, drafts, pictures, writing
from booking.articles import operations as articles
from booking.articles.models import Article, TopicKind
from booking.articles.operations import Draft
from booking.database import db, transact
from booking.practice import queries as practice
from tests.web.post_ground import MARA, Ground


class Writing(Ground):
    """What Mara writes."""

    def regions(self) -> None:
        """Say something of each region of the body."""
        transact(lambda: body.install(practice.current(), MARA, self.now()))

    def article(self, *, is_archived: bool = False) -> int:
        """Write a piece as Mara; return its number."""
        self.times += 1
        draft = Draft(f"Piece {self.times}", f"piece-{self.times}", "Text.", "Mara")

        def write() -> int:
            article = articles.save(draft, self.now(), MARA)
            if is_archived:
                writing.archive(article, MARA, self.now())
            return article.id

        return transact(write)

    def typed(self) -> int:
        """Something that Mara has typed and not saved."""
        self.times += 1
        typed = {"title": "Begun"}
        account_id = self.studio.accounts["mara"]
        return transact(drafts.keep, account_id, f"new-{self.times:08}", None, typed, self.now()).id

    def preview(self) -> tuple[int, int]:
        """A piece and a link that shows it."""
        number = self.article()
        article = db.session.get_one(Article, number)
        return number, transact(drafts.make_link, article, MARA, self.now()).id

    def kept_picture(self) -> int:
        data = Path(self.picture()).read_bytes()
        return transact(pictures.keep, pictures.draw(data), "A field", self.now()).id

    def topic(self, name: str) -> int:
        return transact(lambda: articles.ensure_topic(name.lower(), name, TopicKind.BODY).id)

"""Where articles came from, and the addresses they had before."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText, UTCDateTime
from booking.database import Model

LONGEST_KEY = 300
LONGEST_PATH = 300


class ArticleSource(Model):
    """What an article was made from, so that taking it in again brings it up to date.

    `given` is a digest of what the source gave and `kept` one of the article that came of it:
    the first tells whether the source has changed since, the second whether the article has.
    """

    __tablename__ = "article_source"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(CleanText(LONGEST_KEY), unique=True)
    given: Mapped[str] = mapped_column(CleanText(64))
    kept: Mapped[str] = mapped_column(CleanText(64))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ArticleAddress(Model):
    """A path that once was an article's, in the form `addresses.path_key` gives it."""

    __tablename__ = "article_address"

    path: Mapped[str] = mapped_column(CleanText(LONGEST_PATH), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime())

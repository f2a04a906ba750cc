"""What people read: articles and the topics that bring them beside a page."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.database import Base, CleanText, Model, UTCDateTime, choice
from booking.domain.pictures import Pictured


class TopicKind(StrEnum):
    WORK = "work"  # A kind of work; shares its slug with a category of the catalog.
    BODY = "body"  # A part of the body, or what it does: hip, breath, balance.


article_topic = Table(
    "article_topic",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_article_topic_topic_id", "topic_id", "article_id"),
)


class Topic(Model):
    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(CleanText(60), unique=True)
    name: Mapped[str] = mapped_column(CleanText(80))
    kind: Mapped[TopicKind] = mapped_column(choice(TopicKind, "kind"))


class Picture(Model):
    """A picture that was uploaded, as it was drawn anew; its width and height at its largest."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(CleanText(20), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    ending: Mapped[str] = mapped_column(CleanText(4))
    alt: Mapped[str] = mapped_column(CleanText(300))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    @property
    def sizes(self) -> Pictured:
        """What its name tells: the address of each size."""
        return Pictured(self.digest, self.width, self.height, self.ending)

    @property
    def address(self) -> str:
        """How a text names it: ``![alt](address)``."""
        return self.sizes.address


class PictureFile(Model):
    """One size of a picture in one format, apart from the row that lists read."""

    __tablename__ = "picture_file"

    name: Mapped[str] = mapped_column(CleanText(40), primary_key=True)
    picture_id: Mapped[int] = mapped_column(
        ForeignKey("picture.id", ondelete="CASCADE"), index=True
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Article(Model):
    """A piece of reading. Without `published_at` it is a draft; with a later one, planned."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_published", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(CleanText(120), unique=True)
    title: Mapped[str] = mapped_column(CleanText(200))
    summary: Mapped[str] = mapped_column(CleanText(300), default="")
    author: Mapped[str] = mapped_column(CleanText(120))
    is_guest: Mapped[bool] = mapped_column(default=False)
    author_note: Mapped[str] = mapped_column(CleanText(), default="")
    body_markdown: Mapped[str] = mapped_column(CleanText())
    # Kept beside the text so that the sidebar is one select: how long it is, what it is on.
    words: Mapped[int] = mapped_column(default=0)
    topic_words: Mapped[str] = mapped_column(CleanText(300), default="")
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())

    topics: Mapped[list[Topic]] = relationship(secondary=article_topic, order_by=Topic.id)


class Moment(StrEnum):
    """When a client of a service is given something to read."""

    BEFORE = "before"  # On the booked page and in the reminder.
    AFTER = "after"  # In the mail of the day after.


class ServiceReading(Model):
    """One article that goes with a service; the lowest position is given first."""

    __tablename__ = "service_reading"
    __table_args__ = (Index("ix_service_reading_article_id", "article_id"),)

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    moment: Mapped[Moment] = mapped_column(choice(Moment, "moment"), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(default=0)

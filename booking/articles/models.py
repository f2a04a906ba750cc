"""What people read: articles and the topics that bring them beside a page."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from booking.accounts.models import Account
from booking.catalog.models import Service
from booking.columns import CleanText, UTCDateTime, choice
from booking.database import Base, Model
from booking.domain.names import fold
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


class ArticleState(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"  # Published by itself when its time comes.
    PUBLISHED = "published"
    ARCHIVED = "archived"


article_service = Table(
    "article_service",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_article_service_service_id", "service_id", "article_id"),
)


class Article(Model):
    """A piece of reading. Without `published_at` it is a draft; with a later one, planned.

    An archived one has no `published_at` either, so that whatever shows what is published shows
    none of it; `shelved_at` is what it was before, for when it is brought back.
    """

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
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    shelved_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # When what is read of it was last written anew; None while it is as it was written first.
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    # The title as it is looked for: databases fold accents each in their own way.
    folded_title: Mapped[str] = mapped_column(CleanText(400), default="")
    # Whose piece it is: practitioners change their own.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    # What it rests on, in order: {"title": …, "link": …}, the link perhaps empty.
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)

    topics: Mapped[list[Topic]] = relationship(secondary=article_topic, order_by=Topic.id)
    services: Mapped[list[Service]] = relationship(
        secondary=article_service, order_by=(Service.position, Service.id)
    )
    picture: Mapped[Picture | None] = relationship()

    @validates("title")
    def _fold_title(self, _key: str, title: str) -> str:
        self.folded_title = fold(title)[:400]
        return title

    @property
    def about(self) -> str:
        """How audit rows name this article."""
        return f"article:{self.id}"

    def state(self, now: datetime) -> ArticleState:
        if self.archived_at is not None:
            return ArticleState.ARCHIVED
        if self.published_at is None:
            return ArticleState.DRAFT
        return ArticleState.PUBLISHED if self.published_at <= now else ArticleState.PLANNED

    def is_overdue(self, now: datetime) -> bool:
        """Whether it was archived while it was planned, for a moment that has passed since."""
        if self.archived_at is None or self.shelved_at is None:
            return False
        return self.archived_at < self.shelved_at <= now

    def has_been_public(self, now: datetime) -> bool:
        """Whether people may have kept its address."""
        if self.archived_at is not None:
            return self.shelved_at is not None and self.shelved_at <= self.archived_at
        return self.published_at is not None and self.published_at <= now


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


class ArticleVersion(Model):
    """A text as it was saved; the newest is what the article says now."""

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(CleanText(200))
    summary: Mapped[str] = mapped_column(CleanText(300))
    body_markdown: Mapped[str] = mapped_column(CleanText())
    at: Mapped[datetime] = mapped_column(UTCDateTime())
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    by: Mapped[Account | None] = relationship()


class ArticleDraft(Model):
    """What somebody has typed into the editor and not saved, as its form would send it.

    Of an article each has one; a piece that is not saved yet goes by the key its form was given.
    """

    __tablename__ = "article_draft"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(CleanText(40))
    typed: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime())


class PreviewLink(Model):
    """A link that shows an article before it is published, to whoever has it, until it ends."""

    __tablename__ = "preview_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(UTCDateTime())
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

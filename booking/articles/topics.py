"""Topics of the body: added, called otherwise, joined. Kinds of work follow the catalog."""

from datetime import datetime

from sqlalchemy import Table, and_, delete, select, update

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.articles import operations, search
from booking.articles.models import Article, Topic, TopicKind
from booking.catalog.models import Category
from booking.database import db
from booking.domain.article_errors import SameTopic, TopicThere
from booking.domain.names import fold, slug


def find(topic_id: int) -> Topic | None:
    """Return a topic of the body; kinds of work are the catalog's."""
    found = db.session.get(Topic, topic_id)
    return found if found is not None and found.kind is TopicKind.BODY else None


def add(name: str, actor: Actor, now: datetime) -> Topic:
    """Raises TopicThere."""
    address = slug(name) or "topic"
    _refuse_twice(name, None)
    if db.session.scalar(select(Topic.id).where(Topic.slug == address)):
        raise TopicThere
    topic = operations.ensure_topic(address, name, TopicKind.BODY)
    audit.record(actor, f"topic:{topic.id}", "topic_added", now)
    return topic


def rename(topic: Topic, name: str, actor: Actor, now: datetime) -> None:
    """Call it otherwise; its address stays. Raises TopicThere."""
    _refuse_twice(name, topic)
    if name == topic.name:
        return
    topic.name = name
    db.session.flush()
    _tell_articles(topic)
    audit.record(actor, f"topic:{topic.id}", "topic_renamed", now)


def follow(kind: Category) -> None:
    """Call the topic of a kind of work, if it is one, as the catalog calls it by now."""
    topic = db.session.scalar(
        select(Topic).where(Topic.slug == kind.slug, Topic.kind == TopicKind.WORK)
    )
    if topic is not None and topic.name != kind.name:
        topic.name = kind.name
        db.session.flush()
        _tell_articles(topic)


def _refuse_twice(name: str, but: Topic | None) -> None:
    for one in db.session.scalars(select(Topic)):
        if fold(one.name) == fold(name) and (but is None or one.id != but.id):
            raise TopicThere


def _tell_articles(topic: Topic) -> None:
    """Write the words anew that articles keep of their topics."""
    for article in db.session.scalars(select(Article).where(Article.topics.any(id=topic.id))):
        article.topic_words = operations.topic_words(article)
        search.index(article)
    db.session.flush()


def merge(topic: Topic, into: Topic, actor: Actor, now: datetime) -> None:
    """Let all that has `topic` have `into` instead; nothing else of it is left.

    Every table that names topics is followed, as the schema has them. Raises SameTopic.
    """
    if topic.id == into.id:
        raise SameTopic
    gone = topic.id
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is Topic.__table__.c.id for key in column.foreign_keys):
                _move(table, column.name, gone, into.id)
    db.session.execute(delete(Topic).where(Topic.id == gone))
    db.session.expire_all()
    _tell_articles(into)
    audit.record(actor, f"topic:{into.id}", "topics_joined", now, other=gone)


def _move(table: Table, name: str, gone: int, into: int) -> None:
    """Move rows; one that is there already for the topic that stays is not doubled."""
    column = table.c[name]
    others = [one for one in table.primary_key.columns if one.name != name]
    for row in db.session.execute(select(table).where(column == gone)).mappings().all():
        same = and_(*(one == row[one.name] for one in others))
        there = (
            column.primary_key
            and db.session.execute(select(column).where(column == into, same)).first()
        )
        where = and_(column == gone, same)
        change = delete(table) if there else update(table).values({name: into})
        db.session.execute(change.where(where))

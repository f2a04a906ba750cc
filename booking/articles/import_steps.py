"""Writing what an import has planned, each article in a transaction of its own.

With an article come its topics, pictures and old addresses: a crash leaves whole articles
behind, the same command again goes on, and a site that is in use never waits for long.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from booking.accounts import audit
from booking.articles import addresses, pictures, writing
from booking.articles import operations as articles
from booking.articles.digests import digest, picture_digest, said_by
from booking.articles.import_plan import Step, Verb, name_pictures
from booking.articles.models import Article, Moment, Picture, TopicKind
from booking.articles.moving_models import ArticleSource
from booking.articles.pictures import Drawn
from booking.articles.sources.files import LARGEST_PICTURE, read_bytes
from booking.articles.sources.found import More, Seen, SourceError, Wish, one_line
from booking.catalog.models import Category, Service
from booking.database import db, lock_row
from booking.domain.errors import Refusal
from booking.domain.pictures import ROOT, Pictured, pictured

T = TypeVar("T")


class Overtaken(Exception):
    """Somebody changed the article, or took its address, after the import was planned."""


def draw(step: Step) -> dict[str, Drawn]:
    """Draw the step's pictures, by mark. Slow: not for within a transaction.

    One that is here already is not drawn again: a blog shows some in many posts. One that cannot be
    taken is noted, and the text calls it what the source did.
    """

    done: dict[str, Drawn] = {}

    def draw_one(seen: Seen) -> Drawn:
        digest = picture_digest(seen)
        if digest not in done:
            known = pictures.known(digest)
            done[digest] = known or _as_it_was_called(pictures.draw(_read(seen)), seen.file.name)
        return done[digest]

    return {seen.mark: drawn for seen, drawn in _taken(step, draw_one)}


def look(step: Step) -> None:
    """Note of the step's pictures what drawing them would, and draw none."""

    def look_at(seen: Seen) -> None:
        if pictures.known(picture_digest(seen)) is None:
            pictures.opened(_read(seen))

    deque(_taken(step, look_at), maxlen=0)


def _read(seen: Seen) -> bytes:
    return read_bytes(seen.file, LARGEST_PICTURE)


def _taken(step: Step, how: Callable[[Seen], T]) -> Iterator[tuple[Seen, T]]:
    wanted = [] if step.is_adopted else [*step.found.pictures, step.found.more.cover]
    for seen in filter(None, wanted):
        try:
            pictures.alt_words(seen.alt)
            taken = how(seen)
        except (Refusal, SourceError) as refusal:
            name = one_line(seen.file.name, 80)
            step.found.notes.append(f"the picture {name} was not taken: {refusal}")
        else:
            yield seen, taken


def _as_it_was_called(drawn: Drawn, name: str) -> Drawn:
    """Let a picture that we gave out come back under its own name, though it is drawn anew."""
    was, now = pictured(ROOT + name), drawn.pictured
    if was is None or (was.width, was.height, was.ending) != (now.width, now.height, now.ending):
        return drawn
    files = {
        file.replace(now.digest, was.digest, 1): content for file, content in drawn.files.items()
    }
    return Drawn(Pictured(was.digest, now.width, now.height, now.ending), files)


def take(
    step: Step, drawn: Mapping[str, Drawn], new_topics: Mapping[str, Wish], now: datetime
) -> Article:
    """Write one article as it was planned, in the caller's transaction.

    Raises Overtaken, and ValueError or a Refusal for what cannot be kept.
    """
    article = _there(step)
    if step.is_adopted and article is not None:
        _remember(step, article, now)
        return article
    _make_topics(step, new_topics)
    published_at = step.draft.published_at
    if not step.found.dated:
        published_at = (article.published_at or article.shelved_at) if article else now
    draft = replace(step.draft, published_at=published_at)
    more = step.found.more
    if more.rests_on is not None:
        draft = replace(draft, sources=tuple(more.rests_on))
    if more.services is not None:
        draft = replace(draft, services=_services(more.services))
    if more.cover is not None and more.cover.mark in drawn:
        kept = _kept(more.cover, drawn, now)
        draft = replace(draft, picture=kept)
    draft = replace(draft, body=_with_pictures(step, drawn, now))
    saved = articles.save(draft, now, article=article)
    _add_more(saved, more, now)
    addresses.keep_old(saved, _old_keys(step), now)
    _remember(step, saved, now)
    return saved


def _add_more(article: Article, more: More, now: datetime) -> None:
    for moment, slugs in ((Moment.BEFORE, more.before), (Moment.AFTER, more.after)):
        if slugs is not None:
            writing.read_with(article, moment, _services(slugs))
    if more.is_archived and article.archived_at is None:
        writing.archive(article, audit.SYSTEM, now)


def _services(slugs: Sequence[str]) -> tuple[int, ...]:
    """Return the services with these slugs; what is not offered here is nobody's to read for."""
    return tuple(db.session.scalars(select(Service.id).where(Service.slug.in_(slugs))))


def _there(step: Step) -> Article | None:
    """Return the article that is changed, locked, and still what it was when this was planned."""
    if step.article_id is None:
        taken = select(Article.id).where(Article.slug == step.draft.slug)
        known = select(ArticleSource.article_id).where(ArticleSource.key == step.found.key)
        if db.session.scalar(taken) is not None or db.session.scalar(known) is not None:
            raise Overtaken
        return None
    article = db.session.get(Article, step.article_id)
    if article is None:
        raise Overtaken
    lock_row(article)
    if article.slug != step.draft.slug or digest(said_by(article)) != step.was:
        raise Overtaken
    return article


def _make_topics(step: Step, new_topics: Mapping[str, Wish]) -> None:
    for slug in step.draft.topics:
        if (wish := new_topics.get(slug)) is None:
            continue
        # A kind of work shares its slug with the category of the catalog.
        is_work = db.session.scalar(select(Category.id).where(Category.slug == slug)) is not None
        articles.ensure_topic(slug, wish.name, TopicKind.WORK if is_work else TopicKind.BODY)


def _with_pictures(step: Step, drawn: Mapping[str, Drawn], now: datetime) -> str:
    addresses = {
        seen.mark: _kept(seen, drawn, now).address if seen.mark in drawn else seen.was
        for seen in step.found.pictures
    }
    return name_pictures(step.draft.body, addresses)


def _kept(seen: Seen, drawn: Mapping[str, Drawn], now: datetime) -> Picture:
    """Keep a picture; of one that is here already the words stay what they are."""
    return pictures.keep(drawn[seen.mark], seen.alt, now, renames=False)


def _old_keys(step: Step) -> list[str]:
    keys = (addresses.url_key(address) for address in step.found.addresses)
    return [key for key in keys if key and key != f"/read/{step.draft.slug}"]


def _remember(step: Step, article: Article, now: datetime) -> None:
    db.session.flush()
    db.session.refresh(article)  # As the database holds it, which is what is compared next time.
    source = ArticleSource(
        article_id=article.id, key=step.found.key, given=step.given,
        kept=digest(said_by(article)), taken_at=now,
    )  # fmt: skip
    db.session.merge(source)
    db.session.flush()


def is_to_write(step: Step) -> bool:
    """Tell whether a step changes anything in the database."""
    return step.verb in {Verb.MADE, Verb.CHANGED} or step.is_adopted

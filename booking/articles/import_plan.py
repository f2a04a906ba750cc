"""Bringing articles in: what is to be done is known whole before anything is written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from booking.articles import addresses
from booking.articles.digests import digest, said_by, said_in
from booking.articles.limits import SLUG
from booking.articles.models import Article, Topic
from booking.articles.moving_models import ArticleSource
from booking.articles.operations import Draft
from booking.articles.sources.found import Found, Wish, host_of
from booking.articles.sources.picture_places import Named, readdress
from booking.articles.writing import RESERVED
from booking.database import db
from booking.domain.names import fold
from booking.domain.pictures import ROOT, pictured

AT_ONCE = 500  # Rows asked for in one select.
TWICE = "it is there twice, and was taken where it came first"
LINK = re.compile(r"\]\((?P<address>[^\s()<>]{1,1000})\)")


class Verb(StrEnum):
    """What becomes of an article that a source holds."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "as it was"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What whoever imports asks for."""

    topics: tuple[str, ...] = ()  # Slugs that join those of every article.
    make_topics: bool = False
    overwrite: bool = False


@dataclass(slots=True)
class Step:
    """What is to be done with one article, or why nothing is."""

    verb: Verb
    found: Found
    draft: Draft  # With its final slug, and the slugs of its topics.
    given: str
    article_id: int | None = None
    was: str = ""  # The digest of the article as it was when this was planned.
    reason: str = ""
    is_adopted: bool = False  # Is the same already, but not known to be from this source.


@dataclass(slots=True)
class Plan:
    """All steps, the topics that will be made, and those that nobody knows with their counts."""

    steps: list[Step] = field(default_factory=list)
    new_topics: dict[str, Wish] = field(default_factory=dict)
    unknown_topics: Counter[str] = field(default_factory=Counter)


class _Site:
    """What is there already, read at once."""

    def __init__(self, founds: Sequence[Found]):
        slugs = {found.draft.slug for found in founds}
        # Parts of /read that are other pages count as taken, by no article.
        self.slugs = dict.fromkeys(RESERVED, 0) | {
            row.slug: row.id for row in db.session.execute(select(Article.slug, Article.id))
        }
        self.by_key = {row.key: row for row in db.session.scalars(select(ArticleSource))}
        ids = {row.article_id for found in founds if (row := self.by_key.get(found.key))}
        self.claimed = set(ids)
        ids |= {number for slug, number in self.slugs.items() if slug in slugs and number}
        self.articles = {one.id: one for one in _articles(sorted(ids))}
        topics = list(db.session.scalars(select(Topic)))
        self.topics = {topic.slug: topic.slug for topic in topics}
        self.topic_names = {fold(topic.name): topic.slug for topic in topics}

    def free(self, slug: str) -> str:
        """Return the slug, or the next one with a number that no article has."""
        candidate, number = slug, 1
        while candidate in self.slugs:
            number += 1
            tail = f"-{number}"
            candidate = slug[: SLUG - len(tail)].rstrip("-") + tail
        return candidate


def _articles(ids: Sequence[int]) -> Iterator[Article]:
    parts = [selectinload(part) for part in (Article.topics, Article.services, Article.picture)]
    for begin in range(0, len(ids), AT_ONCE):
        some = Article.id.in_(ids[begin : begin + AT_ONCE])
        yield from db.session.scalars(select(Article).where(some).options(*parts))


def plan(founds: Sequence[Found], wanted: Wanted) -> Plan:
    """Return what taking these in would do. Reads, and writes nothing.

    Raises ValueError for a topic among `wanted.topics` that does not exist.
    """
    site = _Site(founds)
    unknown = [slug for slug in wanted.topics if slug not in site.topics]
    if unknown:
        raise ValueError(f"There is no topic called {', '.join(unknown)}.")
    made = Plan()
    seen: set[str] = set()
    for found in founds:
        if found.key in seen:
            made.steps.append(Step(Verb.LEFT, found, found.draft, "", reason=TWICE))
            continue
        seen.add(found.key)
        topics = _topics(found, wanted, site, made)
        made.steps.append(_step(found, replace(found.draft, topics=topics), site))
    steps = [step for step in made.steps if step.verb is not Verb.LEFT]
    _link_to_each_other(steps)
    for step in steps:
        _decide(step, site, wanted)
    return made


def _topics(found: Found, wanted: Wanted, site: _Site, made: Plan) -> tuple[str, ...]:
    slugs: list[str] = []
    for wish in found.wishes:
        known = site.topics.get(wish.slug) or site.topic_names.get(fold(wish.name))
        if known is None and wanted.make_topics:
            made.new_topics[wish.slug] = wish
            known = site.topics[wish.slug] = site.topic_names[fold(wish.name)] = wish.slug
        if known is None:
            made.unknown_topics[wish.name] += 1
        else:
            slugs.append(known)
    return tuple(dict.fromkeys(slugs))


def _step(found: Found, draft: Draft, site: _Site) -> Step:
    """Find the article that this is, or the slug that a new one gets."""
    source = site.by_key.get(found.key)
    number = source.article_id if source else None
    if number is None and found.key.startswith("file:"):
        # The file has another name or place now, or the article was written here.
        other = site.slugs.get(draft.slug)
        number = other if other and other not in site.claimed else None
    if number is None:
        slug = site.free(draft.slug)
        if slug != draft.slug:
            found.notes.append(f"its address /read/{draft.slug} was taken: it is /read/{slug}")
        site.slugs[slug] = 0
        return Step(Verb.MADE, found, replace(draft, slug=slug), "")
    site.claimed.add(number)
    article = site.articles[number]
    return Step(
        Verb.CHANGED, found, replace(draft, slug=article.slug), "", number,
        digest(said_by(article)),
    )  # fmt: skip


def _link_to_each_other(steps: Iterable[Step]) -> None:
    """Let links between the articles of a blog lead to where they are now."""
    steps = list(steps)
    own = {
        key: f"/read/{step.draft.slug}"
        for step in reversed(steps)
        for address in step.found.addresses
        if (key := addresses.url_key(address))
    }
    for step in steps:
        hosts = step.found.hosts

        def lead(found: re.Match[str], hosts: frozenset[str] = hosts) -> str:
            address, separator, part = found["address"].partition("#")
            host = host_of(address)
            if host not in hosts and (host or not address.startswith("/")):
                return found[0]
            to = own.get(addresses.url_key(address) or "")
            return f"]({to}{separator}{part})" if to else found[0]

        step.draft = replace(step.draft, body=LINK.sub(lead, step.draft.body))


def _decide(step: Step, site: _Site, wanted: Wanted) -> None:
    more = step.found.more
    step.given = digest(
        [
            said_in(step.draft, more),
            [one.digest for one in step.found.pictures],
            [more.before, more.after],
        ]
    )
    article = site.articles[step.article_id] if step.article_id is not None else None
    known = tuple(topic.slug for topic in article.topics) if article else ()
    # What says nothing of topics leaves those that the article has.
    topics = (*wanted.topics, *(step.draft.topics or known))
    step.draft = replace(step.draft, topics=tuple(dict.fromkeys(topics)))
    if article is None:
        return
    source = site.by_key.get(step.found.key)
    if source is None:
        at = f"/read/{article.slug}"
        there = said_by(article)
        if all(there[key] == value for key, value in _as_kept(step, article).items()):
            step.verb, step.is_adopted = Verb.SAME, True
        elif not wanted.overwrite:
            step.verb, step.reason = Verb.LEFT, f"another article has the address {at}"
        return
    is_edited = step.was != source.kept
    is_same = step.given == source.given and set(wanted.topics) <= set(known)
    if is_same and not (is_edited and wanted.overwrite):
        step.verb = Verb.SAME
    elif is_edited and not wanted.overwrite:
        step.verb, step.reason = Verb.LEFT, "it was changed here since it was brought in"
    elif not (wanted.overwrite or _is_same_piece(step, article)):
        step.verb = Verb.LEFT
        step.reason = f"a file of this name was another piece, “{article.title}”: rename the file"


def _is_same_piece(step: Step, article: Article) -> bool:
    """Tell whether a post, or a file of this name, is what it was: its title or a paragraph is.

    Folders and files of two blogs may well have the same names.
    """
    if not step.found.key.startswith("file:") or fold(step.draft.title) == fold(article.title):
        return True
    kept = set(article.body_markdown.split("\n\n"))
    return any(one in kept for one in step.draft.body.split("\n\n"))


def _as_kept(step: Step, article: Article) -> dict[str, Any]:
    """Return what the article would say if the step was taken and its pictures are known here."""
    named = {
        seen.mark: ROOT + seen.file.name
        for seen in step.found.pictures
        if pictured(ROOT + seen.file.name)
    }
    body = name_pictures(step.draft.body, named)
    when = step.draft.published_at
    if not step.found.dated:
        when = article.published_at or article.shelved_at
    return said_in(replace(step.draft, body=body, published_at=when), step.found.more)


def name_pictures(body: str, addresses: Mapping[str, str]) -> str:
    """Put the pictures' addresses in the place of their marks."""

    def lead(named: Named) -> Named | None:
        address = addresses.get(named.address)
        return None if address is None else named._replace(address=address)

    return readdress(body, lead) if addresses else body

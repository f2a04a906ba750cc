"""Writing what the practice says of the regions of the body.

The texts are the practice's own, in its own language, like all it writes about itself. A new one
begins with ours, which lie in the folder `regions`, a file for each language.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.articles import operations
from booking.articles.body_models import REGIONS, BodyRegion
from booking.articles.models import Topic, TopicKind
from booking.catalog.models import Service
from booking.database import db
from booking.practice import operations as practice
from booking.practice.models import Practice

TEXTS = Path(__file__).parent / "regions"
USUAL = "en"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A region as somebody wants it."""

    name: str
    about: str
    doctor: str
    is_hidden: bool
    topic_ids: frozenset[int]
    service_ids: frozenset[int]


def install(studio: Practice, actor: Actor, now: datetime) -> int:
    """Give a practice the regions it has not got, in its language; return how many.

    With the first of them the figure is shown on the site.
    """
    known = set(db.session.scalars(select(BodyRegion.key)))
    texts = texts_in(studio.locale)
    for position, key in enumerate(REGIONS, 1):
        if key not in known:
            db.session.add(_region(key, position, texts))
    db.session.flush()
    if not known:
        practice.change(studio, shows_body=True)
        audit.record(actor, "body", "created", now)
    return len(set(REGIONS) - known)


def texts_in(locale: str) -> dict[str, Any]:
    """Return our texts in a language, in English when there are none in it."""
    own = TEXTS / f"{locale.partition('_')[0]}.toml"
    path = own if own.exists() else TEXTS / f"{USUAL}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _region(key: str, position: int, texts: dict[str, Any]) -> BodyRegion:
    text = texts["regions"][key]
    return BodyRegion(
        key=key,
        name=text["name"],
        about=text["about"].strip(),
        doctor="\n".join(text["doctor"]),
        position=position,
        topics=[
            operations.ensure_topic(slug, texts["topics"][slug], TopicKind.BODY)
            for slug in text["topics"]
        ],
    )


def change(row: BodyRegion, wanted: Wanted, actor: Actor, now: datetime) -> bool:
    """Make a locked region what somebody wants; tell whether anything was different."""
    fields = []
    for name in ("name", "about", "doctor", "is_hidden"):
        if getattr(row, name) != getattr(wanted, name):
            setattr(row, name, getattr(wanted, name))
            fields.append(name)
    if {topic.id for topic in row.topics} != wanted.topic_ids:
        row.topics = _chosen(Topic, wanted.topic_ids)
        fields.append("topics")
    if {service.id for service in row.services} != wanted.service_ids:
        row.services = _chosen(Service, wanted.service_ids)
        fields.append("services")
    if fields:
        audit.record(actor, f"body:{row.key}", "changed", now, fields=fields)
    db.session.flush()
    return bool(fields)


def _chosen(model: Any, ids: Iterable[int]) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))


def place(region_id: int, before_id: int, actor: Actor, now: datetime) -> tuple[int, int, int]:
    """Put a region before another, at the end when there is none of this id.

    Returns where it was and is, counted from 1, and of how many.
    """
    query = select(BodyRegion).order_by(BodyRegion.id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).all()
    rows = sorted(found, key=lambda one: (one.position, one.id))
    was = next(number for number, one in enumerate(rows) if one.id == region_id)
    row, rest = rows[was], [one for one in rows if one.id != region_id]
    wanted = next((number for number, one in enumerate(rest) if one.id == before_id), len(rest))
    wanted = was if before_id == region_id else wanted
    for position, one in enumerate([*rest[:wanted], row, *rest[wanted:]], 1):
        one.position = position
    if wanted != was:
        audit.record(actor, f"body:{row.key}", "ordered", now, was=was + 1, to=wanted + 1)
    db.session.flush()
    return was + 1, wanted + 1, len(rows)

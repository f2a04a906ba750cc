"""Legal texts: a draft becomes a version, and a version stays as it was published."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from booking.accounts import audit
from booking.accounts.models import Account
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.settings_errors import NothingToPublish
from booking.practice import operations
from booking.practice.models import Practice
from booking.settings.models import LegalKind, LegalText


def draft(kind: LegalKind) -> LegalText | None:
    return db.session.scalar(
        select(LegalText).where(LegalText.kind == kind, LegalText.published_at.is_(None))
    )


def drafts() -> set[LegalKind]:
    """Return the kinds of which a draft waits to be published."""
    return set(db.session.scalars(select(LegalText.kind).where(LegalText.published_at.is_(None))))


def version(kind: LegalKind, number: int) -> LegalText | None:
    """Return a published version."""
    return db.session.scalar(
        select(LegalText).where(
            LegalText.kind == kind,
            LegalText.version == number,
            LegalText.published_at.is_not(None),
        )
    )


def versions(kind: LegalKind) -> Sequence[LegalText]:
    """Return all that has been published of a kind, the newest first."""
    return db.session.scalars(
        select(LegalText)
        .where(LegalText.kind == kind, LegalText.published_at.is_not(None))
        .options(joinedload(LegalText.by))
        .order_by(LegalText.version.desc())
    ).all()


def all_versions() -> Sequence[LegalText]:
    """Return all that has been published, the newest first."""
    return db.session.scalars(
        select(LegalText)
        .where(LegalText.published_at.is_not(None))
        .order_by(LegalText.published_at.desc(), LegalText.id.desc())
    ).all()


def body(kind: LegalKind) -> str:
    """Return what one goes on writing: the draft, else the last version."""
    row = draft(kind) or next(iter(versions(kind)), None)
    return row.body if row else ""


def save_draft(kind: LegalKind, text: str) -> LegalText:
    """Keep a text without publishing it. The caller holds the practice's row."""
    row = draft(kind)
    if row is None:
        last = db.session.scalar(select(func.max(LegalText.version)).where(LegalText.kind == kind))
        row = LegalText(kind=kind, version=(last or 0) + 1)
        db.session.add(row)
    row.body = text
    db.session.flush()
    return row


def publish(
    studio: Practice, kind: LegalKind, text: str, account: Account, now: datetime
) -> LegalText | None:
    """Publish a text as the next version; None when it is the published one to the letter.

    An empty text takes the page away. Other words of the policy are another policy to agree to.
    The caller holds the practice's row. Raises NothingToPublish.
    """
    known = versions(kind)
    if not text and (not known or not known[0].body):
        raise NothingToPublish
    if known and known[0].body == text:
        if (unneeded := draft(kind)) is not None:
            db.session.delete(unneeded)
        return None
    row = save_draft(kind, text)
    row.published_at, row.by_id = now, account.id
    if kind is LegalKind.POLICY:
        operations.renew_policy(studio, local_date(now, studio.zone))
        row.policy_version = studio.policy_version
    others = {name: number for name, number in studio.legal_versions.items() if name != kind.value}
    studio.legal_versions = others | ({kind.value: row.version} if text else {})
    audit.record(
        audit.actor_of(account), f"legal:{kind.value}", "published", now, version=row.version
    )
    db.session.flush()
    return row

"""Changing what the owner decides: under the row's lock, with a line in the trail for each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.bookings import reminders
from booking.database import db, lock_row
from booking.domain.availability import local_date
from booking.practice import operations
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings.logos import MEDIA_TYPE, Logo
from booking.settings.models import PracticeFile

ABOUT = "practice:1"
# What is written on pages and in mails: the trail says that it changed, not what to.
WORDS = {
    "name", "headline", "introduction", "about", "address", "directions", "phone", "email",
    "licence", "sender_name", "reply_to",
}  # fmt: skip
# What clients agree to when they book.
AGREED = {"cancel_minutes", "move_minutes", "class_cancel_minutes"}
# What decides when reminders go: those of what is booked are planned anew, by the worker.
REMINDING = {
    "reminder_leads", "class_reminder_leads", "quiet_from", "quiet_until", "aftercare_at",
}  # fmt: skip
LOGO = "logo"


def locked() -> Practice:
    """Return the practice, its row locked; a new installation gets its row first."""
    studio = practice.current()
    if inspect(studio).persistent:
        lock_row(studio)
        return studio
    try:
        with db.session.begin_nested():
            db.session.add(studio)
    except IntegrityError:  # Somebody else has just made it.
        db.session.info.pop("practice", None)
        return locked()
    return studio


def change(studio: Practice, values: Mapping[str, Any], actor: Actor, now: datetime) -> set[str]:
    """Change settings, with a line in the trail for each that differs; return their names."""
    changed = operations.change(studio, **values)
    for name, (was, value) in changed.items():
        told = {} if name in WORDS else {"was": was, "to": value}
        audit.record(actor, ABOUT, "setting", now, name=name, **told)
    return set(changed)


def change_policies(
    studio: Practice, values: Mapping[str, Any], actor: Actor, now: datetime
) -> set[str]:
    """Change rules of time; another deadline is another policy for clients to agree to."""
    changed = change(studio, values, actor, now)
    if changed & REMINDING:
        reminders.ask_anew(now)
    if changed & AGREED:
        operations.renew_policy(studio, local_date(now, studio.zone))
    return changed


def keep_logo(studio: Practice, logo: Logo | None, actor: Actor, now: datetime) -> None:
    """Put a logo in the place of the one there was, or take it away."""
    kept = db.session.get(PracticeFile, LOGO)
    if logo is None:
        if kept is not None:
            db.session.delete(kept)
    elif kept is None:
        db.session.add(PracticeFile(name=LOGO, media_type=MEDIA_TYPE, content=logo.content))
    else:
        kept.media_type, kept.content = MEDIA_TYPE, logo.content
    version = logo.version if logo else ""
    if version != studio.logo_version:
        change(studio, {"logo_version": version}, actor, now)
    studio.logo_width, studio.logo_height = (logo.width, logo.height) if logo else (0, 0)
    studio.logo_paper = logo.paper if logo else ""
    db.session.flush()

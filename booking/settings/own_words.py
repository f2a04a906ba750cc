"""The owner's own words in mails: who changed them is in the trail, what they say is not."""

from datetime import datetime

from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.mail import own_texts
from booking.mail.own_texts import OwnWords
from booking.practice import queries as practice
from booking.web.words import LANGUAGES


def written_in() -> list[str]:
    """Return the languages that mails are written in: the practice's own, and what is offered."""
    studio = practice.current()
    own = studio.locale.partition("_")[0]
    return [one for one in LANGUAGES if one == own or one in studio.languages]


def save(kind: str, language: str, words: OwnWords, actor: Actor, now: datetime) -> set[str]:
    """Keep the words (empty ones give way to ours); return the parts that differ.

    The caller holds the practice's row.
    """
    changed = own_texts.keep(kind, language, words)
    if changed:
        action = "mail text" if words else "mail text reset"
        audit.record(actor, f"mail:{kind}", action, now, language=language, parts=sorted(changed))
    return changed

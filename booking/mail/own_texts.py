"""The owner's own words: read when a mail is written, kept and given up by the settings."""

from dataclasses import asdict, dataclass, fields

from sqlalchemy import bindparam, select

from booking.database import db
from booking.mail.text_models import MailText


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What may be said in a mail's own way; empty where ours stands. Names stand in braces."""

    subject: str = ""
    heading: str = ""
    opening: str = ""
    closing: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())


PARTS = tuple(field.name for field in fields(OwnWords))
_IS_SAID = (MailText.kind == bindparam("kind"), MailText.language == bindparam("language"))
_WORDS = select(*(getattr(MailText, part) for part in PARTS)).where(*_IS_SAID)


def of(kind: str, language: str) -> OwnWords:
    """Return the owner's words for a kind of mail in a language, none where there are none."""
    row = db.session.execute(_WORDS, {"kind": kind, "language": language}).one_or_none()
    return OwnWords(*row) if row else OwnWords()


def all_own() -> set[tuple[str, str]]:
    """Return the kinds and languages in which the owner says anything."""
    return {(kind, said_in) for kind, said_in in
            db.session.execute(select(MailText.kind, MailText.language))}  # fmt: skip


def keep(kind: str, language: str, words: OwnWords) -> set[str]:
    """Put the owner's words in the place of those before; return the parts that differ.

    The caller holds the practice's row, so that nobody else writes the same ones now.
    """
    before, row = of(kind, language), _row(kind, language)
    if row is None and words:
        row = MailText(kind=kind, language=language)
        db.session.add(row)
    for part, text in asdict(words).items():
        if row is not None:
            setattr(row, part, text)
    if row is not None and not words:
        db.session.delete(row)
    db.session.flush()
    return {part for part in PARTS if getattr(before, part) != getattr(words, part)}


def _row(kind: str, language: str) -> MailText | None:
    return db.session.scalar(
        select(MailText).where(*_IS_SAID), {"kind": kind, "language": language}
    )

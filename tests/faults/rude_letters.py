"""What the tests of rude servers share: mails that wait, and what became of them."""

from sqlalchemy import select

from booking.database import db, transact
from booking.mail import outbox
from booking.mail.models import OutgoingMail
from booking.mail.outbox import Envelope, Letter

LETTER = Letter("Subject", "Text.\n", "<p>Text.</p>")


def write(now, *names: str, text: str = "Text.\n") -> None:
    def enqueue() -> None:
        for name in names:
            address = name if "@" in name else f"{name}@example.com"
            envelope = Envelope(key=name, kind="test", address=address, about="booking:1")
            outbox.enqueue(envelope, Letter("Subject", text, "<p>Text.</p>"), now())

    transact(enqueue)


def fates() -> dict[str, tuple[str, int]]:
    """State and tries of each mail, by its key."""
    db.session.rollback()
    rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return {row.dedupe_key: (row.state.value, row.attempts) for row in rows}


def errors() -> str:
    db.session.rollback()
    return " ".join(filter(None, db.session.scalars(select(OutgoingMail.last_error))))

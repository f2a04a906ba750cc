"""A real SMTP server on loopback, as polite or as rude as a test wants it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.database import db, transact
from booking.mail.models import OutgoingMail
from tests.cast import book
from tests.mail.following import FRIDAY, give_reading
from tests.ports import free_port


@dataclass
class Mailbox:
    """What the server has taken, and what it answers."""

    answer: str = "250 OK"
    recipient_answer: str = "250 OK"
    sender_answer: str = "250 OK"
    quit_answer: str = "221 Bye"
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        envelope.mail_from = address
        return self.sender_answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.quit_answer

    async def handle_RCPT(  # noqa: N802 - the name the library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            message = message_from_bytes(envelope.content or b"", policy=policy.default)
            self.taken.append(cast("EmailMessage", message))
        return self.answer

    def subjects_to(self, address: str) -> list[str]:
        return [str(mail["Subject"]) for mail in self.taken if mail["To"] == address]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def settings(settings: dict, mailbox: Mailbox) -> dict:
    return {**settings, "SMTP_URL": mailbox.url}


@pytest.fixture
def outgoing() -> Callable[[str], OutgoingMail]:
    """The newest mail of a kind that has been written."""

    def newest(kind: str) -> OutgoingMail:
        db.session.rollback()
        query = select(OutgoingMail).where(OutgoingMail.kind == kind)
        return db.session.scalars(query.order_by(OutgoingMail.id.desc())).first()

    return newest


@pytest.fixture
def visit(studio, now) -> Booking:
    """A session of Ada's on a Friday, which has something to read after it."""
    transact(give_reading, studio)
    return book(studio.hour, FRIDAY, now(), account="ada", studio=studio)

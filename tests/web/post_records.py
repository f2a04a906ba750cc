"""Records of clients, and mails, that the studio's forms are about."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from booking.accounts.audit import Actor
from booking.accounts.models import Person
from booking.clients import columns, importing, merging, record
from booking.clients.models import Colour
from booking.database import db, transact
from booking.mail import bounces
from booking.mail.models import MailState, OutgoingMail, RefusedAddress, WorkerBeat
from booking.practice import queries as practice
from booking.web.editing import digest
from tests.web.post_ground import MARA, Ground

LIST = b"Name,Phone\nOna Reyes,321 555 0188\n"


class Records(Ground):
    """What is kept about clients, and what was sent to them."""

    def flag(self) -> int:
        def make() -> int:
            flag = record.add_flag("Deposit", Colour.GOLD, MARA, self.now())
            return flag.id

        return transact(make)

    def no_mark(self) -> dict[str, str]:
        """What a form says that was opened on an empty note."""
        return {"seen": digest({"note": ""})}

    def twins(self) -> tuple[int, int]:
        """Two entries of one client."""

        def make() -> tuple[int, int]:
            two = [Person(name="Nina Sol", created_at=self.now()) for _number in range(2)]
            db.session.add_all(two)
            db.session.flush()
            return two[0].id, two[1].id

        return transact(make)

    def merged(self) -> int:
        one, other = self.twins()
        return transact(merging.merge, one, other, MARA, practice.current(), self.now()).id

    def file(self) -> str:
        """A list of clients in a file, which may be sent more than once."""
        path = Path(self.app.config["INSTANCE_PATH"], "list.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LIST)
        return str(path)

    def list(self) -> int:
        mara = Actor("staff", self.studio.accounts["mara"])
        return transact(importing.begin, columns.read(LIST), mara, self.now()).id

    def refused(self) -> int:
        """Ada's address, at which a server says that nobody reads."""

        def add() -> int:
            address = self.account("ada").email
            bounces.forgive(address)
            mark = RefusedAddress(address=address, answer="550 5.1.1", refused_at=self.now())
            db.session.add(mark)
            db.session.flush()
            return mark.id

        return transact(add)

    def mail(self, state: MailState) -> int:
        """The confirmation of a session of Lena's, which is in this state."""
        about = self.book().about

        def write() -> int:
            mail = db.session.scalars(
                select(OutgoingMail).where(
                    OutgoingMail.about == about, OutgoingMail.kind == "confirmed"
                )
            ).one()
            mail.state, mail.due_at = state, self.now()
            mail.sent_at = self.now() if state is MailState.SENT else None
            return mail.id

        return transact(write)

    def clock_back(self) -> dict[str, Any]:
        """A worker whose clock stood two hours ahead was at work."""

        def write() -> None:
            beat = WorkerBeat(name="ahead:1", beat_at=self.now() + timedelta(hours=2))
            db.session.merge(beat)

        transact(write)
        return {}

"""A studio in which each form of the site has something to do."""

from typing import Any

from pyotp.totp import TOTP

from booking.catalog.models import Audience, Service
from booking.database import db, transact
from tests.web.post_classes import Classes
from tests.web.post_ground import Sent
from tests.web.post_hours import Hours
from tests.web.post_records import Records
from tests.web.post_writing import Writing

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY = "new-a-key-of-a-page"
TOKEN = "a-token-of-a-page-that-was-opened"


class World(Classes, Writing, Hours, Records):
    """A studio, and for each form of it somebody who is about to send it as it is meant."""

    def by_invitation(self) -> int:
        """Offer something to whom the studio invites."""

        def add() -> int:
            kind = db.session.get_one(Service, self.studio.massage).category_id
            circle = Service(
                category_id=kind, slug="circle", name="Circle", audience=Audience.INVITED
            )
            db.session.add(circle)
            db.session.flush()
            return circle.id

        return transact(add)

    def member(self, do: str, **data: Any) -> Sent:
        return self.visit("mara"), f"/studio/team/{self.studio.accounts['marco']}/{do}", data

    def at_second_step(self) -> Sent:
        self.change("ada", totp_secret=SECRET, totp_since=self.now(), totp_step=None)
        return self.visit("ada"), "/second-factor", {"code": TOTP(SECRET).at(self.now())}

    def past_second_step(self, path: str) -> Sent:
        client, step, data = self.at_second_step()
        client.post(step, data=data)
        return client, path, {}

"""Classes that forms plan, fill, change and call off."""

from datetime import date
from typing import Any

from sqlalchemy import select

from booking.classes.models import ClassSession
from booking.database import db
from tests.cast_classes import plan_class, take
from tests.web.post_ground import Ground


class Classes(Ground):
    """Classes, each at a time of its own."""

    def class_of(self, *taken: str) -> int:
        """Plan a class of its own and return the first of its dates."""
        self.classes += 1
        start = 6 * 60 + self.classes // 2 * 21
        session_id = plan_class(
            self.studio, self.now(), name=f"Yoga {self.classes}", start_minute=start,
            first_on=date(2026, 11, 28), weekday=5 if self.classes % 2 else 6, room_id=None,
            minutes=20, term_cents=1500, last_on=date(2026, 12, 13),
        )[0]  # fmt: skip
        if taken:
            take(session_id, self.now(), *map(self.guest, taken))
        return session_id

    def guest(self, name: str) -> str:
        """A guest of that name with an address of their own: one has a few open bookings only."""
        first, _space, last = name.partition(" ")
        return f"{first}{self.classes} {last}"

    def class_today(self) -> int:
        """A class of today with somebody in it, who can be marked."""
        session_id = plan_class(
            self.studio, self.now(), name="Today", weekday=0, first_on=date(2026, 11, 23),
            start_minute=20 * 60, room_id=None,
        )[0]  # fmt: skip
        take(session_id, self.now(), self.guest("Grace Hill"))
        return session_id

    def term(self) -> str:
        return db.session.get_one(ClassSession, self.class_of()).series.slug

    def series(self) -> int:
        session = db.session.get_one(ClassSession, self.class_of("Grace Hill"))
        return session.series_id

    def a_change(self) -> dict[str, Any]:
        session = db.session.scalars(
            select(ClassSession).order_by(ClassSession.id.desc()).limit(1)
        ).one()
        return {
            "day": "2026-12-19", "start": "07:00", "minutes": 20, "capacity": 9, "scope": "this",
            "practitioner": session.practitioner_id, "room": 0,
        }  # fmt: skip

"""Hours, breaks, time off and closed days that forms say anew."""

from datetime import date, timedelta
from typing import Any

from booking.database import transact
from booking.domain.availability import Spell
from booking.scheduling import holidays, hours
from booking.studio.hours_forms import break_values, times_data, week_values
from booking.web.editing import digest
from tests import cast
from tests.web.post_ground import Ground


class Hours(Ground):
    """Hours of Lena's, and days on which nobody works."""

    def week(self) -> dict[str, Any]:
        """Lena's hours as they are: a form that says them again, in each of its fields."""
        weekly = hours.weekly_of(self.studio.lena)
        times = {
            f"day_{one.weekday}-0-{name}": f"{wall:%H:%M}"
            for one in weekly
            for name, wall in times_data(one.spell).items()
        }
        return {**times, "do": "save", "seen": digest(week_values(weekly))}

    def seen_break(self) -> str:
        return digest(break_values(2, Spell(720, 780), None, None, "Lunch"))

    def time_off(self) -> int:
        self.times += 1
        start = cast.at(9, month=12, day=1 + self.times % 28)
        return cast.take_time_off(self.studio, self.now(), start, start + timedelta(minutes=30))

    def another_day(self) -> str:
        self.times += 1
        return f"2027-02-{1 + self.times % 28:02}"

    def closed(self) -> int:
        day = date.fromisoformat(self.another_day())
        transact(holidays.close, day, "Cleaning", cast.STAFF, self.now())
        return holidays.closed_between(day, day)[0].id

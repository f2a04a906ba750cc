"""Forms of the rules that decide which times are offered."""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, RadioField, ValidationError

from booking.web.editing import EditForm
from booking.web.number_fields import whole_number
from booking.web.wall_fields import time_field
from booking.web.words import lazy as _l


class OpeningsForm(EditForm):
    """Gaps, and what holds for first-time clients."""

    WEEKDAYS = tuple(f"day_{number}" for number in range(7))

    gap_mode = RadioField(_l("Short gaps"))
    gap_minutes = whole_number(_l("A gap is of use from so many minutes"), 5, 240)
    new_notice_hours = whole_number(_l("They book at least so many hours ahead"), 0, 720)
    day_0 = BooleanField()
    day_1 = BooleanField()
    day_2 = BooleanField()
    day_3 = BooleanField()
    day_4 = BooleanField()
    day_5 = BooleanField()
    day_6 = BooleanField()
    new_from = time_field(_l("Not before (optional)"))
    new_until = time_field(_l("Over by (optional)"))
    new_approval = BooleanField(_l("The practitioner agrees to their first session"))
    answer_hours = whole_number(_l("The answer comes within so many hours"), 1, 168)

    def validate_new_until(self, field: Any) -> None:
        first = self.new_from.data
        if first is not None and field.data is not None and field.data <= first:
            raise ValidationError(_("Please choose a time after the first."))

    def days(self) -> list[int]:
        """Return the weekdays that are ticked, Monday 0; none and all both mean any day."""
        ticked = [number for number, name in enumerate(self.WEEKDAYS) if self[name].data]
        return [] if len(ticked) == 7 else ticked


class LimitsForm(EditForm):
    """The most that somebody gives; an empty field is no limit."""

    day_sessions = whole_number(_l("Sessions a day"), 1, 50, required=False)
    day_minutes = whole_number(_l("Hands-on minutes a day"), 5, 1440, required=False)
    week_sessions = whole_number(_l("Sessions a week"), 1, 200, required=False)
    week_minutes = whole_number(_l("Hands-on minutes a week"), 5, 10080, required=False)

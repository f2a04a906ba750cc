"""Forms of the mails: which go, when, and who hears of what."""

from wtforms import BooleanField, RadioField

from booking.web.editing import EditForm
from booking.web.lead_fields import LeadsField
from booking.web.number_fields import whole_number
from booking.web.wall_fields import time_field
from booking.web.words import lazy as _l

CHOOSE = _l("Please choose a time.")


class WhichMailsForm(EditForm):
    """The mails that are a matter of choice."""

    aftercare = BooleanField(_l("Something to read, the day after a session"))
    aftercare_at = time_field(_l("It goes at"), CHOOSE)
    aftercare_days = whole_number(_l("Not again for the same service within so many days"), 0, 730)
    come_back = BooleanField(_l("Time to come back, when a client stays away longer than usual"))
    late_note = BooleanField(_l("A note about a late cancellation"))
    no_show_note = BooleanField(_l("A note when a client did not come"))
    sheet_at = time_field(_l("The morning’s sheet goes at"), CHOOSE)


class ServiceRemindersForm(EditForm):
    """When to remind of one service."""

    way = RadioField(_l("Remind clients"))
    leads = LeadsField(_l("So long before"))

    def own(self) -> list[int] | None:
        """Return the minutes before a session; None for the practice's way."""
        return self.leads.data if self.way.data == "own" else None


class NoticesForm(EditForm):
    """What a practitioner hears, and when."""

    has_sheet = BooleanField(_l("Send the day’s sheet each morning"))
    news = RadioField(_l("New, moved and cancelled bookings"))

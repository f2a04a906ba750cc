"""Refusals of hours, closed days and time off."""

from booking.domain.errors import Refusal, sentence


class SpellBackward(Refusal):
    """`number` is the place of the spell among those that were typed."""

    message = sentence("This ends before it begins.")


class HoursOverlap(Refusal):
    """`number` is the place of the spell among those that were typed."""

    message = sentence("This overlaps another time of the same day.")


class AlreadyClosed(Refusal):
    status = 409
    message = sentence("The studio is closed on this day already.")


class InTheWay(Refusal):
    """What stands there is listed by whoever asked; nothing was changed."""

    status = 409
    message = sentence("Something stands in this time. Please say what is to become of it.")


class AbsenceOver(Refusal):
    message = sentence("This time is over already. Please choose a later one.")


class AbsenceBackward(Refusal):
    message = sentence("This ends before it begins. Please look at the days and times again.")


class AbsenceTooLong(Refusal):
    message = sentence("Time off is a year long at the most. Please enter the rest of it later.")


class AbsenceGone(Refusal):
    status = 409
    message = sentence("This time off has been removed already.")

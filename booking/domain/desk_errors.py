"""Refusals when staff book for somebody else."""

from booking.domain.errors import Refusal, SlotTaken, sentence


class TimeOccupied(SlotTaken):
    """A time that staff have typed or pressed for somebody else."""

    message = sentence("%(name)s is not free then. Nothing was booked.")


class NoRoomFree(SlotTaken):
    message = sentence("%(name)s is free then, but no room is. Nothing was booked.")


class NotGivenBy(Refusal):
    message = sentence("%(name)s does not give this service.")


class SpokenAgainst(Refusal):
    """Staff may book it all the same, once they have seen what speaks against it."""

    message = sentence("A client would not be offered this time. Nothing was booked yet.")


class DatesTaken(Refusal):
    status = 409
    message = sentence(
        "Meanwhile it has become otherwise on %(dates)s. Nothing was booked: please look again."
    )


class NotLate(Refusal):
    message = sentence("Until %(deadline)s cancelling is free, so this is not late. Cancel it.")

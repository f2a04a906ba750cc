"""Refusals about money at the desk."""

from booking.domain.errors import Refusal, sentence


class NotPayable(Refusal):
    message = sentence("This session was called off, so there is nothing to pay.")


class PaidMeanwhile(Refusal):
    status = 409
    message = sentence(
        "Something has been written down for this session since you opened the page. "
        "Nothing was added: please look again."
    )


class MoreThanDue(Refusal):
    message = sentence("That is more than is still to be paid. Tips are not written down here.")


class PaidLater(Refusal):
    message = sentence("Please choose today or an earlier day.")


class TakenBack(Refusal):
    status = 409
    message = sentence("This has been taken back already.")

"""Refusals about the clients' records: what cannot be made one, or undone, or taken in."""

from booking.domain.errors import Refusal, sentence


class SamePerson(Refusal):
    message = sentence("This is one and the same entry.")


class NoLonger(Refusal):
    status = 409
    message = sentence("One of the two entries is no longer there.")


class BothHaveAccounts(Refusal):
    message = sentence(
        "Both belong to accounts of their own. Somebody’s account is theirs: ask them to close one."
    )


class AccountStays(Refusal):
    message = sentence("The entry that belongs to an account has to be the one that stays.")


class HolderGoes(Refusal):
    message = sentence("The holder of an account has to be the one that stays.")


class MinorStays(Refusal):
    message = sentence("The entry with a guardian has to be the one that stays.")


class GuardianIsOther(Refusal):
    message = sentence("One of the two is the guardian of the other.")


class BothThere(Refusal):
    status = 409
    message = sentence(
        "Both have a place, or wait, in the same class: these may be two people. If it is one, "
        "cancel one of the places first."
    )


class UndoTooOld(Refusal):
    status = 409
    message = sentence("This was undone already, or is more than 30 days ago.")


class NotAList(Refusal):
    message = sentence(
        "This is not a list we can read. Please save it as CSV, with a heading above each column."
    )


class ListTooLong(Refusal):
    message = sentence("The list has more than %(most)s lines. Please part it.")


class NoNames(Refusal):
    message = sentence("Please say which column holds the names.")


class ImportDone(Refusal):
    status = 409
    message = sentence("This list has been taken in already.")

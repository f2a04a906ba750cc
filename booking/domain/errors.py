"""Refusals: what a person asked for and cannot have, with the sentence that tells them.

`message` is the English sentence and, as with gettext, its own id; a view translates it and
fills in the values (instants are shown in the practice's time). `status` is the answer's.
"""

from typing import Any, ClassVar


def sentence(text: str) -> str:
    """Mark `text` for translation without translating it yet."""
    return text


class Refusal(Exception):
    """Base of all refusals; nothing was changed when one is raised."""

    status = 422
    message = sentence("This is not possible.")

    def __init__(self, **values: Any):
        super().__init__(self.message)
        self.values = values


class SlotTaken(Refusal):
    status = 409
    message = sentence("Someone was a moment faster: this time has just been taken.")


class NotOffered(Refusal):
    message = sentence("This time is not offered. Please choose one of the times shown.")


class NotForYou(Refusal):
    message = sentence(
        "This session is offered to clients whom we know. If you have been here before, please "
        "sign in; else call us, and we find what suits you."
    )


class NotAsked(Refusal):
    status = 409
    message = sentence("This request has already been answered.")


class HoldUnknown(Refusal):
    status = 409
    message = sentence("We no longer have a time set aside for you. Please choose one again.")


class AlreadyBegun(Refusal):
    message = sentence("This time has already begun. Please choose a later one.")


class Blocked(Refusal):
    """Somebody whom the studio has blocked: the reason is theirs and the studio's."""

    message = sentence("We cannot take this booking online. Please call us.")


class TooManyOpen(Refusal):
    message = sentence(
        "There are already %(count)s open bookings for this address. "
        "Please sign in to book more, or call us."
    )


class NotLive(Refusal):
    status = 409
    message = sentence("This booking has already been changed: it is no longer open.")


class CancelTooLate(Refusal):
    message = sentence(
        "This session has begun and can no longer be cancelled here. Please call us."
    )


class MoveTooLate(Refusal):
    message = sentence("Moving was possible until %(deadline)s. Please call us.")


class UndoTooLate(Refusal):
    status = 409
    message = sentence("The time for undoing has passed. You can still cancel or move the booking.")


class NotYet(Refusal):
    message = sentence("This can be marked once the session has begun.")


class LinkSpent(Refusal):
    message = sentence("This link has been used or is too old. Please ask for a new one.")


class SignInFailed(Refusal):
    message = sentence("Address and password do not match.")


class PasswordTooWeak(Refusal):
    message = sentence("A password needs at least %(least)s characters.")


class PasswordTooLong(Refusal):
    message = sentence("Please use at most %(most)s characters.")


class PasswordTells(Refusal):
    message = sentence("A password must not contain “%(word)s”: that is guessed first.")


class PasswordGuessable(Refusal):
    """zxcvbn found it in few guesses; `pattern` is its word for what made it easy."""

    HINTS: ClassVar[dict[str, str]] = {
        "repeat": sentence("Repeating letters or words is easy to guess. Add words that differ."),
        "sequence": sentence("Runs like abcd or 6543 are easy to guess. Use unrelated words."),
        "spatial": sentence("Neighbouring keys are easy to guess. Use unrelated words."),
        "date": sentence("Dates are easy to guess. Use unrelated words."),
    }
    message = sentence("This is easy to guess. Four words that have nothing in common are better.")

    def __init__(self, pattern: str):
        super().__init__()
        self.message = self.HINTS.get(pattern, self.message)


class PasswordWrong(Refusal):
    message = sentence("This is not your password.")


class CodeWrong(Refusal):
    message = sentence("This code is not right, or it has been used. Please take the next one.")


class FactorStays(Refusal):
    message = sentence("Staff need the second step, so it can be set up anew but not removed.")


class LastManager(Refusal):
    message = sentence("This is the last manager. Make somebody else a manager first.")


class StaffStay(Refusal):
    message = sentence("Staff accounts are ended by a manager on the team page.")


class AlreadyStaff(Refusal):
    message = sentence("There is a staff account with this address already.")


class HolderStays(Refusal):
    message = sentence("You cannot take yourself out of your own account. You can close it.")


class PersonExpected(Refusal):
    message = sentence("%(name)s has a session ahead. Cancel it first.")


class SessionUnderWay(Refusal):
    message = sentence("You have a session going on. You can close your account after it.")


class NameTaken(Refusal):
    status = 409
    message = sentence(
        "There is one called “%(name)s” already, perhaps among those that are archived."
    )


class KindInUse(Refusal):
    status = 409
    message = sentence(
        "%(names)s still belongs to this kind of work. Archive it or give it another kind first."
    )


class KindArchived(Refusal):
    status = 409
    message = sentence("Its kind of work, %(name)s, is archived. Bring that back first.")


class RoomInUse(Refusal):
    status = 409
    message = sentence(
        "%(names)s goes on in this room week after week. Give it another room or end it first."
    )


class TermsChanged(Refusal):
    status = 409
    message = sentence(
        "The studio has changed this session since you opened the page. What it is now stands "
        "here: please look at length and price, and press again if that suits you."
    )


class NoLongerOffered(Refusal):
    status = 409
    message = sentence("The studio no longer offers this session. Please choose another.")


class ClassFull(Refusal):
    status = 409
    message = sentence("There are not enough places left in this class.")


class ClassOff(Refusal):
    status = 409
    message = sentence("This class does not take place.")


class ClassBegun(Refusal):
    message = sentence("This class has begun. Please choose a later one.")


class HasPlace(Refusal):
    status = 409
    message = sentence("%(name)s already has a place in this class.")


class TrialUsed(Refusal):
    message = sentence(
        "A trial place is for somebody’s first class of its kind. %(name)s has been booked before."
    )


class NotSold(Refusal):
    message = sentence("This kind of place is not offered for this class.")


class TermFull(Refusal):
    status = 409
    message = sentence(
        "The term cannot be booked whole: there are not enough places on %(dates)s. "
        "Nothing was booked."
    )


class TermDone(Refusal):
    message = sentence("Nothing is left of this term that %(name)s is not booked in.")


class PlaceStays(Refusal):
    message = sentence("A place in a class cannot be moved. Cancel it and book another.")


class OfferOver(Refusal):
    status = 409
    message = sentence("This offer has ended and the place has been passed on.")


class StillFree(Refusal):
    status = 409
    message = sentence("There are places free in this class: you can book at once.")


class WaitsAlready(Refusal):
    status = 409
    message = sentence("%(name)s is on the waiting list already.")


class NotWaiting(Refusal):
    status = 409
    message = sentence("This place on the waiting list has ended already.")


class ClassClash(Refusal):
    status = 409
    message = sentence(
        "The teacher or the room is taken at that time on %(dates)s. Nothing was changed."
    )


class TooFewPlaces(Refusal):
    status = 409
    message = sentence(
        "%(taken)s places are taken. Cancel some first, or say that you want to overbook."
    )


class EmptySeries(Refusal):
    message = sentence("No class would take place between these dates.")


class TermNeedsEnd(Refusal):
    message = sentence(
        "A class with a price for the term needs a last date, within %(weeks)s weeks."
    )


class WithinWeek(Refusal):
    message = sentence("All that follow can be moved together only within their week.")

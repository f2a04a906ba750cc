"""Every kind of mail there is: what it is called, why one gets it, what the owner may name in it.

A new mail gets a line here. Its templates ``mail/<kind>.subject.txt``, ``.txt`` and ``.html`` keep
what the owner may say in another way in the blocks `heading` and `opening`; facts and links stand
in `content` and cannot be edited away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from booking.mail.own_texts import PARTS
from booking.web.words import lazy as _l


class Why(Enum):
    """Why somebody gets a mail, as its foot says; the order is that of the settings page."""

    BOOKING = "booking"
    WAITING = "waiting"
    CLASS = "class"
    ACCOUNT = "account"
    STAFF = "staff"

    @property
    def words(self) -> Any:
        return WHY[self]

    @property
    def title(self) -> Any:
        return TITLES[self]


WHY: dict[Why, Any] = {
    Why.BOOKING: _l("You get this mail because you have booked with us, or somebody has for you."),
    Why.WAITING: _l("You get this mail because you are on a waiting list with us."),
    Why.CLASS: _l("You get this mail because you come to this class, or wait for it."),
    Why.ACCOUNT: _l("You get this mail because your address was typed on our pages."),
    Why.STAFF: _l("You get this mail because you work with us, or were asked to."),
}
TITLES: dict[Why, Any] = {
    Why.BOOKING: _l("About a booking"),
    Why.WAITING: _l("About a place in line"),
    Why.CLASS: _l("About a class"),
    Why.ACCOUNT: _l("About an account"),
    Why.STAFF: _l("To those who work here"),
}

# What the names in braces stand for.
NAMES: dict[str, Any] = {
    "client": _l("the client’s name"),
    "service": _l("the service or class"),
    "day": _l("the day, in full"),
    "date": _l("the day, in short"),
    "time": _l("when it begins"),
    "practitioner": _l("who gives it"),
    "studio": _l("the name of the practice"),
    "phone": _l("your telephone number"),
}
HOUSE = ("studio", "phone")
SESSION = ("client", "service", "day", "date", "time", "practitioner", *HOUSE)
SEVERAL = ("client", "service", "practitioner", *HOUSE)
WISH = ("client", "service", *HOUSE)
CLASS = ("service", "day", "date", "time", "practitioner", *HOUSE)


class Until(Enum):
    """How long a mail is of use; what has not left by then does not go."""

    ALWAYS = "always"
    START = "until the session begins"
    END = "until the last session that it tells of is over"
    OWN = "until a moment that is its own: an offer's end, some days after a session"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of mail: its title, why one gets it, the names that have a value in it, its ways.

    What is `quiet` waits for the end of the quiet hours when it is late. What is told `once`, at
    its moment, is not sent again by hand. `may_stop` is what one can do without: it is about no
    booking. `afterwards` is what tells of a session that was, `is_off` that there will be none.
    What is `urgent` waits for an answer, so it never waits for a sheet.
    """

    title: Any
    why: Why
    names: tuple[str, ...]
    parts: tuple[str, ...] = PARTS
    until: Until = Until.ALWAYS
    quiet: bool = False
    once: bool = False
    may_stop: bool = False
    afterwards: bool = False
    is_off: bool = False
    urgent: bool = False


BOOKING, WAITING, ACCOUNT, STAFF = Why.BOOKING, Why.WAITING, Why.ACCOUNT, Why.STAFF
START, END, OWN = Until.START, Until.END, Until.OWN
AFTER: dict[str, Any] = {"until": OWN, "quiet": True, "once": True, "afterwards": True}
KINDS: dict[str, LetterKind] = {
    "confirmed": LetterKind(_l("Confirmation"), BOOKING, SESSION, until=END),
    "requested": LetterKind(_l("Request received"), BOOKING, SESSION, until=END),
    "declined": LetterKind(_l("Request declined"), BOOKING, SESSION, is_off=True),
    "dates": LetterKind(_l("Confirmation of several sessions"), BOOKING, SEVERAL, until=END),
    "places": LetterKind(_l("Confirmation of places"), BOOKING, SEVERAL, until=END),
    "changed": LetterKind(_l("New time"), BOOKING, SESSION, until=END),
    "reminder": LetterKind(_l("Reminder"), BOOKING, SESSION, until=START, quiet=True),
    "reminder_soon": LetterKind(_l("Short reminder"), BOOKING, SESSION, until=START, quiet=True),
    "cancelled": LetterKind(_l("Cancelled by the client"), BOOKING, SESSION, is_off=True),
    "cancelled_by_studio": LetterKind(_l("Cancelled by the studio"), BOOKING, SESSION, is_off=True),
    "late_cancelled": LetterKind(_l("Note on a late cancellation"), BOOKING, SESSION, is_off=True),
    "no_show": LetterKind(_l("Note on a missed session"), BOOKING, SESSION, **AFTER),
    "aftercare": LetterKind(_l("After the session"), BOOKING, SESSION, **AFTER, may_stop=True),
    "come_back": LetterKind(_l("Time to come back"), BOOKING, SESSION, **AFTER, may_stop=True),
    "waiting": LetterKind(_l("On the waiting list"), WAITING, WISH),
    "offer": LetterKind(_l("Offer to who waits"), WAITING, SESSION, until=OWN, quiet=True),
    "offer_ended": LetterKind(_l("Offer ended"), WAITING, SESSION, quiet=True, once=True),
    "place_given": LetterKind(
        _l("Place from the waiting list"), WAITING, SEVERAL, until=END, quiet=True
    ),
    "waiting_ended": LetterKind(_l("Waiting list ended"), WAITING, WISH, once=True),
    "class_message": LetterKind(
        _l("Message to a class"), Why.CLASS, ("client", *CLASS), ("opening", "closing"), until=END
    ),
    "sign_in": LetterKind(_l("Link to sign in"), ACCOUNT, HOUSE),
    "sign_in_staff": LetterKind(_l("How staff sign in"), ACCOUNT, HOUSE),
    "sign_up": LetterKind(_l("Link for a new account"), ACCOUNT, HOUSE),
    "password": LetterKind(_l("Link for a new password"), ACCOUNT, HOUSE),
    "password_unknown": LetterKind(_l("New password: no account"), ACCOUNT, HOUSE),
    "password_changed": LetterKind(_l("Password changed"), ACCOUNT, HOUSE),
    "new_address": LetterKind(_l("Link for a new address"), ACCOUNT, HOUSE),
    "new_address_taken": LetterKind(_l("New address: has an account"), ACCOUNT, HOUSE),
    "address_changing": LetterKind(_l("Another address asked for"), ACCOUNT, HOUSE),
    "address_changed": LetterKind(_l("Address changed"), ACCOUNT, HOUSE),
    "factor_changed": LetterKind(_l("Second step changed"), ACCOUNT, HOUSE),
    "account_closed": LetterKind(_l("Account closed"), ACCOUNT, HOUSE),
    "factor_reset": LetterKind(_l("Second step taken away"), STAFF, HOUSE),
    "invitation": LetterKind(_l("Invitation to the team"), STAFF, HOUSE),
    "studio_new": LetterKind(_l("To the practitioner: new booking"), STAFF, SESSION),
    "studio_request": LetterKind(_l("To the practitioner: request"), STAFF, SESSION, urgent=True),
    "studio_dates": LetterKind(_l("To the practitioner: several sessions"), STAFF, SEVERAL),
    "studio_places": LetterKind(_l("To the teacher: places booked"), STAFF, SEVERAL),
    "studio_moved": LetterKind(_l("To the practitioner: moved"), STAFF, SESSION),
    "studio_cancelled": LetterKind(
        _l("To the practitioner: cancelled"), STAFF, SESSION, is_off=True
    ),
    # What has become of the class stands in the heading and is no matter of words.
    "studio_class": LetterKind(
        _l("To the teacher: class changed"),
        STAFF,
        CLASS,
        ("subject", "opening", "closing"),
        once=True,
    ),
    # A day in figures and names: there are no words in it that could be others.
    "sheet": LetterKind(_l("The day’s sheet"), STAFF, HOUSE, ()),
    "test": LetterKind(_l("Test mail"), STAFF, HOUSE),
}
# Those in which the owner may say something in another way.
OWN_WORDS = {name: kind for name, kind in KINDS.items() if kind.parts}


# What is in the log under a name that is no longer known.
FORMER = LetterKind("", Why.ACCOUNT, ())


def kind_of(name: str) -> LetterKind:
    """Return a kind of mail; of one that is sent no more, a kind without any ways."""
    return KINDS.get(name, FORMER)


def those(has: Callable[[LetterKind], bool]) -> tuple[str, ...]:
    """Return the names of the kinds that have something in common."""
    return tuple(name for name, kind in KINDS.items() if has(kind))


# What may follow a session that was; and what somebody may do without.
AFTERWARDS = those(lambda kind: kind.afterwards)
STOPPABLE = those(lambda kind: kind.may_stop)
# What reminds of a session: of no use once it has begun.
REMINDERS = those(lambda kind: kind.until is Until.START)
# What nobody counts as told, so it need not leave once a worker has it in hand.
DROPPED_AT_LAST = (*REMINDERS, *STOPPABLE)
# What tells a client that there will be no session.
ENDINGS = those(lambda kind: kind.is_off and kind.why is BOOKING)

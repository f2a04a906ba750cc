"""Why a mail is not sent, as its row keeps it; what each means is said in `studio/mail_words`."""

from enum import StrEnum


class Reason(StrEnum):
    # What it told of came to a new state: the words of bookings, of who waits, and of offers.
    ARRIVED = "arrived"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late_cancelled"
    DECLINED = "declined"
    UNDONE = "undone"
    SERVED = "served"
    LEFT = "left"
    ENDED = "ended"
    EXPIRED = "expired"
    # What it told is not so any more, or another mail says it.
    MOVED = "moved"
    CHANGED = "changed"
    ACCEPTED = "accepted"
    MARKED_AGAIN = "marked again"
    TIME_OFF = "time off"
    WITHDRAWN = "withdrawn"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - a reason
    ADDRESS_CHANGED = "address changed"
    OVERTAKEN = "overtaken"
    OUTDATED = "outdated"
    SENT_AGAIN = "sent again"
    # It could not leave, or is not to.
    TOO_LATE = "too late"
    # Its person counts as told: they gave that address, and what they hear next follows from it.
    REFUSED = "the address was refused"
    ERASED = "erased"
    # For what follows a session: its person wants no such mail, left, or has booked since.
    UNWANTED = "unwanted"
    BOOKED_AGAIN = "booked again"
    RESTORED = "restored from a backup"
    DEMO = "demo"

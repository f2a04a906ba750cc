"""Who may come in: the rules that the table of access gives to routes."""

from dataclasses import dataclass
from enum import Enum


class Who(Enum):
    EVERYONE = "everyone"
    HALF_WAY = "signed in, the second factor still to be given"
    SIGNED_IN = "signed in"
    STAFF = "practitioners and managers"
    MANAGER = "managers"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route and, with `owner`, the look-up that must find it theirs.

    A fresh route asks for a new proof of who sits there when the last one is a while ago.
    """

    who: Who
    owner: str | None = None
    is_fresh: bool = False


EVERYONE = Rule(Who.EVERYONE)
OF_VISITOR = Rule(Who.EVERYONE, owner="hold")
BY_LINK = Rule(Who.EVERYONE, owner="link")
BY_PLACES = Rule(Who.EVERYONE, owner="places")
BY_STOP = Rule(Who.EVERYONE, owner="stop")
BY_LINE = Rule(Who.EVERYONE, owner="waiting")
HALF_WAY = Rule(Who.HALF_WAY)
SIGNED_IN = Rule(Who.SIGNED_IN)
FRESH = Rule(Who.SIGNED_IN, is_fresh=True)
OF_ACCOUNT = Rule(Who.SIGNED_IN, owner="person")
OF_DEVICE = Rule(Who.SIGNED_IN, owner="device")
STAFF = Rule(Who.STAFF)
OF_PRACTITIONER = Rule(Who.STAFF, owner="booking")
OF_TEACHER = Rule(Who.STAFF, owner="class_session")
OF_SERIES = Rule(Who.STAFF, owner="series")
OF_CLIENT = Rule(Who.STAFF, owner="client")
OF_HOURS = Rule(Who.STAFF, owner="hours")
OF_BREAK = Rule(Who.STAFF, owner="break")
OF_ABSENCE = Rule(Who.STAFF, owner="absence")
OF_RECEIPT = Rule(Who.STAFF, owner="receipt")
OWN_RECEIPT = Rule(Who.SIGNED_IN, owner="own_receipt")
OF_MAIL = Rule(Who.STAFF, owner="mail")
OF_ARTICLE = Rule(Who.STAFF, owner="article")
OF_TYPED = Rule(Who.STAFF, owner="typed")
BY_PREVIEW = Rule(Who.EVERYONE, owner="preview")
OF_PROFILE = Rule(Who.STAFF, owner="profile")
MANAGER = Rule(Who.MANAGER)
FRESH_MANAGER = Rule(Who.MANAGER, is_fresh=True)

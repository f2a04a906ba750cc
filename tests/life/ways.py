"""The ways in which the machines are led, by name."""

from tests.life.class_machine import ClassMachine
from tests.life.pressing import Pressing
from tests.life.session_leading import LedMachine


class Limited(LedMachine):
    """Lena gives one session a day."""

    most = 1


class Asked(LedMachine):
    """First-time clients ask before they book."""

    asks = True


class Offering(ClassMachine):
    """Who waits for a place is asked."""

    automatic = False


class Giving(ClassMachine):
    """Who waits for a place gets it."""

    automatic = True


WAYS: dict[str, type[Pressing]] = {
    "sessions": LedMachine,
    "limits": Limited,
    "asked": Asked,
    "offer": Offering,
    "automatic": Giving,
}

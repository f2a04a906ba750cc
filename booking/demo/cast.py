"""Who is in the demo practice. The same people play in the tests."""

from dataclasses import dataclass

from booking.accounts.operations import find_account

# Known to everybody who reads this file, so the demo is only ever filled into an empty database
# and its password signs in nowhere else.
PASSWORD = "quiet-river-morning-2026"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account."""

    name: str
    email: str


LENA = Member("Lena Hartmann", "lena@heronlane.example")
MARCO = Member("Marco Reyes", "marco@heronlane.example")
MEI = Member("Mei Tan", "mei@heronlane.example")
MARA = Member("Mara Lindqvist", "mara@heronlane.example")
ADA = Member("Ada Bishop", "ada@example.com")

GUESTS = (
    Member("Tom Wexler", "tom.wexler@example.com"),
    Member("Ines Rocha", "ines.rocha@example.com"),
    Member("Ruth Kaminski", "ruth.kaminski@example.com"),
    Member("Bob Tillman", "bob.tillman@example.com"),
    Member("Mia Larsen", "mia.larsen@example.com"),
    Member("Joan Abernathy", "joan.abernathy@example.com"),
    Member("Samuel Ortiz", "samuel.ortiz@example.com"),
)


def is_here() -> bool:
    """Tell whether this database is the demo."""
    account = find_account(MARA.email)
    return account is not None

"""What may become one, which of two records stays, and what it takes over from the other."""

from dataclasses import dataclass

from sqlalchemy import func, select

from booking.accounts.models import Person
from booking.bookings.models import Booking
from booking.database import db
from booking.domain.client_errors import (
    AccountStays,
    BothHaveAccounts,
    GuardianIsOther,
    HolderGoes,
    MinorStays,
    NoLonger,
    SamePerson,
)

# What is taken over from the other where the one that stays has nothing.
FILLED = ("email", "phone", "locale")


@dataclass(frozen=True, slots=True)
class Preview:
    """What becomes of two records: which stays, and what each field is afterwards."""

    kept: Person
    other: Person
    filled: dict[str, str]
    bookings: int
    # The account whose owner will then see the other's bookings as their own.
    shown_to: str | None
    may_swap: bool


def preview(kept: Person, other: Person) -> Preview:
    """Say what a merge would do. Raises the Refusal that it would raise."""
    refuse(kept, other)
    moved = select(func.count(Booking.id)).where(Booking.person_id == other.id)
    is_news = kept.account_id is not None and other.account_id != kept.account_id
    return Preview(
        kept=kept,
        other=other,
        filled=fillings(kept, other),
        bookings=db.session.scalar(moved) or 0,
        shown_to=kept.account.email if kept.account and is_news else None,
        may_swap=_refusal(other, kept) is None,
    )


def better_order(one: Person, other: Person) -> tuple[Person, Person]:
    """Return who stays and who goes: an account's holder, an account's, a minor, the older row."""
    ranked = sorted(
        (one, other),
        key=lambda each: (not each.is_holder, each.account_id is None, not each.is_minor, each.id),
    )
    return ranked[0], ranked[1]


def refuse(kept: Person, other: Person) -> None:
    """Raise the Refusal that says why these two cannot become one; else nothing."""
    if (refusal := _refusal(kept, other)) is not None:
        raise refusal


def _refusal(kept: Person, other: Person) -> Exception | None:
    """Return why not. Nobody's account loses anybody, and no child its guardian."""
    rules = (
        (kept.id == other.id, SamePerson),
        (kept.erased_at is not None or other.erased_at is not None, NoLonger),
        (kept.guardian_id == other.id or other.guardian_id == kept.id, GuardianIsOther),
        (
            kept.account_id is not None
            and other.account_id is not None
            and kept.account_id != other.account_id,
            BothHaveAccounts,
        ),
        (other.is_holder, HolderGoes),
        (other.account_id is not None and kept.account_id is None, AccountStays),
        (other.is_minor and not kept.is_minor, MinorStays),
    )
    return next((refusal() for is_so, refusal in rules if is_so), None)


def fillings(kept: Person, other: Person) -> dict[str, str]:
    """Return what the one that stays gets of the other: only where it has nothing.

    An account's people are written to at the address it has proved.
    """
    names = [name for name in FILLED if kept.account_id is None or name == "phone"]
    return {
        name: getattr(other, name)
        for name in names
        if getattr(other, name) and not getattr(kept, name)
    }

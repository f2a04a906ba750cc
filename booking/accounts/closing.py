"""Leaving: an account is closed, or somebody is taken out of one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from booking.accounts import factor, messages, people, records, tokens
from booking.accounts.audit import Actor, actor_of, record
from booking.accounts.models import Account, AccountSession, Invitation, Person
from booking.accounts.records import Part
from booking.database import db
from booking.domain.errors import HolderStays, PersonExpected, StaffStay


def close(account_id: int, former: str, parts: Sequence[Part], now: datetime) -> None:
    """Close a client's account: what is ahead is cancelled by the rules, the people are erased.

    `former` is the word that stands where a name stood. Raises StaffStay, and whatever a room
    refuses with when something of theirs cannot be ended.
    """
    account = db.session.get_one(Account, account_id, with_for_update=True)
    if account.role.is_staff:
        raise StaffStay
    actor, email = actor_of(account), account.email
    meant = records.whose(account)
    for part in parts:
        part.settle(meant, actor, now)
    messages.account_closed(account, now)
    account.closed_at = now
    db.session.flush()
    records.forget(account, former, parts, now)
    _empty(account, now)
    for address in meant.addresses:
        tokens.forget(address)
    db.session.execute(delete(Invitation).where(Invitation.email == email))
    record(actor, account.about, "closed", now)


def _empty(account: Account, now: datetime) -> None:
    """Leave of the account its number alone, to which the trail points."""
    factor.reset(account, actor_of(account), now)
    db.session.execute(delete(AccountSession).where(AccountSession.account_id == account.id))
    account.email = f"closed-{account.id}@account.invalid"  # RFC 2606: nobody's, for ever.
    account.password_hash = account.locale = account.reminder_leads = None
    db.session.flush()


def take_out(
    account: Account, person: Person, former: str, parts: Sequence[Part], now: datetime
) -> None:
    """Take somebody out of an account and erase them. Raises HolderStays, PersonExpected."""
    if person.is_holder:
        raise HolderStays
    meant = records.of_persons(account, [person])
    if records.ahead(parts, meant, now):
        raise PersonExpected(name=person.name)
    for part in parts:
        part.erase(meant, now)
    people.hand_over_wards(person, account)
    people.erase(person, former, Actor("client", account.id), now)

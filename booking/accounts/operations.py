"""Signing in, and how a person comes under an account."""

from datetime import datetime

from sqlalchemy import select, update

from booking.accounts import audit, passwords, sessions, tokens
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person, Role
from booking.database import db
from booking.domain.errors import SignInFailed


def fold_address(email: str) -> str:
    """Write an address the way accounts keep it: people do not mean the case of its letters."""
    return email.strip().lower()


def find_account(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == fold_address(email)))


def check_password(email: str, password: str) -> int:
    """Return the id of the account these belong to. Raises SignInFailed, after equal work.

    Reads only: call it before the transaction that begins the session.
    """
    account = find_account(email)
    is_right = passwords.is_match(account.password_hash if account else None, password)
    if account is None or not is_right or account.is_closed:
        raise SignInFailed
    return account.id


def sign_in(
    account_id: int, device: str, old_key: str | None, now: datetime
) -> tuple[Account, str]:
    """Begin a new session, ending the one this browser had; returns the account and the key."""
    account = db.session.get_one(Account, account_id)
    if old_key:
        sessions.end(old_key, now)
    key = sessions.begin(account, device, now)
    audit.record(Actor(_kind(account), account.id), f"account:{account.id}", "signed_in", now)
    return account, key


def sign_in_by_link(
    secret: str, device: str, old_key: str | None, now: datetime
) -> tuple[Account, str]:
    """Use a sign-in link up. The address is proved by it, so guests of that address come home.

    A first link makes the account. Raises LinkSpent.
    """
    email = tokens.consume(tokens.SIGN_IN, secret, now)
    account = find_account(email)
    if account is None:
        account = Account(email=email, role=Role.CLIENT, created_at=now)
        db.session.add(account)
        db.session.flush()
        audit.record(Actor("client", account.id), f"account:{account.id}", "created", now)
    adopt_guests(account)
    return sign_in(account.id, device, old_key, now)


def adopt_guests(account: Account) -> None:
    """Bring guests with the account's proved address under it; each stays a person of their own."""
    db.session.execute(
        update(Person)
        .where(Person.account_id.is_(None), Person.email == account.email)
        .values(account_id=account.id)
    )


def own_person(account: Account) -> Person | None:
    """Return the account holder as a person; None until they have booked signed in.

    A guest who was brought under the account is never taken for them: anybody can type an
    address.
    """
    return db.session.scalar(
        select(Person).where(Person.account_id == account.id, Person.is_holder.is_(True)).limit(1)
    )


def sign_out(account_id: int, key: str, now: datetime) -> None:
    sessions.end(key, now)
    audit.record(Actor("account", account_id), f"account:{account_id}", "signed_out", now)


def make_staff(email: str, password_hash: str, role: Role, now: datetime) -> Account:
    """Make an account for a member of staff, or give an existing one this role and password."""
    account = find_account(email)
    if account is None:
        account = Account(email=fold_address(email), created_at=now)
        db.session.add(account)
    account.role = role
    account.password_hash = password_hash
    db.session.flush()
    sessions.end_all(account.id, now)
    audit.record(audit.SYSTEM, f"account:{account.id}", "role", now, to=role.value)
    return account


def _kind(account: Account) -> str:
    return "staff" if account.role.is_staff else "client"


def actor_of(account: Account | None) -> Actor:
    """Return who acts when `account` is signed in, a guest when nobody is."""
    return Actor(_kind(account), account.id) if account else audit.GUEST

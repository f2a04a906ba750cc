"""Signing in and out, and what an account's owner changes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from booking.accounts import audit, messages, passwords, people, records, sessions, tokens
from booking.accounts.audit import actor_of
from booking.accounts.models import Account, Person, Role
from booking.accounts.records import Part
from booking.database import db
from booking.domain.errors import LinkSpent, PasswordWrong, SignInFailed
from booking.mail import outbox, unsubscribing, whose
from booking.mail.reasons import Reason


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser somebody signs in with: what it calls itself, and the session it had."""

    device: str
    old_key: str | None = None
    is_remembered: bool = True


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves when their address is proved for the first time."""

    name: str
    password_hash: str | None = None
    locale: str | None = None


def fold_address(email: str) -> str:
    """Write an address the way accounts keep it: people do not mean the case of its letters."""
    return email.strip().lower()


def find_account(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == fold_address(email)))


class Match(NamedTuple):
    """Whose password it is, the hash it matched, and a stronger one when that is old."""

    account_id: int
    seen_hash: str
    new_hash: str | None


def check_password(email: str, password: str) -> Match:
    """Return the account these belong to. Raises SignInFailed, after equal work.

    Reads only: call it before the transaction that begins the session.
    """
    account = find_account(email)
    is_right = passwords.is_match(account.password_hash if account else None, password)
    if account is None or not is_right or account.is_closed:
        raise SignInFailed
    seen = account.password_hash or ""
    return Match(account.id, seen, passwords.renewed(seen, password))


def sign_in_by_password(match: Match, browser: Browser, now: datetime) -> tuple[Account, str]:
    """Sign in who has typed the right password.

    Raises SignInFailed when it was changed, or the account ended, since it was looked at.
    """
    account = db.session.get_one(
        Account, match.account_id, with_for_update=True, populate_existing=True
    )
    if account.password_hash != match.seen_hash or account.is_closed:
        raise SignInFailed
    account.password_hash = match.new_hash or match.seen_hash
    return sign_in(match.account_id, browser, now)


def sign_in(account_id: int, browser: Browser, now: datetime) -> tuple[Account, str]:
    """Begin a new session, ending the one this browser had; returns the account and the key."""
    account = db.session.get_one(Account, account_id)
    if browser.old_key:
        sessions.end(browser.old_key, now)
    key = sessions.begin(account, browser.device, now, is_remembered=browser.is_remembered)
    account.first_signed_in_at = account.first_signed_in_at or now
    audit.record(actor_of(account), account.about, "signed_in", now)
    return account, key


def sign_in_by_link(
    secret: str,
    newcomer: Newcomer | None,
    browser: Browser,
    parts: Sequence[Part],
    now: datetime,
) -> tuple[Account, str]:
    """Use a sign-in link up; a first one makes the account, for which `newcomer` is needed.

    The address is proved by it, so guests of that address come home. Raises LinkSpent.
    """
    email = tokens.consume(tokens.SIGN_IN, secret, now).email
    account = find_account(email) or _welcome(email, newcomer, now)
    if account.is_closed or account.role.is_staff:
        raise LinkSpent
    people.adopt_guests(account, now)
    records.arrive(parts, account, now)
    tokens.revoke(email, now, tokens.SIGN_IN)
    return sign_in(account.id, browser, now)


def _welcome(email: str, newcomer: Newcomer | None, now: datetime) -> Account:
    if newcomer is None:
        raise LinkSpent
    account = people.open_account(email, newcomer.name, newcomer.locale, now)
    account.password_hash = newcomer.password_hash
    return account


def prove_guest(
    secret: str,
    newcomer: Newcomer | None,
    browser: Browser,
    parts: Sequence[Part],
    now: datetime,
) -> tuple[Account, str | None]:
    """Use up *This is my address*: the bookings made with it come together in its account.

    Only who had no account before is signed in by it, since the link lives for days: the key is
    None for others. Raises LinkSpent.
    """
    email = tokens.consume(tokens.GUEST, secret, now).email
    existing = find_account(email)
    account = existing or _welcome(email, newcomer, now)
    if account.is_closed:
        raise LinkSpent
    people.adopt_guests(account, now)
    records.arrive(parts, account, now)
    return sign_in(account.id, browser, now) if existing is None else (account, None)


def sign_out(account: Account, key: str, now: datetime) -> None:
    sessions.end(key, now)
    audit.record(actor_of(account), account.about, "signed_out", now)


def prove(account: Account, password: str) -> None:
    """Hold a password to be the account's, as a fresh proof of who sits there.

    Only reads, and slowly: call it before the transaction that notes it. Raises PasswordWrong.
    """
    if not passwords.is_match(account.password_hash, password):
        raise PasswordWrong


def set_password(account_id: int, password_hash: str, key: str | None, now: datetime) -> None:
    """Give the account a new password: every other device is signed out, old links are dead."""
    account = db.session.get_one(Account, account_id, with_for_update=True)
    account.password_hash = password_hash
    sessions.end_all(account_id, now, but=key)
    # Also what somebody else may have asked for before: a move to their own address.
    outbox.void(account.about, Reason.PASSWORD_CHANGED, now, with_link=True)
    tokens.revoke(account.email, now, tokens.PASSWORD, tokens.SIGN_IN)
    tokens.revoke_about(account.about, now)
    messages.password_changed(account, now)
    audit.record(actor_of(account), account.about, "password_changed", now)


def change_password(account_id: int, password_hash: str, key: str, now: datetime) -> str:
    """Give the account a new password from one of its devices; return that session's new key."""
    set_password(account_id, password_hash, key, now)
    return sessions.renew(key, now)


def renew_password(
    secret: str, password_hash: str, browser: Browser, now: datetime
) -> tuple[Account, str]:
    """Use up a link for a forgotten password and sign in with the new one. Raises LinkSpent."""
    account = find_account(tokens.consume(tokens.PASSWORD, secret, now).email)
    if account is None or account.is_closed:
        raise LinkSpent
    set_password(account.id, password_hash, None, now)
    return sign_in(account.id, browser, now)


def ask_new_address(account: Account, email: str, now: datetime) -> None:
    """Send a link to the new address and word to the old one; nothing changes before it is used.

    An address that has an account gets a mail that says so: the page answers the same.
    """
    taken = find_account(email)
    messages.new_address(account, fold_address(email), now, is_taken=taken is not None)
    messages.address_changing(account, now)
    audit.record(actor_of(account), account.about, "address_asked", now)


def change_address(secret: str, key: str | None, parts: Sequence[Part], now: datetime) -> Account:
    """Use up the link sent to a new address: the account moves there, other devices sign in anew.

    Raises LinkSpent, also when the address has got an account of its own meanwhile.
    """
    token = tokens.consume(tokens.ADDRESS, secret, now)
    number = int(token.about.partition(":")[2] or 0)
    account = db.session.get(Account, number, with_for_update=True)
    if account is None or account.is_closed or find_account(token.email) is not None:
        raise LinkSpent
    before = account.email
    with people.unless_taken():
        account.email = token.email
    db.session.execute(
        update(Person)
        .where(Person.account_id == account.id, Person.email == before)
        .values(email=account.email)
    )
    tokens.forget(before)
    # Another address that was asked for meanwhile no longer counts.
    outbox.void(account.about, Reason.ADDRESS_CHANGED, now, with_link=True)
    tokens.revoke_about(account.about, now)
    whose.bring_under(account.about, before)
    unsubscribing.follow(before, account.email)
    sessions.end_all(account.id, now, but=key)
    messages.address_changed(account, before, now)
    audit.record(actor_of(account), account.about, "address_changed", now)
    people.adopt_guests(account, now)
    records.arrive(parts, account, now)
    return account


def choose_language(account: Account, locale: str | None, now: datetime) -> None:
    """Write mails and pages in this locale from now on; None is the practice's own."""
    if account.locale != locale:
        account.locale = locale
        audit.record(actor_of(account), account.about, "language_changed", now)


def make_staff(email: str, password_hash: str, role: Role, now: datetime) -> Account:
    """Make an account for a member of staff, or give an existing one this role and password."""
    account = find_account(email)
    if account is None:
        account = Account(email=fold_address(email), created_at=now)
        db.session.add(account)
    account.role = role
    account.password_hash = password_hash
    account.closed_at = None
    db.session.flush()
    sessions.end_all(account.id, now)
    audit.record(audit.SYSTEM, account.about, "role", now, to=role.value)
    return account

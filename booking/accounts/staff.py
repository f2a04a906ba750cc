"""Who works in the studio: invitations, roles, leaving. There is always a manager."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from booking.accounts import audit, factor, messages, people, sessions, tokens
from booking.accounts.audit import Actor, actor_of
from booking.accounts.models import Account, Invitation, Person, Role
from booking.accounts.operations import Browser, Newcomer, find_account, fold_address, sign_in
from booking.database import db
from booking.domain.errors import AlreadyStaff, LastManager, LinkSpent
from booking.mail import outbox
from booking.mail.reasons import Reason


def team() -> Sequence[Account]:
    """Return all staff accounts, those that have ended last."""
    found = db.session.scalars(
        select(Account).where(Account.role != Role.CLIENT).order_by(Account.email)
    ).all()
    return sorted(found, key=lambda account: account.is_closed)


def find(account_id: int) -> Account | None:
    """Return a member of staff, whether they still work here or not."""
    account = db.session.get(Account, account_id)
    return account if account is not None and account.role.is_staff else None


def names() -> dict[int, str]:
    """Return how members of staff call themselves, by account."""
    rows = db.session.execute(
        select(Person.account_id, Person.name)
        .join(Person.account)
        .where(Person.is_holder.is_(True), Account.role != Role.CLIENT)
    )
    return {number: name for number, name in rows if number is not None}


def addresses(numbers: Iterable[str]) -> dict[str, str]:
    """Return accounts' addresses by their numbers, as the trail writes these."""
    wanted = [int(number) for number in numbers if number.isdigit()]
    found = db.session.execute(select(Account.id, Account.email).where(Account.id.in_(wanted)))
    return {str(number): email for number, email in found}


def open_invitations(now: datetime) -> Sequence[Invitation]:
    """Return the invitations whose links still work, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.ended_at.is_(None),
            Invitation.created_at > now - tokens.LIFETIME[tokens.INVITATION],
        )
        .order_by(Invitation.id.desc())
    ).all()


def invite(
    manager: Account, email: str, role: Role, practitioner_id: int | None, now: datetime
) -> Invitation:
    """Send a link with which somebody joins the staff. Raises AlreadyStaff."""
    email = fold_address(email)
    existing = find_account(email)
    if existing is not None and existing.role.is_staff and not existing.is_closed:
        raise AlreadyStaff
    invitation = Invitation(
        email=email,
        role=role,
        practitioner_id=practitioner_id,
        invited_by_id=manager.id,
        created_at=now,
    )
    db.session.add(invitation)
    db.session.flush()
    messages.invitation(invitation, now)
    audit.record(actor_of(manager), invitation.about, "invited", now, role=role.value)
    return invitation


def withdraw(invitation_id: int, actor: Actor, now: datetime) -> None:
    """Make an invitation useless. One that has been used or withdrawn stays as it is."""
    invitation = db.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is not None and invitation.ended_at is None:
        _end(invitation, now)
        audit.record(actor, invitation.about, "withdrawn", now)


def _end(invitation: Invitation, now: datetime) -> None:
    """Close an invitation, with its link and a mail that has not left."""
    invitation.ended_at = now
    outbox.void(invitation.about, Reason.WITHDRAWN, now)
    tokens.revoke_about(invitation.about, now)


def invited(about: str) -> Invitation | None:
    """Return the open invitation that a token is about."""
    number = about.partition(":")[2]
    found = db.session.get(Invitation, int(number)) if number.isdigit() else None
    return found if found is not None and found.ended_at is None else None


def accept(
    secret: str, newcomer: Newcomer, browser: Browser, now: datetime
) -> tuple[Account, str, Invitation]:
    """Use an invitation up: the account is made or raised, and signed in.

    It ends all others of the address, so that an older one takes nothing back. Raises LinkSpent,
    also for somebody who is on the team already.
    """
    token = tokens.consume(tokens.INVITATION, secret, now)
    invitation = invited(token.about)
    if invitation is None:
        raise LinkSpent
    db.session.refresh(invitation, with_for_update=True)
    if invitation.ended_at is not None:
        raise LinkSpent
    for other in db.session.scalars(
        select(Invitation).where(Invitation.email == token.email, Invitation.ended_at.is_(None))
    ).all():
        _end(other, now)
    account = find_account(token.email)
    if account is not None and account.role.is_staff and not account.is_closed:
        raise LinkSpent
    if account is None:
        account = people.open_account(token.email, newcomer.name, newcomer.locale, now)
    sessions.end_all(account.id, now)
    account.role, account.closed_at = invitation.role, None
    account.password_hash = newcomer.password_hash
    account.first_signed_in_at = None  # Their days without a second factor begin today.
    db.session.flush()
    by = Actor("staff", invitation.invited_by_id)
    audit.record(by, account.about, "role", now, to=invitation.role.value)
    _account, key = sign_in(account.id, browser, now)
    return account, key, invitation


def _locked(account_id: int) -> tuple[Account, int]:
    """Return the account and how many managers there are beside it, the managers' rows locked.

    All of them, in one order, so that of two managers who end each other one comes second.
    """
    managers = db.session.scalars(
        select(Account)
        .where(Account.role == Role.MANAGER, Account.closed_at.is_(None))
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    account = db.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    return account, sum(manager.id != account_id for manager in managers)


def change_role(account_id: int, role: Role, actor: Actor, now: datetime) -> Account:
    """Give somebody another role; they sign in again. Raises LastManager."""
    account, others = _locked(account_id)
    if account.role is Role.MANAGER and role is not Role.MANAGER and not others:
        raise LastManager
    if account.role is not role:
        audit.record(actor, account.about, "role", now, was=account.role.value, to=role.value)
        account.role = role
        sessions.end_all(account_id, now)
    return account


def end(account_id: int, actor: Actor, now: datetime) -> Account:
    """Let somebody leave: they can no longer sign in. Raises LastManager."""
    account, others = _locked(account_id)
    if account.role is Role.MANAGER and not others:
        raise LastManager
    if not account.is_closed:
        account.closed_at = now
        sessions.end_all(account_id, now)
        tokens.revoke(account.email, now)
        audit.record(actor, account.about, "ended", now)
    return account


def resume(account_id: int, actor: Actor, now: datetime) -> Account:
    """Let somebody who had left come back."""
    account, _others = _locked(account_id)
    if account.is_closed:
        account.closed_at = None
        audit.record(actor, account.about, "resumed", now)
    return account


def reset_factor(account_id: int, actor: Actor, now: datetime) -> Account:
    """Help somebody whose telephone is lost; they sign in again and set the step up anew."""
    account, _others = _locked(account_id)
    factor.reset(account, actor, now)
    sessions.end_all(account_id, now)
    messages.factor_reset(account, now)
    return account

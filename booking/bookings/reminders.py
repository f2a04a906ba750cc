"""Reminders: planned as moments to look, and decided on what is found when the moment comes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, delete, select, text, update

from booking import setbacks
from booking.accounts import audit
from booking.accounts.audit import Actor
from booking.accounts.models import Account, Person
from booking.bookings import follow_ups, messages
from booking.bookings.follow_models import Replan
from booking.bookings.models import Booking, Reminder, ReminderOutcome, Status
from booking.bookings.queries import upcoming_of
from booking.columns import UTCDateTime
from booking.database import db, write_rows
from booking.domain.policies import after_quiet, is_quiet, plan_reminders
from booking.mail import unsubscribing
from booking.practice.models import Practice

REMIND, REPLAN = "remind", "replan"
# A reminder whose booking waits to be planned anew is looked at again after that.
A_MOMENT = timedelta(minutes=1)

_ASK = text("""
    INSERT INTO replan (booking_id, asked_at)
    SELECT id, :now FROM booking WHERE status = 'booked' AND starts_at > :now
    AND (CAST(:service_id AS INTEGER) IS NULL OR service_id = CAST(:service_id AS INTEGER))
    AND (CAST(:person_id AS INTEGER) IS NULL OR person_id = CAST(:person_id AS INTEGER))
    ON CONFLICT (booking_id) DO NOTHING
""").bindparams(bindparam("now", type_=UTCDateTime()))


def plan(booking: Booking, practice: Practice, now: datetime) -> None:
    """Write when to look at this booking again, of whose revision nothing is planned yet.

    Never at one whose client wants no mail.
    """
    _plan(booking, practice, now, without=frozenset())


def _plan(booking: Booking, practice: Practice, now: datetime, without: Collection[int]) -> None:
    if booking.is_silent:
        return
    follow_ups.plan(booking, practice)
    leads = set(leads_of(booking, practice)).difference(without)
    about = {"booking_id": booking.id, "revision": booking.revision}
    planned = plan_reminders(booking.starts_at, now, leads, practice.policy, practice.zone)
    write_rows(
        Reminder, *({**about, "lead_minutes": due.lead, "due_at": due.at} for due in planned)
    )


def leads_of(booking: Booking, practice: Practice) -> Sequence[int]:
    """Return how many minutes before to remind of this booking.

    What was said last of this client counts; else the account's way, the service's, the practice's.
    """
    own = booking.person.reminder_leads
    return usual_leads(booking, practice) if own is None else own


def usual_leads(booking: Booking, practice: Practice) -> Sequence[int]:
    """Return how many minutes before to remind, did nobody say anything of this very client."""
    account, policy = booking.person.account, practice.policy
    if account is not None and account.reminder_leads is not None:
        return account.reminder_leads
    if booking.service.reminder_leads is not None:
        return booking.service.reminder_leads
    return policy.class_reminder_leads if booking.is_class else policy.reminder_leads


def choose(account: Account, leads: list[int] | None, practice: Practice, now: datetime) -> None:
    """Remind an account's people `leads` minutes ahead from now on; None is the practice's way.

    What is planned for sessions ahead is planned anew. What the studio has set for one of them
    gives way: the client has spoken last.
    """
    if account.reminder_leads == leads:
        return
    account.reminder_leads = leads
    for person in account.persons:
        person.reminder_leads = None
    audit.record(audit.actor_of(account), account.about, "reminders_changed", now)
    db.session.flush()
    plan_anew(account, practice, now)


def choose_for(person: Person, leads: list[int] | None, actor: Actor, now: datetime) -> None:
    """Remind one client `leads` minutes ahead from now on; None is as their account or all are.

    What is planned for their sessions ahead is planned anew, by the worker.
    """
    if person.reminder_leads == leads:
        return
    person.reminder_leads = leads
    audit.record(actor, person.about, "reminders_changed", now)
    db.session.flush()
    ask_anew(now, person_id=person.id)


def choose_lists(account: Account, wanted: Collection[str], now: datetime) -> None:
    """Let an account's address get these of the mails that are about no booking."""
    if unsubscribing.choose(account.email, wanted, now):
        audit.record(audit.actor_of(account), account.about, "mails_chosen", now)


def plan_anew(account: Account, practice: Practice, now: datetime) -> None:
    """Plan the reminders of what is ahead by the account's way; what was sent stays sent."""
    for booking in upcoming_of(account.id, now):
        plan_again(booking, practice, now)


def plan_again(booking: Booking, practice: Practice, now: datetime) -> None:
    """Plan the reminders of one booking anew, at the revision it has."""
    setbacks.forget(REMIND, _open(booking))
    db.session.execute(
        delete(Reminder)
        .where(Reminder.booking_id == booking.id, Reminder.done_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    _plan(booking, practice, now, without=_done_leads(booking))


def ask_anew(now: datetime, service_id: int | None = None, person_id: int | None = None) -> None:
    """Have the reminders of all that is ahead planned anew, or of one service or client.

    The worker does it; until it has, none of the old ones goes.
    """
    values = {"now": now, "service_id": service_id, "person_id": person_id}
    db.session.execute(_ASK, values)


def replan_next(practice: Practice, now: datetime) -> bool:
    """Plan the reminders of one booking anew whose turn it is; tell whether there was one."""
    found = db.session.scalar(
        select(Replan)
        .where(setbacks.is_free(REPLAN, Replan.booking_id, now))
        .order_by(Replan.booking_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    setbacks.take(REPLAN, found.booking_id)
    booking = db.session.get_one(Booking, found.booking_id, with_for_update={"of": Booking})
    db.session.delete(found)
    if booking.status is Status.BOOKED and booking.starts_at > now:
        plan_again(booking, practice, now)
    return True


def _open(booking: Booking) -> Select[int]:
    return select(Reminder.id).where(Reminder.booking_id == booking.id, Reminder.done_at.is_(None))


def _done_leads(booking: Booking) -> set[int]:
    return set(
        db.session.scalars(
            select(Reminder.lead_minutes).where(
                Reminder.booking_id == booking.id, Reminder.revision == booking.revision
            )
        )
    )


def drop(booking: Booking, outcome: ReminderOutcome, now: datetime) -> None:
    """Close what was still planned for this booking."""
    setbacks.forget(REMIND, _open(booking))
    db.session.execute(
        update(Reminder)
        .where(Reminder.booking_id == booking.id, Reminder.done_at.is_(None))
        .values(done_at=now, outcome=outcome)
        .execution_options(synchronize_session=False)
    )


def handle_next(practice: Practice, now: datetime) -> bool:
    """Look at the oldest due reminder: write its mail or drop it, with the reason.

    Returns whether there was one. Mail and "done" belong to one commit of the caller, so neither
    can be without the other.
    """
    found = _next_due(now)
    if found is None:
        return False
    setbacks.take(REMIND, found.id)
    booking = db.session.get_one(Booking, found.booking_id, with_for_update=True)
    outcome = _no_longer(found, booking, now)
    if outcome is None and _waits_for_plan(booking, now):
        found.due_at = now + A_MOMENT
        return True
    outcome = outcome or _judge(found, booking, now)
    if outcome is ReminderOutcome.SENT and is_quiet(now, practice.policy, practice.zone):
        # The worker slept: nobody is woken for it, and in the morning it is judged again.
        found.due_at = after_quiet(now, practice.policy, practice.zone)
        return True
    if outcome is ReminderOutcome.SENT:
        messages.reminder(booking, found.lead_minutes, now)
    if outcome is ReminderOutcome.TOO_LATE:
        setbacks.give_up(now)
    found.done_at, found.outcome = now, outcome
    return True


def _next_due(now: datetime) -> Reminder | None:
    # Both rows or neither: who cancels or moves has the booking and then wants its reminders.
    return db.session.scalar(
        select(Reminder)
        .join(Reminder.booking)
        .where(
            Reminder.done_at.is_(None),
            Reminder.due_at <= now,
            setbacks.is_free(REMIND, Reminder.id, now),
        )
        .order_by(Reminder.due_at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=(Reminder, Booking))
    )


def _no_longer(reminder: Reminder, booking: Booking, now: datetime) -> ReminderOutcome | None:
    """Say why there is nothing to remind of, however it is planned; None when there is."""
    if booking.status is not Status.BOOKED:
        return ReminderOutcome.CALLED_OFF
    if reminder.revision != booking.revision:
        return ReminderOutcome.MOVED
    return ReminderOutcome.TOO_LATE if booking.starts_at <= now else None


def _waits_for_plan(booking: Booking, now: datetime) -> bool:
    """Tell whether it is to be planned anew first. Where that fails, what is planned holds."""
    is_asked = db.session.get(Replan, booking.id) is not None
    return is_asked and not setbacks.waits(REPLAN, booking.id, now)


def _judge(reminder: Reminder, booking: Booking, now: datetime) -> ReminderOutcome:
    if _is_overtaken(reminder, now):
        return ReminderOutcome.TOO_LATE
    if booking.is_silent or not booking.person.address:
        return ReminderOutcome.NO_ADDRESS
    return ReminderOutcome.SENT


def _is_overtaken(reminder: Reminder, now: datetime) -> bool:
    """After a long sleep several are due at once: only the last of them is still useful."""
    return bool(
        db.session.scalar(
            select(
                select(Reminder.id)
                .where(
                    Reminder.booking_id == reminder.booking_id,
                    Reminder.revision == reminder.revision,
                    Reminder.done_at.is_(None),
                    Reminder.due_at <= now,
                    Reminder.lead_minutes < reminder.lead_minutes,
                )
                .exists()
            )
        )
    )

"""What follows a session: aftercare the next day, a word to who stays away, a missed session.

Like reminders these are planned as moments to look, and decided on what is found then.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, bindparam, select, text

from booking import setbacks
from booking.accounts.models import Person
from booking.bookings import follow_messages
from booking.bookings.follow_models import FollowUp, FollowUpKind, FollowUpOutcome
from booking.bookings.models import Booking, Status
from booking.bookings.newcomers import TOOK_PLACE
from booking.columns import UTCDateTime
from booking.database import db
from booking.domain.availability import local_date
from booking.domain.mail_times import day_after, next_visit
from booking.domain.policies import after_quiet, is_quiet, undo_until
from booking.mail import outbox, unsubscribing
from booking.mail.models import OutgoingMail
from booking.mail.reasons import Reason
from booking.practice.models import Practice

FOLLOW = "follow"
A_MOMENT = timedelta(minutes=15)
# So late it is still of use; a missed session that is marked later is only the books' business.
USEFUL = {FollowUpKind.AFTERCARE: timedelta(days=2), FollowUpKind.COME_BACK: timedelta(days=7)}
NOTED_WITHIN = timedelta(days=3)
COMING = (Status.REQUESTED, *TOOK_PLACE)

_PLAN = text("""
    INSERT INTO follow_up (booking_id, kind, due_at) VALUES (:booking_id, 'aftercare', :due_at)
    ON CONFLICT (booking_id, kind) DO UPDATE SET due_at = excluded.due_at
    WHERE follow_up.done_at IS NULL
""").bindparams(bindparam("due_at", type_=UTCDateTime()))


def plan(booking: Booking, practice: Practice) -> None:
    """Write when to look back at this booking, or change it; what has been sent stays so."""
    db.session.execute(_PLAN, {"booking_id": booking.id, "due_at": _day_after(booking, practice)})


def _of(booking: Booking, kind: FollowUpKind) -> FollowUp | None:
    return db.session.scalar(
        select(FollowUp).where(FollowUp.booking_id == booking.id, FollowUp.kind == kind)
    )


def _day_after(booking: Booking, practice: Practice) -> datetime:
    return day_after(booking.ends_at, practice.aftercare_at, practice.policy, practice.zone)


def handle_next(practice: Practice, now: datetime) -> bool:
    """Look at what is due first: write its mail or drop it with the reason.

    Returns whether there was one. Mail and "done" are one commit of the caller.
    """
    found = _next_due(now)
    if found is None:
        return False
    setbacks.take(FOLLOW, found.id)
    booking = db.session.get_one(Booking, found.booking_id)
    if booking.ends_at > now:  # It has moved since.
        found.due_at = max(_day_after(booking, practice), now + A_MOMENT)
        return True
    outcome = _judge(found, booking, practice, now)
    if outcome is None:
        found.due_at = after_quiet(now, practice.policy, practice.zone)
        return True
    if outcome is FollowUpOutcome.TOO_LATE:
        setbacks.give_up(now)
    found.done_at, found.outcome = now, outcome
    is_kept = outcome is not FollowUpOutcome.NOT_KEPT
    if found.kind is FollowUpKind.AFTERCARE and is_kept:
        _plan_next_visit(booking, practice, now)
    return True


def _next_due(now: datetime) -> FollowUp | None:
    # The booking first, as everybody has it: who marks or moves it then looks at its follow-ups.
    return db.session.scalar(
        select(FollowUp)
        .join(FollowUp.booking)
        .where(
            FollowUp.done_at.is_(None),
            FollowUp.due_at <= now,
            setbacks.is_free(FOLLOW, FollowUp.id, now),
        )
        .order_by(FollowUp.due_at, FollowUp.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=(FollowUp, Booking))
    )


def _judge(
    found: FollowUp, booking: Booking, practice: Practice, now: datetime
) -> FollowUpOutcome | None:
    """Decide, and write the mail when there is to be one; None at night, to be asked again."""
    reason = _refusal(found, booking, practice, now)
    if reason is not None:
        return reason
    if is_quiet(now, practice.policy, practice.zone):
        return None
    until = found.due_at + USEFUL[found.kind]
    if found.kind is FollowUpKind.COME_BACK:
        follow_messages.come_back(booking, now, until)
    elif not follow_messages.aftercare(booking, now, until):
        return FollowUpOutcome.NOTHING_TO_SAY
    return FollowUpOutcome.SENT


def _refusal(
    found: FollowUp, booking: Booking, practice: Practice, now: datetime
) -> FollowUpOutcome | None:
    """Say why no such mail goes; None when nothing speaks against it."""
    is_aftercare = found.kind is FollowUpKind.AFTERCARE
    if booking.status not in TOOK_PLACE:
        return FollowUpOutcome.NOT_KEPT
    if not (practice.aftercare if is_aftercare else practice.come_back):
        return FollowUpOutcome.OFF
    if now > found.due_at + USEFUL[found.kind]:
        return FollowUpOutcome.TOO_LATE
    if (reason := _unreachable(booking, found.kind)) is not None:
        return reason
    if is_aftercare:
        had = _had_it(booking, practice, now)
        return FollowUpOutcome.HAD_IT if had else None
    return FollowUpOutcome.BOOKED_AGAIN if _is_seen_again(booking) else None


def _unreachable(booking: Booking, kind: FollowUpKind) -> FollowUpOutcome | None:
    person = booking.person
    if booking.is_silent or not person.address:
        return FollowUpOutcome.NO_ADDRESS
    is_closed = person.account is not None and person.account.is_closed
    if person.blocked_at is not None or is_closed:
        return FollowUpOutcome.UNWANTED
    is_stopped = kind.value in unsubscribing.stopped(person.address)
    return FollowUpOutcome.UNWANTED if is_stopped else None


def _had_it(booking: Booking, practice: Practice, now: datetime) -> bool:
    """Tell whether they were sent what to read after the same service not long ago."""
    since = now - timedelta(days=practice.aftercare_days)
    return bool(
        db.session.scalar(
            select(
                select(FollowUp.id)
                .join(FollowUp.booking)
                .where(
                    Booking.person_id.in_(same_person(booking.person)),
                    Booking.service_id == booking.service_id,
                    FollowUp.kind == FollowUpKind.AFTERCARE,
                    FollowUp.outcome == FollowUpOutcome.SENT,
                    FollowUp.done_at > since,
                )
                .exists()
            )
        )
    )


def _is_seen_again(booking: Booking) -> bool:
    """Tell whether they have come or booked since."""
    later = select(Booking.id).where(
        Booking.person_id.in_(same_person(booking.person)),
        Booking.starts_at > booking.starts_at,
        Booking.status.in_(COMING),
    )
    return bool(db.session.scalar(select(later.exists())))


def same_person(person: Person) -> Select[int]:
    """Select who is this person: a guest's booking makes a person of its own."""
    same = Person.id == person.id
    if person.email:
        same |= and_(Person.email == person.email, Person.folded_name == person.folded_name)
    return select(Person.id).where(same)


def come_again(person: Person, now: datetime) -> None:
    """Let nothing that waits tell somebody who books that it is time to."""
    outbox.void_those(
        Reason.BOOKED_AGAIN,
        now,
        OutgoingMail.kind == follow_messages.COME_BACK,
        OutgoingMail.person_id.in_(same_person(person)),
    )


def _plan_next_visit(booking: Booking, practice: Practice, now: datetime) -> None:
    """Write when they would come again, by what is usual between their visits.

    It is written whether or not the practice asks for it, and judged when the time has come.
    """
    if _of(booking, FollowUpKind.COME_BACK) is not None:
        return
    due_at = next_visit(
        _visits(booking, practice),
        booking.ends_at,
        practice.aftercare_at,
        practice.policy,
        practice.zone,
    )
    is_known = due_at is not None
    db.session.add(
        FollowUp(
            booking_id=booking.id,
            kind=FollowUpKind.COME_BACK,
            due_at=due_at or now,
            done_at=None if is_known else now,
            outcome=None if is_known else FollowUpOutcome.NO_RHYTHM,
        )
    )


def _visits(booking: Booking, practice: Practice) -> Sequence[date]:
    """Return the local dates of the sessions the client has kept, this one the last."""
    starts = db.session.scalars(
        select(Booking.starts_at).where(
            Booking.person_id.in_(same_person(booking.person)),
            Booking.status.in_(TOOK_PLACE),
            Booking.starts_at <= booking.starts_at,
        )
    )
    return [local_date(start, practice.zone) for start in starts]


def follow_mark(booking: Booking, practice: Practice, now: datetime) -> None:
    """Let follow what follows when it is marked who came, or taken back.

    The note of a missed session waits as long as an undo would, and for the morning.
    """
    if booking.status is not Status.NO_SHOW:
        outbox.void(booking.about, Reason.MARKED_AGAIN, now, kind=follow_messages.NO_SHOW)
        _look_again(booking, practice, now)
        return
    until = booking.ends_at + NOTED_WITHIN
    if practice.no_show_note and now <= until and booking.person.blocked_at is None:
        undone = undo_until(now, practice.policy)
        morning = after_quiet(undone, practice.policy, practice.zone)
        follow_messages.no_show(booking, now, morning, until)


def _look_again(booking: Booking, practice: Practice, now: datetime) -> None:
    """Who was taken for missing has come: what was dropped for that is judged anew.

    It waits as long as an undo would, unless it is too late for it in any case.
    """
    dropped = select(FollowUp).where(
        FollowUp.booking_id == booking.id, FollowUp.outcome == FollowUpOutcome.NOT_KEPT
    )
    for one in db.session.scalars(dropped).all():
        one.done_at = one.outcome = None
        if now <= one.due_at + USEFUL[one.kind]:
            one.due_at = max(one.due_at, undo_until(now, practice.policy))

"""Setting a time aside for a visitor while they type their name."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import joinedload

from booking.accounts.models import Account
from booking.bookings import clients
from booking.bookings.models import Hold
from booking.catalog.models import Service, ServiceOption
from booking.catalog.queries import live_options, terms_of
from booking.database import db
from booking.domain.availability import MINUTE, local_date
from booking.domain.errors import NotOffered, SlotTaken
from booking.domain.openings import Diary, Place, Terms, places_at
from booking.domain.policies import Policy
from booking.domain.workload import Work, has_room
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind
from booking.scheduling.queries import load_diary

# What every booking asks is put together once: that takes longer than to run it.
_IS_THEIRS = (Hold.token == bindparam("token"), Hold.visitor == bindparam("visitor"))
_OWN_OPTION = select(Hold.option_id).where(*_IS_THEIRS)
_OWN = (
    select(Hold)
    .where(*_IS_THEIRS)
    .options(
        joinedload(Hold.option, innerjoin=True)
        .joinedload(ServiceOption.service, innerjoin=True)
        .joinedload(Service.category, innerjoin=True)
    )
)
_OWN_LOCKED = select(Hold).where(*_IS_THEIRS).with_for_update()
_LIVE = (
    select(Hold)
    .where(Hold.visitor == bindparam("visitor"), Hold.claim_id.is_not(None))
    .with_for_update()
)
_TYPED_BEFORE = (
    select(Hold.typed)
    .where(Hold.visitor == bindparam("visitor"), Hold.id < bindparam("id"))
    .order_by(Hold.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was pressed: an option's terms and an instant that we offered.

    `policy` is what holds for this visitor; None is the practice's, for whom it knows.
    """

    terms: Terms
    starts_at: datetime
    policy: Policy | None = None

    @property
    def work(self) -> Work:
        return self.terms.demand.work(self.starts_at)


def hold(
    wish: Wish, visitor: str, practice: Practice, now: datetime, account: Account | None = None
) -> Hold:
    """Set the time aside for `visitor` for a few minutes; a hold they had before is let go.

    Tries the practitioners and rooms that are free, in order, until one is ours. Raises
    NotOffered when the time is not on offer, SlotTaken when it is but somebody has it, Blocked
    for a signed-in client whom the studio has blocked.
    """
    if account is not None:
        clients.refuse_blocked(account)
    release_all(visitor)
    places = find_places(wish, practice, now)
    expires_at = now + practice.policy.hold_minutes * MINUTE
    for place in places:
        try:
            claim = calendar.claim(
                ClaimKind.HOLD, _times(wish, place), now, expires_at, work=wish.work
            )
        except SlotTaken:
            continue
        return _remember(wish, place, claim, visitor, expires_at)
    raise SlotTaken


def find_places(
    wish: Wish, practice: Practice, now: datetime, without: tuple[int, ...] = ()
) -> list[Place]:
    """Return who and where could give the session, best first, and line up for all of them.

    The line comes first: what is read behind it stays as it is until the transaction ends, so
    that rules about a whole day hold as well as those about one time. Raises NotOffered when
    nobody ever gives it then.
    """
    calendar.line_up((*wish.terms.practitioner_ids, *wish.terms.room_ids))
    day = local_date(wish.starts_at, practice.zone)
    diary = load_diary([wish.terms], day, day, practice.zone, now, without)
    places = places_at(wish.starts_at, wish.terms, diary, wish.policy or practice.policy, now)
    if places is None:
        raise NotOffered
    return places


def _times(wish: Wish, place: Place) -> list[calendar.Wanted]:
    return calendar.times_for(
        wish.terms.demand, wish.starts_at, place.practitioner_id, place.room_id
    )


def _remember(wish: Wish, place: Place, claim: Claim, visitor: str, expires_at: datetime) -> Hold:
    held = Hold(
        token=secrets.token_urlsafe(24),
        visitor=visitor,
        claim_id=claim.id,
        option_id=wish.terms.option_id,
        practitioner_id=place.practitioner_id,
        room_id=place.room_id,
        starts_at=wish.starts_at,
        expires_at=expires_at,
    )
    db.session.add(held)
    db.session.flush()
    return held


def release_all(visitor: str) -> None:
    """Let go of what a visitor had set aside: one live hold each."""
    for held in db.session.scalars(_LIVE, {"visitor": visitor}):
        release(held)


def release(held: Hold) -> None:
    """Give the time of a hold back; the row stays and still says which time was meant."""
    claim_id, held.claim_id = held.claim_id, None
    db.session.flush()
    if claim_id is not None:
        calendar.release(claim_id)


def find(token: str, visitor: str | None) -> Hold | None:
    """Return a visitor's own hold with what it is for; nobody else's, whatever they know."""
    if not visitor:
        return None
    return db.session.scalar(_OWN, {"token": token, "visitor": visitor})


def lock(token: str, visitor: str) -> Hold | None:
    """Return a visitor's own hold, its row locked until the transaction ends."""
    return db.session.scalar(_OWN_LOCKED, {"token": token, "visitor": visitor})


def option_of(token: str, visitor: str | None) -> int | None:
    """Return the option that a visitor's own hold is for; None when it is not theirs."""
    if not visitor:
        return None
    return db.session.scalar(_OWN_OPTION, {"token": token, "visitor": visitor})


def fitting_options(held: Hold, practice: Practice, now: datetime) -> list[ServiceOption]:
    """Return the options of the service that the held time has room for, its own included."""
    day = local_date(held.starts_at, practice.zone)
    options = [] if held.option.service.is_archived else live_options(held.option.service)
    if [one.id for one in options] == [held.option_id]:
        return options
    terms = terms_of(options)
    without = (held.claim_id,) if held.claim_id else ()
    diary = load_diary(terms.values(), day, day, practice.zone, now, without)
    return [
        option
        for option in options
        if option.id == held.option_id or _fits(terms[option.id], held, diary)
    ]


def _fits(terms: Terms, held: Hold, diary: Diary) -> bool:
    demand, who = terms.demand, held.practitioner_id
    day = local_date(held.starts_at, diary.zone)
    limits, work = terms.limits_of(who), diary.work.get(who, ())
    if not has_room(day, demand.hands_on_minutes, limits, work, diary.zone):
        return False
    session, whole = demand.session(held.starts_at), demand.whole(held.starts_at)
    resources = [held.practitioner_id, held.room_id] if held.room_id else [held.practitioner_id]
    return any(
        interval.contains(session) for interval in diary.open_time.get(held.practitioner_id, ())
    ) and all(diary.is_free(resource, whole) for resource in resources)


def keep_typed(hold_id: int, typed: dict[str, str]) -> None:
    """Keep what was in the form of a time that was lost."""
    db.session.get_one(Hold, hold_id).typed = typed


def typed_before(held: Hold) -> dict[str, str]:
    """Return what the visitor had typed for a time they lost before this one."""
    return db.session.scalar(_TYPED_BEFORE, {"visitor": held.visitor, "id": held.id}) or {}


def sweep(now: datetime) -> None:
    """Forget holds a day after they ended, and with them what was typed."""
    db.session.execute(
        delete(Hold)
        .where(Hold.expires_at < now - timedelta(days=1), Hold.claim_id.is_(None))
        .execution_options(synchronize_session=False)
    )

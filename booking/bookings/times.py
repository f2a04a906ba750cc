"""Private times that become free go to who waits for one: held by a claim, in order of joining."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import islice

from booking.accounts import audit
from booking.accounts.audit import SYSTEM, Actor
from booking.accounts.models import Account, Person
from booking.bookings import class_messages, line, newcomers, operations
from booking.bookings.holds import Wish as Pressed
from booking.bookings.holds import find_places
from booking.bookings.line import Wish
from booking.bookings.models import Booking
from booking.bookings.newcomers import policy_of
from booking.bookings.offers import require_open
from booking.bookings.operations import Agreed
from booking.bookings.waiting_models import Offer, OfferState, WaitlistEntry, Waits
from booking.catalog.models import ServiceOption
from booking.catalog.queries import terms_of
from booking.database import db, lock_row
from booking.domain.availability import DAY, MINUTE, local_date
from booking.domain.errors import NotOffered, NotWaiting, SlotTaken, StillFree
from booking.domain.offers import OfferTime, offer_time
from booking.domain.openings import Diary, Opening, Place, Terms, openings_on
from booking.domain.policies import Policy, after_quiet
from booking.mail import outbox
from booking.mail.reasons import Reason
from booking.practice.models import Practice
from booking.scheduling import calendar
from booking.scheduling.models import Claim, ClaimKind
from booking.scheduling.queries import load_diary

# Who does not answer so often is asked no more.
UNANSWERED = 3


def join(
    wish: Wish,
    token: str,
    person: Person,
    account: Account | None,
    practice: Practice,
    now: datetime,
) -> WaitlistEntry:
    """Let somebody wait for a time that suits.

    Raises StillFree when one is free already: then there is nothing to wait for.
    """
    entry = entry_for(wish)
    if fitting(entry, policy_of(person, practice, now), practice, now):
        raise StillFree
    entry.token, entry.person, entry.policy_version = token, person, practice.policy_version
    return line.stand(entry, account, now)


def entry_for(wish: Wish) -> WaitlistEntry:
    """Return an entry with what is wished, that stands in no line yet."""
    return WaitlistEntry(
        option_id=wish.option.id,
        practitioner_id=wish.practitioner_id,
        weekdays=wish.weekdays,
        parts=" ".join(wish.parts),
        until_on=wish.until_on,
    )


def fitting(
    entry: WaitlistEntry, policy: Policy, practice: Practice, now: datetime, most: int = 4
) -> list[Opening]:
    """Return the first openings that suit an entry, in order of time, by the rules for them."""
    option = db.session.get_one(ServiceOption, entry.option_id)
    terms = terms_of([option])[option.id].only(entry.practitioner_id)
    first = local_date(now, practice.zone)
    last = min(entry.until_on or first, practice.policy.furthest(now, practice.zone))
    diary = load_diary([terms], first, last, practice.zone, now)
    return list(islice(_suiting(entry, terms, diary, policy, now), most))


def _suiting(
    entry: WaitlistEntry, terms: Terms, diary: Diary, policy: Policy, now: datetime
) -> Iterator[Opening]:
    """Yield the openings that suit an entry; of what it was offered before, nothing that overlaps.

    Who does not want three o'clock would else be asked about half past, and the next in line
    about nothing.
    """
    asked = [terms.demand.session(offer.starts_at) for offer in entry.offers]
    day, last = diary.first, min(diary.last, entry.until_on or diary.last)
    while day <= last:
        if entry.weekdays >> day.weekday() & 1:
            for opening in openings_on(day, terms, diary, policy, now):
                local = opening.starts_at.astimezone(diary.zone)
                session = terms.demand.session(opening.starts_at)
                if entry.suits(local) and not any(session.overlaps(one) for one in asked):
                    yield opening
        day += DAY


def line_up(practice: Practice, now: datetime, also: Collection[int] = ()) -> None:
    """Wait for one's turn at everybody and every room that may be offered to those who wait.

    Call it before any time is given back: who takes that time next has the line already, and
    waits for us.
    """
    entries = line.for_times(local_date(now, practice.zone))
    terms = terms_of([entry.option for entry in entries if entry.option]).values()
    wanted = {number for one in terms for number in (*one.practitioner_ids, *one.room_ids)}
    if wanted := wanted | set(also):
        calendar.line_up(wanted)


def offer_free(practice: Practice, now: datetime, days: tuple[date, date] | None = None) -> int:
    """Offer every free time that suits somebody who waits; return how many were offered.

    `days` are the dates to look at, when it is known where time has become free.
    """
    line_up(practice, now)
    count = 0
    while _offer_next(practice, now, days):
        count += 1
    return count


def offer_any(practice: Practice, now: datetime) -> bool:
    """Look the whole calendar through for who waits; tell whether anything was offered."""
    return offer_free(practice, now) > 0


def freed(booking: Booking, practice: Practice, now: datetime) -> None:
    """Offer the time that a private session has just given back."""
    day = local_date(booking.starts_at, practice.zone)
    offer_free(practice, now, (day, day))


def _offer_next(practice: Practice, now: datetime, days: tuple[date, date] | None) -> bool:
    """Offer one free time to the first in line whom one suits; tell whether there was one."""
    today = local_date(now, practice.zone)
    entries = line.for_times(today)
    if not entries:
        return False
    furthest = practice.policy.furthest(now, practice.zone)
    latest = min(max(entry.until_on or today for entry in entries), furthest)
    first, last = days or (today, latest)
    terms = terms_of([entry.option for entry in entries if entry.option])
    diary = load_diary(terms.values(), max(first, today), last, practice.zone, now)
    return any(
        _offer_to(entry, terms[entry.option_id or 0], diary, practice, now) for entry in entries
    )


def _offer_to(
    entry: WaitlistEntry, terms: Terms, diary: Diary, practice: Practice, now: datetime
) -> bool:
    terms = terms.only(entry.practitioner_id)
    policy = policy_of(entry.person, practice, now)
    for opening in _suiting(entry, terms, diary, policy, now):
        closes_at = opening.starts_at - policy.notice_minutes * MINUTE
        time = offer_time(now, closes_at, practice.offer_minutes, practice.policy, practice.zone)
        if time is None:
            continue
        held = _hold(entry, Pressed(terms, opening.starts_at, policy), time, practice, now)
        if held is not None:
            return held
    return False


def _hold(
    entry: WaitlistEntry, pressed: Pressed, time: OfferTime, practice: Practice, now: datetime
) -> bool | None:
    """Hold the time for them; None when somebody else has it by now."""
    if not line.lock_idle(entry) or entry.state is not Waits.WAITING:
        return False
    try:
        places = find_places(pressed, practice, now)
    except NotOffered:
        return None
    for place in places:
        wanted = calendar.times_for(
            pressed.terms.demand, pressed.starts_at, place.practitioner_id, place.room_id
        )
        try:
            work = pressed.terms.demand.work(pressed.starts_at)
            claim = calendar.claim(ClaimKind.OFFER, wanted, now, time.expires_at, work)
        except SlotTaken:
            continue
        _write(entry, pressed.starts_at, place, claim, time, now)
        return True
    return None


def _write(
    entry: WaitlistEntry,
    starts_at: datetime,
    place: Place,
    claim: Claim,
    time: OfferTime,
    now: datetime,
) -> None:
    offer = Offer(
        entry=entry,
        is_time=True,
        claim_id=claim.id,
        starts_at=starts_at,
        practitioner_id=place.practitioner_id,
        room_id=place.room_id,
        made_at=now,
        tell_at=time.tell_at,
        expires_at=time.expires_at,
    )
    entry.state = Waits.OFFERED
    db.session.add(offer)
    db.session.flush()
    audit.record(SYSTEM, entry.about, "offered", now, until=time.expires_at.isoformat())
    class_messages.offer(offer, now)


def accept(offer: Offer, account: Account | None, practice: Practice, now: datetime) -> Booking:
    """Turn the time on offer into a booking. Raises OfferOver; SlotTaken when it outgrew it."""
    token = f"offer-{offer.id}"
    if offer.state is OfferState.ACCEPTED and (booked := operations.find_by_token(token)):
        return booked
    require_open(offer, now)
    entry, option = offer.entry, offer.entry.option
    claim = db.session.get_one(Claim, offer.claim_id)
    assert option is not None  # noqa: S101 - a time is offered of an option
    line.leave(entry, Waits.SERVED, audit.actor_of(account), now)
    demand = terms_of([option])[option.id].demand
    wanted = calendar.times_for(demand, offer.starts_at, offer.practitioner_id, offer.room_id)
    calendar.confirm(claim, wanted, now, demand.work(offer.starts_at))
    agreed = Agreed(token, option, offer.starts_at, offer.practitioner_id, offer.room_id, claim)
    booking = operations.write(agreed, entry.person, account or entry.joined_by, practice, now)
    if newcomers.needs_approval(entry.person, practice, now):
        return operations.ask(booking, account, practice, now)
    return operations.finish(booking, account, now, practice)


def decline(offer: Offer, actor: Actor, practice: Practice, now: datetime) -> None:
    """Pass this time on; who declined goes on waiting for another. Raises OfferOver."""
    require_open(offer, now)
    _pass_on(offer, OfferState.DECLINED, practice, now)
    audit.record(actor, offer.entry.about, "declined", now)


def expire(offer: Offer, practice: Practice, now: datetime) -> None:
    """Pass the time of an unanswered offer on; who never answers waits no longer."""
    _pass_on(offer, OfferState.EXPIRED, practice, now)
    class_messages.offer_ended(offer, now)


def _pass_on(offer: Offer, state: OfferState, practice: Practice, now: datetime) -> None:
    claim_id, entry = offer.claim_id, offer.entry
    line.close(offer, state, now)
    outbox.void(entry.about, Reason(state.value), now)
    db.session.refresh(entry, ["offers"])
    unanswered = [one for one in entry.offers if one.state is OfferState.EXPIRED]
    if len(unanswered) >= UNANSWERED:
        line.leave(entry, Waits.ENDED, SYSTEM, now)
    else:
        entry.state = Waits.WAITING
    _free(claim_id, offer.starts_at, practice, now)


def _free(claim_id: int | None, starts_at: datetime, practice: Practice, now: datetime) -> None:
    db.session.flush()
    line_up(practice, now)
    if claim_id is not None:
        calendar.release(claim_id)
    day = local_date(starts_at, practice.zone)
    offer_free(practice, now, (day, day))


def leave(entry: WaitlistEntry, actor: Actor, practice: Practice, now: datetime) -> None:
    """Let somebody wait no longer for a time; one that was held for them passes on.

    Raises NotWaiting.
    """
    lock_row(entry)
    if not entry.state.is_open:
        raise NotWaiting
    offer = entry.open_offer
    claim_id = offer.claim_id if offer else None
    line.leave(entry, Waits.LEFT, actor, now)
    if offer is not None:
        _free(claim_id, offer.starts_at, practice, now)


def end(entry: WaitlistEntry, practice: Practice, now: datetime) -> None:
    """End an entry whose last date has passed, and say so, unless it has ended meanwhile."""
    lock_row(entry)
    if not entry.state.is_open:
        return
    offer = entry.open_offer
    claim_id = offer.claim_id if offer else None
    line.leave(entry, Waits.ENDED, SYSTEM, now)
    morning = after_quiet(now, practice.policy, practice.zone)
    class_messages.waiting_ended(entry, now, morning)
    if offer is not None:
        _free(claim_id, offer.starts_at, practice, now)

"""The model's mails and reminders: who is told what of a session, and when it may leave."""

from datetime import datetime, timedelta

from tests.life.session_calendar import wall
from tests.life.session_rows import MINUTE, Mail, Session

UNDO = 3 * MINUTE
LEADS = (48 * 60, 3 * 60)
EARLY = 24 * 60
TELLING = ("confirmed", "changed")
STUDIO = ("studio_new", "studio_moved", "studio_request")
ENDING = ("cancelled", "cancelled_by_studio", "late_cancelled")
QUIET_FROM, QUIET_UNTIL, BEFORE = 21, 8, 30 * MINUTE


def is_quiet(instant: datetime) -> bool:
    return not QUIET_UNTIL <= wall(instant).hour < QUIET_FROM


def morning_after(instant: datetime) -> datetime:
    """Return the end of the quiet hours that `instant` is in; no clock is changed that week."""
    local = wall(instant)
    day = local + timedelta(days=local.hour >= QUIET_FROM)
    return day.replace(hour=QUIET_UNTIL, minute=0, second=0)


def evening_before(instant: datetime) -> datetime:
    local = wall(instant)
    day = local - timedelta(days=local.hour < QUIET_UNTIL)
    return day.replace(hour=QUIET_FROM, minute=0, second=0) - BEFORE


def to_client(session: Session, kind: str, due: datetime) -> None:
    if session.is_silent:
        return
    useless = session.where.end if kind in (*TELLING, "requested") else None
    useless = session.where.start if kind.startswith("reminder") else useless
    session.mails.append(Mail(kind, session.revision, due, useless))


def to_studio(session: Session, kind: str, due: datetime) -> None:
    session.mails.append(Mail(kind, session.revision, due))


def plan_reminders(session: Session, now: datetime) -> None:
    """Write when to look again; of two at one moment the shorter lead stays."""
    if session.is_silent:
        return
    moments: dict[datetime, int] = {}
    for lead in LEADS:
        due = session.where.start - lead * MINUTE
        due = evening_before(due) if is_quiet(due) else due
        if due > now:
            moments[due] = lead
    session.reminders = {lead: due for due, lead in moments.items()}


def tell_time(session: Session, now: datetime, tell: str) -> None:
    """Tell the new time to who was told another, and to who was told nothing."""
    where, due = session.where, session.undo_until
    known = session.agreed.get(session.told(*TELLING))
    if known is None:
        to_client(session, "confirmed", due)
    elif tell == "always" or (tell == "if new" and known != (where.start, where.giver)):
        to_client(session, "changed", due)
    known = session.agreed.get(session.told(*STUDIO))
    if known and known[1] != where.giver:
        to_studio(session, "studio_moved", due)
    if known is None or known[1] != where.giver:
        to_studio(session, "studio_new", due)
    elif known[0] != where.start:
        to_studio(session, "studio_moved", due)


def tell_cancelled(session: Session, now: datetime, by_studio: bool) -> None:
    """Tell that it is off: the client who does it themselves, only if they had a mail of it."""
    due = session.restorable_until or now
    if by_studio or session.told(*TELLING):
        to_client(session, "cancelled_by_studio" if by_studio else "cancelled", due)
    tell_studio_cancelled(session, now)


def tell_studio_cancelled(session: Session, now: datetime) -> None:
    if session.told(*STUDIO):
        to_studio(session, "studio_cancelled", session.restorable_until or now)


def remind(session: Session, now: datetime) -> None:
    """Look at the reminders that are due: one mail at most, and none at night or too late."""
    due = sorted(lead for lead, at in session.reminders.items() if at <= now)
    for lead in reversed(due):
        if lead != due[0] or session.where.start <= now:
            del session.reminders[lead]
        elif is_quiet(now):
            session.reminders[lead] = morning_after(now)
        else:
            is_early = lead >= EARLY or session.cancel_until > now
            session.void("reminder", "reminder_soon")
            to_client(session, "reminder" if is_early else "reminder_soon", now)
            del session.reminders[lead]


def send(session: Session, now: datetime) -> None:
    for mail in session.mails:
        if mail.state == "waiting" and mail.due <= now:
            mail.state = "sent"


def close_useless(session: Session, now: datetime) -> None:
    for mail in session.mails:
        if mail.state == "waiting" and mail.useless and mail.useless <= now:
            mail.state = "void"

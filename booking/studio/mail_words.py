"""Mails in words: what kind one is, what became of it, and why one was not sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from icalendar import Calendar

from booking.mail.letter_kinds import KINDS
from booking.mail.models import MailState, OutgoingMail
from booking.studio.views import bp
from booking.web.filters import clock_words, when_short
from booking.web.words import lazy as _l

# Why a mail was not sent, by the word that the row keeps.
REASONS: dict[str, Any] = {
    "moved": _l("the session was moved before it left"),
    "undone": _l("the booking was taken back before it left"),
    "changed": _l("what it told was changed before it left; another mail says it as it is"),
    "cancelled": _l("the session was cancelled before it left"),
    "late_cancelled": _l("the session was cancelled before it left"),
    "declined": _l("the request was declined"),
    "accepted": _l("the request was answered, and another mail says so"),
    "arrived": _l("the session has taken place"),
    "no_show": _l("the session is over"),
    "marked again": _l("the mark was taken back before it left"),
    "served": _l("they have got what they waited for"),
    "left": _l("they no longer wait"),
    "ended": _l("the waiting came to its end"),
    "time off": _l("the practitioner takes time off then"),
    "withdrawn": _l("the invitation was withdrawn"),
    "password changed": _l("the password was changed meanwhile"),
    "address changed": _l("the address was changed meanwhile"),
    "unwanted": _l("they do not want such mails, or are no longer clients"),
    "booked again": _l("they have booked since"),
    "overtaken": _l("a later reminder says the same"),
    "too late": _l("it could not leave while it still helped"),
    "outdated": _l("what it told no longer holds"),
    "sent again": _l("it was sent anew, in another mail"),
    "restored from a backup": _l(
        "it was waiting in a backup that was restored: it had gone out, or was too old"
    ),
    "demo": _l("this is the demo’s own history: nothing of it was sent"),
}

STATES: dict[str, Any] = {
    "waiting": _l("waiting"),
    "sent": _l("sent"),
    "not-sent": _l("not sent"),
    "stuck": _l("stuck"),
}


@bp.app_template_filter()
def mail_kind_words(kind: str) -> str:
    """Say what kind of mail it is."""
    known = KINDS.get(kind)
    return str(known.title) if known else kind.replace("_", " ").capitalize()


@bp.app_template_filter()
def void_words(reason: str | None) -> str:
    """Say why a mail was not sent, as the end of a sentence."""
    return str(REASONS.get(reason or "", reason or ""))


@bp.app_template_filter()
def mail_mark(mail: OutgoingMail) -> str:
    """Name the state in the words that the list is narrowed by."""
    if mail.state is MailState.WAITING and mail.void_reason is None:
        return "waiting"
    if mail.state is MailState.SENT:
        return "sent"
    return "stuck" if mail.state in (MailState.FAILED, MailState.PARKED) else "not-sent"


@bp.app_template_filter()
def mark_words(mark: str) -> str:
    return str(STATES[mark])


@bp.app_template_filter()
def fate_words(mail: OutgoingMail, now: datetime) -> str:
    """Say in a sentence what became of a mail; what the server said is not in it."""
    if mail.void_reason is not None and mail.state is not MailState.SENT:
        return _("Not sent: %(reason)s.", reason=void_words(mail.void_reason))
    if mail.state is MailState.SENT:
        return _("Sent %(when)s.", when=when_short(mail.sent_at or mail.due_at))
    if mail.state is MailState.FAILED:
        return _("The server refused it for good.")
    if mail.state is MailState.PARKED:
        tries = ngettext("%(num)s try", "%(num)s tries", mail.attempts)
        return _("Given up after %(tries)s.", tries=tries)
    return _waiting_words(mail, now)


def _waiting_words(mail: OutgoingMail, now: datetime) -> str:
    if mail.lease is not None and mail.due_at > now:
        return _("It is being sent.")
    if mail.due_at <= now:
        return _("Due since %(when)s.", when=when_short(mail.due_at))
    if mail.attempts:
        return _("It did not get through; tried again at %(time)s.", time=clock_words(mail.due_at))
    return _("Waits until %(when)s.", when=when_short(mail.due_at))


@dataclass(frozen=True, slots=True)
class Event:
    """What a mail's calendar entry says; the link in it is left out."""

    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    is_off: bool


def events_of(mail: OutgoingMail) -> Iterable[Event]:
    """Return the entries of the calendar file that goes with a mail."""
    if not mail.calendar_text:
        return []
    try:
        entries = Calendar.from_ical(mail.calendar_text).walk("VEVENT")
        return [
            Event(
                str(one.get("summary", "")),
                str(one.get("location", "")),
                one.decoded("dtstart"),
                one.decoded("dtend"),
                one.get("status") == "CANCELLED",
            )
            for one in entries
        ]
    except (ValueError, KeyError):  # The log of mails is no place to fail over an old file.
        return []


def ago_words(moment: datetime, now: datetime) -> str:
    """A minute ago; 3 hours ago; else the date and time."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    if minutes < 24 * 60:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
    return when_short(moment)


bp.add_app_template_filter(ago_words)

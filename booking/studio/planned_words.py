"""Mails that are not written, in words: when they are decided on, or why there is none."""

from typing import Any

from flask_babel import gettext as _

from booking.bookings.follow_models import FollowUpOutcome
from booking.bookings.models import ReminderOutcome
from booking.mail.reasons import Reason
from booking.studio.mail_words import REASONS, mail_kind_words
from booking.studio.planned_queries import FAILED, PASSED, REMINDER, Planned
from booking.web.filters import lead_words, when_short
from booking.web.words import lazy as _l

TOO_LATE = _l("it came too late")
NO_ADDRESS = _l("there is no address, or no mail was wanted")
WHY_NOT: dict[str, Any] = {
    PASSED: _l("its time had passed when the session was booked, or reminders were changed"),
    FAILED: _l("the program failed to write it until it was too late"),
    ReminderOutcome.NO_ADDRESS: NO_ADDRESS,
    ReminderOutcome.TOO_LATE: _l("it came too late, or a later reminder says the same"),
}
WHY_NOTHING_FOLLOWS: dict[str, Any] = {
    FAILED: WHY_NOT[FAILED],
    FollowUpOutcome.OFF: _l("such mails are switched off in the settings"),
    FollowUpOutcome.UNWANTED: REASONS[Reason.UNWANTED],
    FollowUpOutcome.NO_ADDRESS: NO_ADDRESS,
    FollowUpOutcome.NOT_KEPT: _l("the session did not take place"),
    FollowUpOutcome.NOTHING_TO_SAY: _l("no article goes with the service"),
    FollowUpOutcome.HAD_IT: _l("they were sent the same after an earlier session, not long ago"),
    FollowUpOutcome.BOOKED_AGAIN: REASONS[Reason.BOOKED_AGAIN],
    FollowUpOutcome.NO_RHYTHM: _l("with fewer than three visits nobody knows when they would come"),
    FollowUpOutcome.TOO_LATE: TOO_LATE,
}


def planned_line(one: Planned) -> str:
    """Say of a mail that is not written when it is decided on, or why there is none."""
    is_reminder = one.kind == REMINDER
    name = lead_words(one.lead_minutes).capitalize() if is_reminder else mail_kind_words(one.kind)
    return _("%(mail)s: %(words)s", mail=name, words=_fate(one))


def _fate(one: Planned) -> str:
    if one.why:
        reasons = WHY_NOT if one.kind == REMINDER else WHY_NOTHING_FOLLOWS
        return _("not sent: %(reason)s.", reason=reasons[one.why])
    if one.has_failed:
        return _("not sent so far: the program fails to write it. It is tried again.")
    if one.kind == REMINDER:
        return _("goes %(when)s.", when=when_short(one.due_at))
    return _("to be decided %(when)s.", when=when_short(one.due_at))

"""What one date of a series would be, and what stands there, as one would say it."""

from collections.abc import Sequence

from flask_babel import gettext as _

from booking.bookings.obstacles import Obstacle
from booking.bookings.repeats import DatePlan
from booking.domain.objections import Objection
from booking.domain.repeats import Clock
from booking.scheduling.models import ClaimKind
from booking.web.filters import clock_words


def obstacle_words(obstacle: Obstacle) -> str:
    """Say what has the time: who is booked, which class, time off."""
    name = obstacle.name
    return {
        ClaimKind.BOOKING: _("%(name)s is booked", name=name) if name else _("kept for an undo"),
        ClaimKind.CLASS: _("the class “%(name)s”", name=name),
        ClaimKind.BLOCK: _("time off: %(note)s", note=name) if name else _("time off"),
        ClaimKind.HOLD: _("somebody is choosing this time just now"),
        ClaimKind.OFFER: _("offered to somebody who waits"),
    }[obstacle.kind]


def plan_words(plan: DatePlan, obstacles: Sequence[Obstacle]) -> list[str]:
    """Say what one date of a series would be, what matters most first."""
    said = []
    if not plan.is_practitioner_free:
        what = ", ".join(obstacle_words(one) for one in obstacles)
        said.append(_("taken: %(what)s", what=what) if what else _("taken"))
    elif not plan.has_room:
        said.append(_("no room is free"))
    elif not plan.against:
        said.append(_("free"))
    if plan.is_free:
        said += [short_words(one) for one in plan.against]
    if plan.occurrence.clock is Clock.SKIPPED:
        said.append(
            _("the clocks go forward: it would begin at %(time)s", time=clock_words(plan.starts_at))
        )
    if plan.occurrence.clock is Clock.TWICE:
        said.append(_("this time comes twice that night: the first is meant"))
    return said


def short_words(objection: Objection) -> str:
    """Say what speaks against a date of a series, in a few words."""
    return {
        Objection.PAST: _("is over"),
        Objection.NOTICE: _("free, at short notice"),
        Objection.TOO_FAR: _("free"),
        Objection.CLOSED: _("free, but outside the working hours"),
        Objection.FULL: _("free, but the day or the week is full"),
    }[objection]

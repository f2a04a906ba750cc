"""What speaks against a time and what stands there, as one would say it."""

from collections.abc import Sequence

from flask_babel import gettext as _

from booking.bookings.obstacles import Obstacle
from booking.bookings.repeats import DatePlan
from booking.domain.objections import Objection
from booking.domain.repeats import Clock
from booking.scheduling.models import ClaimKind
from booking.studio.views import bp
from booking.web.filters import clock_words


@bp.app_template_filter()
def objection_words(objection: Objection) -> str:
    """One sentence for each thing that speaks against a time."""
    known = {
        "past": _("This time has begun already."),
        "notice": _("It is sooner than the notice that clients have to give."),
        "too_far": _("It is further ahead than clients may book."),
        "closed": _("It is not within the working hours of that day."),
        "full": _("The day or the week is full, by the limits that were set."),
    }
    return known.get(objection.value, objection.value.replace("_", " "))


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
        said += [_short(one) for one in plan.against]
    if plan.occurrence.clock is Clock.SKIPPED:
        said.append(
            _("the clocks go forward: it would begin at %(time)s", time=clock_words(plan.starts_at))
        )
    if plan.occurrence.clock is Clock.TWICE:
        said.append(_("this time comes twice that night: the first is meant"))
    return said


def _short(objection: Objection) -> str:
    known = {
        "past": _("is over"),
        "notice": _("free, at short notice"),
        "too_far": _("free"),
        "closed": _("free, but outside the working hours"),
        "full": _("the day or the week is full"),
    }
    return known.get(objection.value, objection_words(objection))

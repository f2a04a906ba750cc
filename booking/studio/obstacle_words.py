"""Why staff cannot have a time, and what speaks against one that they can, in sentences."""

from collections.abc import Sequence

from flask_babel import gettext as _

from booking.accounts.models import Account, Role
from booking.bookings.obstacles import Obstacle
from booking.catalog import queries as catalog
from booking.domain.objections import Objection
from booking.scheduling.models import ClaimKind
from booking.studio.views import bp
from booking.web.filters import clock_words


@bp.app_template_filter()
def objection_words(objection: Objection) -> str:
    """Say what speaks against a time, in one sentence."""
    return {
        Objection.PAST: _("This time has begun already."),
        Objection.NOTICE: _("It is sooner than the notice that clients have to give."),
        Objection.TOO_FAR: _("It is further ahead than clients may book."),
        Objection.CLOSED: _("It is not within the working hours of that day."),
        Objection.FULL: _("The day or the week is full, by the limits that were set."),
    }[objection]


def taken_words(obstacles: Sequence[Obstacle], account: Account) -> str:
    """Say what stands in the way, and who, to those whose calendar it is."""
    own = catalog.practitioner_of(account.id)
    sees_all = account.role is Role.MANAGER
    said = [
        _obstacle_words(one, sees_all or (own is not None and one.practitioner_id == own.id))
        for one in obstacles
    ]
    if not said:
        return _("Someone was a moment faster: this time has just been taken.")
    return _("That time is taken: %(what)s.", what="; ".join(said))


def _obstacle_words(obstacle: Obstacle, is_open: bool) -> str:
    return _(
        "%(who)s from %(start)s until %(end)s, turnover included (%(resource)s)",
        who=_who(obstacle, is_open),
        start=clock_words(obstacle.interval.start),
        end=clock_words(obstacle.interval.end),
        resource=obstacle.resource_name,
    )


def _who(obstacle: Obstacle, is_open: bool) -> str:
    known = {
        ClaimKind.HOLD: _("held for somebody who is booking"),
        ClaimKind.OFFER: _("offered to somebody who waits"),
        ClaimKind.BLOCK: _("time off"),
    }
    if obstacle.kind in known:
        return known[obstacle.kind]
    return obstacle.name if is_open and obstacle.name else _("another session")

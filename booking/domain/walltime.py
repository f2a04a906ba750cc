"""What somebody types as local date and time: one instant, two, or none at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instants_at(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants (UTC, in order) at which the clock in `zone` shows `wall` (naive).

    Two in the hour that comes twice, none in the hour that is skipped.
    """
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in found if one.astimezone(zone).replace(tzinfo=None) == wall))

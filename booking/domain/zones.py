"""Time zones from one source: the `tzdata` package, never the machine's own copy.

The two disagree for months after a government changes its mind, and a session must mean the
same hour on every machine.
"""

import zoneinfo
from zoneinfo import ZoneInfo

zoneinfo.reset_tzpath(())


def load_zone(key: str) -> ZoneInfo:
    """Return the zone, for example ``America/New_York``; ZoneInfoNotFoundError if unknown."""
    return ZoneInfo(key)

"""The day and the week as columns: what stands where, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from booking.bookings.models import Status
from booking.catalog.models import Resource
from booking.domain.availability import DAY, day_interval
from booking.domain.grid import Frame, Lane, Rows, frame, hours_shown, lanes
from booking.domain.intervals import Interval
from booking.practice.models import Practice
from booking.scheduling.queries import open_time_of
from booking.studio.grid_queries import Block, BlockKind, blocks

ALONE = Lane(0, 1)
HOURS_OF_A_DAY = 24
ROWS_OF_AN_HOUR = 12


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with its rows, and its part of the column."""

    block: Block
    rows: Rows
    lane: Lane
    is_movable: bool
    is_open: bool

    @property
    def parts(self) -> Rows:
        return self.lane.parts

    @property
    def before_rows(self) -> int:
        return min(-(-self.block.before // 5), self.rows.start)

    @property
    def after_rows(self) -> int:
        return -(-self.block.after // 5)


@dataclass(frozen=True, slots=True)
class Column:
    """One date of one practitioner or room."""

    day: date
    resource: Resource
    frame: Frame
    placed: Sequence[Placed]
    closed: Sequence[Rows]
    now_row: int | None
    # Its hours differ from those beside it: the clocks change within it.
    is_shifted: bool
    can_move_here: bool

    @property
    def key(self) -> str:
        return f"d{self.day.isoformat()}-{self.resource.id}"

    @property
    def sessions(self) -> int:
        """How many sessions and classes there are."""
        return sum(not one.block.is_hatched for one in self.placed)

    @property
    def is_closed_all_day(self) -> bool:
        return any(one.span >= self.frame.rows for one in self.closed)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose calendars are open to who looks: all, or one practitioner's."""

    sees_all: bool
    practitioner_id: int | None

    def may_open(self, practitioner_id: int | None) -> bool:
        return self.sees_all or (
            practitioner_id is not None and practitioner_id == self.practitioner_id
        )


def columns(
    days: Sequence[date],
    resources: Sequence[Resource],
    viewer: Viewer,
    practice: Practice,
    now: datetime,
    *,
    by_room: bool = False,
) -> list[Column]:
    """Return a column for each date of each of these, in five selects whatever they hold."""
    zone = practice.zone
    window = Interval(day_interval(days[0], zone).start, day_interval(days[-1], zone).end)
    ids = [one.id for one in resources]
    found = blocks(window, ids, by_room, now)
    hours = {} if by_room else open_time_of(set(ids), days[0], days[-1], zone)
    shown = hours_shown(days, _that_count(found, hours, window), zone)
    by_column = _sort(found, days, zone)
    drawing = _Drawing(shown, viewer, zone, now)
    return [
        drawing.column(day, one, by_column.get((day, one.id), ()), hours.get(one.id))
        for day in days
        for one in resources
    ]


def _that_count(
    found: Sequence[Block], hours: dict[int, list[Interval]], window: Interval
) -> list[Interval]:
    """Return what has to be seen whole: sessions and hours, but no day off."""
    opened = [
        Interval(max(one.start, window.start), min(one.end, window.end))
        for each in hours.values()
        for one in each
        if one.overlaps(window)
    ]
    return opened + [one.interval for one in found if not one.is_hatched]


def _sort(
    found: Sequence[Block], days: Sequence[date], zone: ZoneInfo
) -> dict[tuple[date, int], list[Block]]:
    """Return the blocks by date and column; one that goes over midnight stands on both dates."""
    wholes = [(day, day_interval(day, zone)) for day in days]
    sorted_: dict[tuple[date, int], list[Block]] = {}
    for block in found:
        for day, whole in wholes:
            if block.start < whole.end and whole.start < block.end:
                sorted_.setdefault((day, block.resource_id), []).append(block)
    return sorted_


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What all columns of a page share: the hours shown, who looks, and when."""

    shown: tuple[int, int]
    viewer: Viewer
    zone: ZoneInfo
    now: datetime

    def column(
        self, day: date, resource: Resource, found: Sequence[Block], hours: list[Interval] | None
    ) -> Column:
        part = frame(day, *self.shown, self.zone)
        return Column(
            day=day,
            resource=resource,
            frame=part,
            placed=self.place(found, part),
            closed=[] if hours is None else part.closed(hours),
            now_row=part.row_at(self.now),
            is_shifted=self.is_shifted(part),
            can_move_here=hours is None or self.viewer.may_open(resource.id),
        )

    def is_shifted(self, part: Frame) -> bool:
        """Tell whether the clocks change within what is shown of a day."""
        first, last = self.shown
        is_late = part.start.astimezone(self.zone).hour != first % HOURS_OF_A_DAY
        return is_late or part.rows != (last - first) * ROWS_OF_AN_HOUR

    def place(self, found: Sequence[Block], part: Frame) -> list[Placed]:
        """Give each block its rows, and its part of the column beside those it overlaps."""
        rows = [(block, part.place(block.interval)) for block in found]
        seen = [(block, one) for block, one in rows if one is not None]
        solid = [(id(block), one) for block, one in seen if not block.is_hatched]
        found_lanes = lanes([one for _block, one in solid])
        beside = {number: lane for (number, _one), lane in zip(solid, found_lanes, strict=True)}
        return [
            Placed(
                block=block,
                rows=one,
                lane=beside.get(id(block), ALONE),
                is_movable=block.kind is BlockKind.BOOKING
                and block.status is Status.BOOKED
                and self.viewer.may_open(block.practitioner_id),
                is_open=block.is_hatched or self.viewer.may_open(block.practitioner_id),
            )
            for block, one in seen
        ]


def week_days(day: date) -> list[date]:
    """Return the seven dates from the Monday of a date's week."""
    monday = day - day.weekday() * DAY
    return [monday + number * DAY for number in range(7)]

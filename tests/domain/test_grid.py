"""The geometry of the calendar: rows of five minutes, clock changes, and who stands beside whom."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.availability import day_interval
from booking.domain.gaps import gaps
from booking.domain.grid import PARTS, Lane, Rows, frame, hours_shown, lanes
from booking.domain.intervals import Interval

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
TUESDAY = date(2026, 11, 24)

SPANS = st.lists(st.builds(Rows, st.integers(0, 40), st.integers(1, 20)), max_size=14)


def overlap(one: Rows, other: Rows) -> bool:
    return one.start < other.end and other.start < one.end


@given(SPANS)
def test_what_overlaps_stands_side_by_side_and_in_no_more_parts_than_it_takes(spans):
    found = lanes(spans)
    most = max((sum(overlap(one, Rows(row, 1)) for one in spans) for row in range(60)), default=0)
    for number, (one, lane) in enumerate(zip(spans, found, strict=True)):
        assert 0 <= lane.number < lane.beside <= most
        beside = [place for place, other in enumerate(spans) if overlap(one, other)]
        assert all(found[place].number != lane.number for place in beside if place != number)
        assert {found[place].beside for place in beside} == {lane.beside}
        if beside == [number]:
            assert lane.beside == 1
        assert 0 <= lane.parts.start < lane.parts.end <= PARTS


@pytest.mark.parametrize(
    ("lane", "parts"),
    [
        (Lane(0, 1), Rows(0, 12)), (Lane(1, 3), Rows(4, 4)), (Lane(4, 5), Rows(8, 2)),
        (Lane(11, 12), Rows(11, 1)), (Lane(14, 15), Rows(11, 1)),
    ],
)  # fmt: skip
def test_a_lane_is_a_part_of_the_column_and_the_last_is_shared_by_too_many(lane, parts):
    assert lane.parts == parts


@given(st.permutations([Rows(0, 12), Rows(6, 12), Rows(12, 6), Rows(30, 3)]))
def test_the_same_sessions_stand_the_same_whatever_order_they_come_in(spans):
    found = dict(zip(spans, lanes(spans), strict=True))
    assert {one: tuple(lane) for one, lane in found.items()} == {
        Rows(0, 12): (0, 2), Rows(6, 12): (1, 2), Rows(12, 6): (0, 2), Rows(30, 3): (0, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "zone", "hours", "walls"),
    [
        (TUESDAY, NEW_YORK, 24, ["00", "01", "02", "03"]),
        (date(2026, 3, 8), NEW_YORK, 23, ["00", "01", "03", "04"]),
        (date(2026, 11, 1), NEW_YORK, 25, ["00", "01", "01", "02"]),
        (date(2026, 10, 4), LORD_HOWE, 23.5, ["00", "01", "03", "04"]),
        (date(2026, 4, 5), LORD_HOWE, 24.5, ["00", "01", "02", "03"]),
    ],
)
def test_a_day_has_as_many_rows_as_hours_pass_and_the_labels_of_its_wall(day, zone, hours, walls):
    found = frame(day, 0, 24, zone)
    assert found.rows == hours * 12
    assert isinstance(found.rows, int)
    assert found.day == day
    assert found.whole == day_interval(day, zone)
    assert [f"{one.instant.astimezone(zone):%H}" for one in found.marks[:4]] == walls
    assert all(found.row_at(one.instant) == one.row for one in found.marks)
    assert all(isinstance(one.row, int) for one in found.marks)


def test_a_session_stands_in_the_rows_it_touches_and_what_is_not_shown_in_none():
    found = frame(TUESDAY, 8, 18, NEW_YORK)
    nine = datetime(2026, 11, 24, 14, tzinfo=UTC)

    def place(start: float, minutes: float) -> Rows | None:
        begins = nine + timedelta(minutes=start)
        return found.place(Interval(begins, begins + timedelta(minutes=minutes)))

    assert place(0, 60) == Rows(12, 12)
    assert place(3, 1) == Rows(12, 1)
    assert place(3, 4) == Rows(12, 2)
    assert place(-120, 90) == Rows(0, 6)
    assert place(-120, 60) is place(9 * 60, 60) is None
    assert found.closed([Interval(nine, nine + timedelta(hours=4))]) == [Rows(0, 12), Rows(60, 60)]


def test_the_hours_shown_hold_all_that_happens_and_never_less_than_the_middle_of_the_day():
    def shown(*spells: tuple[float, float]) -> tuple[int, int]:
        midnight = day_interval(TUESDAY, NEW_YORK).start
        found = [
            Interval(midnight + timedelta(hours=start), midnight + timedelta(hours=end))
            for start, end in spells
        ]
        return hours_shown([TUESDAY], found, NEW_YORK)

    assert shown() == (8, 18)
    assert shown((9, 17)) == (8, 18)
    assert shown((6.5, 20.25)) == (6, 21)
    assert shown((23, 24)) == (8, 24)
    assert shown((23, 25)) == (8, 24)
    assert shown((-1, 1)) == (0, 18)


def test_free_time_is_what_is_open_and_not_taken_and_long_enough():
    whole = day_interval(TUESDAY, NEW_YORK)

    def at(hour: float) -> datetime:
        return whole.start + timedelta(hours=hour)

    hours = [Interval(at(9), at(13)), Interval(at(14), at(18))]
    taken = [Interval(at(9), at(10)), Interval(at(10.2), at(11)), Interval(at(15), at(20))]
    assert gaps(hours, taken, whole, at(0)) == [Interval(at(11), at(13)), Interval(at(14), at(15))]
    assert gaps(hours, taken, whole, at(12.5)) == [
        Interval(at(12.5), at(13)), Interval(at(14), at(15)),
    ]  # fmt: skip
    assert gaps(hours, taken, whole, at(12.8)) == [Interval(at(14), at(15))]

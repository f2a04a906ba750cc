"""Half-open stretches of time `[start, end)` and the little algebra availability needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From `start` up to but not including `end`; both aware UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share any time; touching ends share none."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        return self.start <= other.start and other.end <= self.end


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time as few intervals as possible, in order; empty ones vanish."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.start >= interval.end:
            continue
        if merged and interval.start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = Interval(last.start, max(last.end, interval.end))
        else:
            merged.append(interval)
    return merged


def subtract(whole: Interval, parts: Iterable[Interval]) -> list[Interval]:
    """Return what is left of `whole` without `parts`, in order; nothing of an empty one."""
    left = []
    start = whole.start
    for part in merge(parts):
        left.append(Interval(start, min(part.start, whole.end)))
        start = max(start, part.end)
    left.append(Interval(start, whole.end))
    return [interval for interval in left if interval.start < interval.end]


def intersect(some: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the time that is in both; each is in order and without overlaps."""
    found = []
    mine, theirs = 0, 0
    while mine < len(some) and theirs < len(others):
        start = max(some[mine].start, others[theirs].start)
        end = min(some[mine].end, others[theirs].end)
        if start < end:
            found.append(Interval(start, end))
        if some[mine].end <= others[theirs].end:
            mine += 1
        else:
            theirs += 1
    return found


def without(intervals: Iterable[Interval], parts: Iterable[Interval]) -> list[Interval]:
    """Return what is left of all `intervals` without `parts`, in order."""
    parts = merge(parts)
    if not parts:
        return merge(intervals)
    return [rest for one in merge(intervals) for rest in subtract(one, parts)]

"""Who stands in a place that several share: they take turns by the day, the same for everybody."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

T = TypeVar("T")


def in_turn(ranked: Sequence[T], places: int, day: date) -> list[T]:
    """Return who has the places on a day: always the first, and the others one after another.

    Within as many days as it takes, each of them has had a place.
    """
    if len(ranked) <= places or places < 2:
        return list(ranked[: max(places, 0)])
    first, *others = ranked
    begin = day.toordinal() * (places - 1) % len(others)
    return [first, *(others + others)[begin : begin + places - 1]]

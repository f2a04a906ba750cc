"""Dates of series, names in addresses, and pictures' sizes: small rules, each with its edges."""

from datetime import UTC, date, datetime

import pytest

from booking.domain.errors import MoveTooLate, PasswordGuessable, Refusal
from booking.domain.names import fold, free_slug, slug
from booking.domain.pictures import Pictured, height_of, pictured, widths_of
from booking.domain.placeholders import paragraphs, unfill
from booking.domain.repeats import Clock, Occurrence, occurrences
from booking.domain.series import dates_of, start_of, wall_time
from booking.domain.turns import in_turn
from booking.domain.zones import load_zone

ZONE = load_zone("America/New_York")


def ny(month: int, day: int, hour: int, minute: int = 0, year: int = 2026, fold: int = 0):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE, fold=fold).astimezone(UTC)


def test_a_series_keeps_its_time_on_the_wall():
    first = ny(10, 27, 14, 30)
    assert list(occurrences(first, 2, 3, ZONE)) == [
        Occurrence(0, date(2026, 10, 27), first, Clock.PLAIN),
        Occurrence(1, date(2026, 11, 10), ny(11, 10, 14, 30), Clock.PLAIN),
        Occurrence(2, date(2026, 11, 24), ny(11, 24, 14, 30), Clock.PLAIN),
    ]


@pytest.mark.parametrize(
    ("first", "clock", "then"),
    [
        (ny(3, 7, 2, 30, 2027), Clock.SKIPPED, ny(3, 14, 3, year=2027)),
        (ny(10, 25, 1, 30), Clock.TWICE, ny(11, 1, 1, 30)),
    ],
)
def test_a_series_says_where_the_clocks_skip_it_or_show_it_twice(first, clock, then):
    one = list(occurrences(first, 1, 2, ZONE))[1]
    assert (one.clock, one.starts_at) == (clock, then)


def test_a_series_that_begins_in_the_second_of_two_hours_goes_on_plainly():
    first, later = occurrences(ny(11, 1, 1, 30, fold=1), 1, 2, ZONE)
    assert first.starts_at == ny(11, 1, 1, 30, fold=1)
    assert (later.starts_at, later.clock) == (ny(11, 8, 1, 30), Clock.PLAIN)


def test_the_dates_of_a_class_begin_and_end_with_those_named():
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert dates_of(1, monday, date(2026, 12, 8)) == [
        tuesday, date(2026, 12, 1), date(2026, 12, 8),
    ]  # fmt: skip
    assert dates_of(1, tuesday, date(2026, 12, 7), {date(2026, 12, 1)}) == [tuesday]
    assert dates_of(0, tuesday, date(2026, 11, 29)) == []
    assert dates_of(0, tuesday, date(2026, 11, 30)) == [date(2026, 11, 30)]
    assert wall_time(tuesday, 18 * 60 + 5) == datetime(2026, 11, 24, 18, 5)
    assert start_of(tuesday, 18 * 60 + 5, ZONE) == ny(11, 24, 18, 5)


def test_names_are_found_without_accents_and_stand_in_addresses():
    assert fold("  ÉMILE   Roux ") == "emile roux"
    assert slug("  Gentle Yoga & Qi-Gong! ") == "gentle-yoga-qi-gong"
    assert slug("a" * 59 + " b") == "a" * 59
    assert slug("a" * 70) == slug("¡" + "a" * 70) == "a" * 60
    assert slug("ab cd", 4) == "ab-c"
    assert slug("!!") == ""
    assert free_slug("yoga", set()) == "yoga"
    assert free_slug("yoga", {"yoga", "yoga-2", "yoga-4"}) == "yoga-3"


def test_a_picture_has_the_sizes_that_it_has_room_for():
    assert widths_of(1600) == [480, 960, 1600]
    assert widths_of(480) == [480]
    assert widths_of(481) == [480, 481]
    assert height_of(480, 1600, 1000) == 300
    assert height_of(480, 1600, 1) == 1
    assert height_of(3, 2, 1) == 2


def test_a_picture_is_known_by_its_address_alone():
    address = f"/pictures/{'a1' * 10}-1000x500.jpg"
    found = pictured(address)
    assert found == Pictured("a1" * 10, 1000, 500, "jpg")
    assert found.address == address
    assert found.small_address == f"/pictures/{'a1' * 10}-480x240.webp"
    assert found.height_of(960) == 480
    assert found.srcset("webp") == (
        f"/pictures/{'a1' * 10}-480x240.webp 480w, /pictures/{'a1' * 10}-960x480.webp 960w, "
        f"/pictures/{'a1' * 10}-1000x500.webp 1000w"
    )
    assert pictured(f"/pictures/{'a1' * 10}-0x500.jpg") is None
    assert pictured("https://elsewhere.example" + address) is None


def test_a_refusal_carries_its_sentence_and_its_values():
    refusal = MoveTooLate(deadline=date(2026, 11, 24))
    assert str(refusal) == MoveTooLate.message
    assert refusal.values == {"deadline": date(2026, 11, 24)}
    assert issubclass(PasswordGuessable, Refusal)
    assert PasswordGuessable("date").message == PasswordGuessable.HINTS["date"]
    assert PasswordGuessable("bruteforce").message == PasswordGuessable.message
    assert PasswordGuessable("date").values == {}


def test_the_longer_of_two_values_is_named_and_lines_of_another_machine_are_lines():
    values = {"name": "Zoe", "whole": "Zoe Adams", "place": "Ann Arbor", "first": "Ann"}
    assert unfill("Zoe Adams of Ann Arbor", values) == "{whole} of {place}"
    assert unfill("Zoe Zo", {"long": "Zoe Zo", "a": "Zo"}) == "{long}"
    assert unfill("a bb", {"short": "b", "x": "a", "long": "a bb"}) == "{long}"
    assert paragraphs("One\r\ntwo\r\n\r\nthree") == [["One", "two"], ["three"]]


def test_whoever_has_room_stands_in_order():
    days = [in_turn(["a", "b", "c"], 3, date(2026, 11, day)) for day in range(1, 4)]
    assert days == [["a", "b", "c"]] * 3

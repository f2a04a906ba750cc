"""What a practitioner hears of: in the morning's sheet, or at once."""

import pytest

from booking.accounts.audit import GUEST
from booking.bookings import changes
from booking.database import DatabaseBusy, transact
from booking.practice import queries as practice
from booking.studio import sheet_messages
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import ADA, at, book, take_time_off
from tests.cast_classes import plan_class, take
from tests.mail.following import change, mails, want_sheet

NEWS = ("studio_new", "studio_moved", "studio_cancelled", "studio_places", "studio_dates")


def of_lena(studio, day: int, now, hour: int = 14, **more: object) -> int:
    return book(studio.training, at(hour, day=day), now(), details=ADA, **more).id


def test_the_sheet_says_who_comes_when_and_what_is_free_and_no_note(studio, now):
    want_sheet(studio, now, news=False)
    of_lena(studio, 24, now, visitor="a")
    of_lena(studio, 24, now, hour=10, visitor="b")
    take(plan_class(studio, now())[0], now(), "Tom Wexler")
    take_time_off(studio, now(), at(12), at(13))
    now.set(at(6, 59))
    turn()
    assert mails("sheet") == []
    now.set(at(7))
    turn()
    turn()
    (sheet,) = mails("sheet")
    assert sheet.to_address == "lena@heronlane.example"
    lines = sheet.body_text.replace("\u202f", " ").splitlines()
    assert "10:00 AM – 11:00 AM Ada Bishop (first visit, newly booked)" in lines
    assert "11:00 AM – 12:00 PM free" in lines
    assert "12:00 PM – 1:00 PM time off" in lines
    assert "  1 of 2 places" in lines
    assert "dentist" not in sheet.body_text.replace("\u202f", " ")
    assert sheet.useless_after == at(0, day=25)
    assert sheet.erase_at is not None


def test_what_is_called_off_stands_there_as_gone(studio, now):
    want_sheet(studio, now, news=False)
    booking = of_lena(studio, 24, now)
    now.forward(minutes=4)
    turn()
    transact(changes.cancel, booking, GUEST, practice.current(), now())
    now.set(at(7))
    turn()
    (sheet,) = mails("sheet")
    assert "No longer today:\n\n- Ada Bishop, Training" in sheet.body_text.replace("\u202f", " ")


def test_a_day_without_anything_has_no_sheet(studio, now):
    want_sheet(studio, now, news=True)
    now.set(at(7))
    turn()
    assert mails("sheet") == []


def test_the_time_is_a_setting_and_a_late_worker_still_writes_it(studio, now):
    change(sheet_at=9 * 60)
    want_sheet(studio, now, news=False)
    of_lena(studio, 24, now)
    now.set(at(8))
    turn()
    assert mails("sheet") == []
    now.set(at(13))
    turn()
    assert len(mails("sheet")) == 1


def test_news_wait_for_the_sheet_and_are_told_in_it_once(studio, now):
    want_sheet(studio, now, news=True)
    of_lena(studio, 27, now)
    now.forward(minutes=10)
    turn()
    assert [one.state.value for one in mails(*NEWS)] == ["waiting"]
    now.set(at(7))
    turn()
    now.set(at(10))
    turn()
    (sheet,) = mails("sheet")
    assert "- New: Ada Bishop, Fri, Nov 27, 2:00 PM" in sheet.body_text.replace("\u202f", " ")
    assert sheet.useless_after is None
    (told,) = mails(*NEWS)
    assert (told.state.value, told.attempts) == ("sent", 0)
    assert findings(now()) == []


def test_what_is_taken_back_before_the_sheet_is_never_told(studio, now):
    want_sheet(studio, now, news=True)
    booking = of_lena(studio, 27, now)
    now.forward(minutes=10)
    turn()
    transact(changes.cancel, booking, GUEST, practice.current(), now())
    now.set(at(7))
    turn()
    assert mails("sheet", *NEWS) == []


def test_what_the_sheet_has_told_is_known_when_it_changes(studio, now):
    want_sheet(studio, now, news=True)
    booking = of_lena(studio, 27, now)
    now.set(at(7))
    turn()
    want_sheet(studio, now, news=False)
    transact(changes.cancel, booking, GUEST, practice.current(), now())
    turn()
    assert mails("studio_cancelled")[0].state.value == "sent"


@pytest.mark.parametrize(("day", "state"), [(24, "sent"), (25, "waiting")])
def test_what_concerns_the_time_before_the_next_sheet_is_told_at_once(studio, now, day, state):
    want_sheet(studio, now, news=True)
    booking = of_lena(studio, day, now)
    now.set(at(7))
    turn()
    now.set(at(8))
    transact(changes.cancel, booking, GUEST, practice.current(), now())
    turn()
    assert [one.state.value for one in mails("studio_cancelled")] == [state]


def test_without_the_sheet_news_go_by_themselves(studio, now, monkeypatch):
    def fail(*_arguments: object) -> None:
        raise RuntimeError("planted")

    want_sheet(studio, now, news=True)
    of_lena(studio, 27, now, visitor="a")
    of_lena(studio, 24, now, visitor="b")
    with monkeypatch.context() as poisoned:
        poisoned.setattr(sheet_messages, "sheet", fail)
        now.set(at(7))
        turn()
        now.set(at(7, 29))
        turn()
        assert [one.state.value for one in mails(*NEWS)] == ["waiting"] * 2
        now.set(at(7, 30))
        turn()
    assert [one.state.value for one in mails(*NEWS)] == ["sent"] * 2
    assert mails("sheet") == []
    now.set(at(8))
    turn()
    assert [one.state.value for one in mails("sheet")] == ["sent"]


def test_a_busy_database_puts_no_sheet_off(studio, now, monkeypatch):
    """What is nobody's fault is tried again next turn, and marks nobody's sheet as written."""

    def fail(*_arguments: object) -> None:
        raise DatabaseBusy

    want_sheet(studio, now, news=False)
    of_lena(studio, 24, now)
    now.set(at(7))
    with monkeypatch.context() as busy:
        busy.setattr(sheet_messages, "sheet", fail)
        turn()
    turn()
    assert len(mails("sheet")) == 1

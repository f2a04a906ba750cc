"""Planning a series: rows up to a horizon, each with the time it takes; nothing is doubled."""

from datetime import date

import pytest

from booking.accounts.audit import Actor
from booking.bookings import changes
from booking.catalog.queries import find_option, terms_of
from booking.classes import planning
from booking.classes.models import ClassSeries, ClassSession, SessionState
from booking.database import db, transact
from booking.domain.errors import EmptySeries, NotOffered, SlotTaken, TermNeedsEnd
from booking.domain.openings import openings_on
from booking.practice import queries as practice
from booking.scheduling.models import OpeningHours
from booking.scheduling.queries import load_diary
from booking.upkeep.check import findings
from booking.worker import look_around
from tests.cast import at, book, hold
from tests.cast_classes import plan_class

STAFF = Actor("staff", 1)


def dates() -> list[date]:
    db.session.rollback()
    found = db.session.query(ClassSession).order_by(ClassSession.starts_at)
    return [session.local_start.date() for session in found]


def states() -> list[SessionState]:
    db.session.rollback()
    return [one.state for one in db.session.query(ClassSession).order_by(ClassSession.starts_at)]


def test_sessions_are_rows_up_to_the_horizon(studio, now):
    plan_class(studio, now())
    # Seventy days from Monday, 23 November: the last Tuesday is 26 January.
    assert (dates()[0], dates()[-1], len(dates())) == (date(2026, 11, 24), date(2027, 1, 26), 10)
    assert set(states()) == {SessionState.PLANNED}
    assert findings(now()) == []


def test_the_worker_moves_the_horizon_on(studio, now):
    plan_class(studio, now())
    now.set(at(12, day=1, month=12))
    look_around()
    look_around()
    assert (dates()[-1], len(dates())) == (date(2027, 2, 9), 12)
    assert findings(now()) == []


def test_skipped_dates_and_the_last_date_hold(studio, now):
    skipped = (date(2026, 12, 8), date(2026, 12, 22))
    plan_class(studio, now(), skipped=skipped, last_on=date(2026, 12, 29))
    assert [day.day for day in dates()] == [24, 1, 15, 29]


def test_what_is_over_when_it_is_planned_is_left_out(studio, now):
    plan_class(studio, now(), first_on=date(2026, 11, 10), last_on=date(2026, 12, 1))
    assert dates() == [date(2026, 11, 24), date(2026, 12, 1)]


def test_a_class_takes_the_time_of_its_teacher_and_its_room(studio, now):
    plan_class(studio, now(), start_minute=10 * 60)
    with pytest.raises(SlotTaken):  # Lena's own massage, in another room.
        hold(studio.hour, at(10), "v", now(), practitioner=studio.lena)
    with pytest.raises(SlotTaken):  # Training needs the hall.
        hold(studio.training, at(10), "v", now())
    hold(studio.hour, at(10), "v", now(), practitioner=studio.marco)


def test_openings_know_the_classes(studio, now):
    plan_class(studio, now(), start_minute=10 * 60)
    option = find_option(studio.hour)
    assert option is not None
    terms = terms_of([option])[option.id].only(studio.lena)
    studio_now = practice.current()
    day = date(2026, 11, 24)
    diary = load_diary([terms], day, day, studio_now.zone, now())
    starts = [one.starts_at for one in openings_on(day, terms, diary, studio_now.policy, now())]
    # A massage and its turnover need 75 minutes: nothing begins between 9:00 and 11:00.
    assert at(11) in starts
    assert not [start for start in starts if at(9) < start < at(11)]


def test_a_date_that_clashes_with_a_massage_is_kept_for_the_planner_alone(studio, now, client):
    book(studio.hour, at(16, day=1, month=12), now(), practitioner=studio.lena)
    plan_class(studio, now(), start_minute=16 * 60, last_on=date(2026, 12, 8))
    assert states() == [SessionState.PLANNED, SessionState.CLASH, SessionState.PLANNED]
    page = client.get("/classes/gentle-yoga").text
    assert page.count("places left") == 2
    clash = db.session.query(ClassSession).filter_by(state=SessionState.CLASH).one()
    assert client.get(f"/classes/book/{clash.id}").status_code == 404
    assert findings(now()) == []


def test_a_clash_is_planned_once_the_time_is_free(studio, now):
    massage = book(studio.hour, at(16, day=1, month=12), now(), practitioner=studio.lena)
    plan_class(studio, now(), start_minute=16 * 60)
    transact(changes.cancel, massage.id, STAFF, practice.current(), now())
    now.forward(days=1)
    look_around()
    assert set(states()) == {SessionState.PLANNED}


def test_classes_are_not_held_to_opening_hours(studio, now):
    assert not db.session.query(OpeningHours).filter_by(weekday=6).count()
    plan_class(studio, now(), weekday=6, first_on=date(2026, 11, 29))
    assert set(states()) == {SessionState.PLANNED}
    with pytest.raises(NotOffered):
        hold(studio.training, at(18, day=29), "v", now())


@pytest.mark.parametrize(
    ("changes_", "refusal"),
    [
        ({"term_cents": 1500}, TermNeedsEnd),
        ({"term_cents": 1500, "last_on": date(2027, 11, 30)}, TermNeedsEnd),
        ({"last_on": date(2026, 11, 24), "skipped": (date(2026, 11, 24),)}, EmptySeries),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(studio, now, changes_, refusal):
    with pytest.raises(refusal):
        plan_class(studio, now(), **changes_)
    assert db.session.query(ClassSeries).count() == 0


def test_two_classes_of_one_name_have_addresses_of_their_own(studio, now):
    plan_class(studio, now())
    plan_class(studio, now(), weekday=2, first_on=date(2026, 11, 25))
    slugs = [one.slug for one in db.session.query(ClassSeries).order_by(ClassSeries.id)]
    assert slugs == ["gentle-yoga", "gentle-yoga-2"]


def test_a_term_is_planned_whole_beyond_the_usual_horizon(studio, now):
    plan_class(studio, now(), term_cents=1500, last_on=date(2027, 5, 25))
    assert dates()[-1] == date(2027, 5, 25)
    assert planning.next_to_extend(practice.current(), now()) is None

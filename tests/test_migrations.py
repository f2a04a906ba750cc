"""The database that migrations build: what the models say, with its guards, both ways."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from booking import guards
from booking.accounts import audit
from booking.catalog.models import Room
from booking.columns import Cents, CleanText, UTCDateTime, WallTime, clean_text
from booking.database import db
from booking.scheduling.models import Claim, ClaimKind, TimeClaim
from booking.upkeep.check import findings
from tests.cast import add_break, at, book, pay
from tests.cast_classes import plan_class, take

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def room(app) -> int:
    room = Room(slug="r", name="Room")
    db.session.add(room)
    db.session.flush()
    return room.id


def claim(room: int, start: datetime, minutes: int) -> TimeClaim:
    time = TimeClaim(
        claim=Claim(kind=ClaimKind.BLOCK, created_at=NOON),
        resource_id=room,
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
    )
    db.session.add(time)
    return time


def test_the_models_and_the_migrations_agree(app):
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []


def test_all_guards_are_in_place(app):
    assert guards.missing(db.session.connection()) == []


def test_down_and_up_again_leaves_the_same(app):
    before = set(inspect(db.engine).get_table_names())
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == before
    assert guards.missing(db.session.connection()) == []


@pytest.mark.parametrize(
    ("start", "minutes"),
    [(0, 60), (30, 60), (-30, 60), (15, 15), (-30, 120), (-1000, 1440)],
    ids=["the same", "its end", "its beginning", "inside", "around", "a long one from before"],
)
def test_the_database_refuses_an_overlap(room, start, minutes):
    claim(room, NOON, 60)
    db.session.flush()
    claim(room, NOON + timedelta(minutes=start), minutes)
    with pytest.raises(IntegrityError, match=guards.NO_OVERLAP):
        db.session.flush()


def test_touching_times_and_other_resources_are_fine(room):
    other = Room(slug="s", name="Other")
    db.session.add(other)
    db.session.flush()
    for place, start in ((room, 0), (room, 60), (room, -60), (other.id, 0)):
        claim(place, NOON + timedelta(minutes=start), 60)
    db.session.flush()


def test_a_change_of_a_claim_is_guarded_as_well(room):
    claim(room, NOON, 60)
    later = claim(room, NOON + timedelta(hours=2), 60)
    db.session.flush()
    later.starts_at = NOON + timedelta(minutes=30)
    with pytest.raises(IntegrityError, match=guards.NO_OVERLAP):
        db.session.flush()


def test_a_claim_is_24_hours_long_at_the_most(room):
    claim(room, NOON, 1440)
    db.session.flush()
    claim(room, NOON + timedelta(days=5), 1441)
    with pytest.raises(IntegrityError, match="time_claim_length"):
        db.session.flush()


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_audit_rows_are_only_ever_added(app, statement):
    audit.record(audit.SYSTEM, "booking:1", "booked", NOON)
    db.session.flush()
    with pytest.raises(IntegrityError, match=guards.APPEND_ONLY):
        db.session.execute(text(statement))


@pytest.mark.parametrize("table", guards.SEALED)
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount_cents = 1", "DELETE FROM {}"])
def test_rows_of_money_are_only_ever_added(studio, now, table, statement):
    pay(book(studio.hour, at(10), now()).id, 9500, now())
    db.session.rollback()
    with pytest.raises(IntegrityError, match=f"{table}_append_only"):
        db.session.execute(text(statement.format(table)))


def test_foreign_keys_are_held(room):
    db.session.add(TimeClaim(claim_id=99, resource_id=room, starts_at=NOON, ends_at=at_one()))
    with pytest.raises(IntegrityError):
        db.session.flush()


def at_one() -> datetime:
    return NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (UTCDateTime(), datetime(2026, 1, 1)),
        (WallTime(), datetime(2026, 1, 1, tzinfo=UTC)),
        (Cents(), 9.5),
        (Cents(), True),
        (Cents(), "9"),
        (CleanText(3), "four"),
        (CleanText(9), "a\0b"),
        (CleanText(9), "a\ud800b"),
        (CleanText(9), "a\u202eb"),
    ],
)
def test_values_that_sqlite_would_keep_are_refused(app, kind, value):
    with pytest.raises(ValueError):
        kind.process_bind_param(value, db.engine.dialect)


def test_text_is_composed():
    assert clean_text("e\u0301") == "é"


def test_instants_come_back_aware_in_utc(room):
    from zoneinfo import ZoneInfo

    time = claim(room, NOON.astimezone(ZoneInfo("Asia/Tokyo")), 60)
    db.session.flush()
    db.session.expire(time)
    assert time.starts_at == NOON
    assert time.starts_at.tzinfo is UTC


def rows_of(*tables: str) -> dict[str, list]:
    db.session.rollback()
    return {
        name: db.session.execute(text(f"SELECT * FROM {name} ORDER BY 1, 2")).all()
        for name in tables
    }


def test_what_was_booked_before_there_were_classes_stays_whole(studio, now):
    """The table of bookings is copied on SQLite; what points to it must find it again."""
    book(studio.hour, at(10), now(), practitioner=studio.lena)
    before = rows_of("booking", "agreed_time", "reminder", "time_claim")
    db.session.remove()
    downgrade(revision="20261122_accounts")
    upgrade()
    after = rows_of("booking", "agreed_time", "reminder", "time_claim")
    assert after["reminder"]
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    (was,), (is_now,) = before["booking"], after["booking"]
    assert dict(was._mapping) == dict(is_now._mapping)
    assert guards.missing(db.session.connection()) == []
    assert findings(now()) == []


def test_classes_leave_with_what_was_booked_in_them(studio, now):
    take(plan_class(studio, now())[0], now(), "Grace Hill")
    booking = book(studio.hour, at(10), now(), practitioner=studio.lena).id
    db.session.remove()
    downgrade(revision="20261122_accounts")
    assert [row.id for row in rows_of("booking")["booking"]] == [booking]
    db.session.remove()  # An open look would keep the tables from being changed.
    upgrade()
    assert db.session.execute(text("SELECT count(*) FROM class_session")).scalar() == 0


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("class_session", "taken = 3"),
        ("class_session", "taken = -1"),
        ("class_session", "state = 'cancelled'"),
        ("booking", "option_id = 1"),
        ("booking", "claim_id = 1"),
        ("booking", "enrolment_id = NULL"),
        ("class_series", "price_cents = -1"),
        ("practice", "offer_minutes = 1"),
        ("recurring_break", "ends_minute = starts_minute"),
        ("recurring_break", "weekday = 7"),
    ],
)
def test_the_database_refuses_what_no_class_can_be(studio, now, table, values):
    take(plan_class(studio, now())[0], now(), "Grace Hill", "Tom Wexler")
    add_break(studio, now())
    db.session.rollback()
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE {table} SET {values}"))


def test_a_person_has_one_live_place_in_a_class_whatever_anybody_writes(studio, now):
    take(plan_class(studio, now())[0], now(), "Grace Hill", "Tom Wexler")
    db.session.rollback()
    with pytest.raises(IntegrityError, match=r"uq_booking_place|class_session_id"):
        db.session.execute(
            text("UPDATE booking SET person_id = (SELECT min(person_id) FROM booking)")
        )

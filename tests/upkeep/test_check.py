"""`flask check` finds what must never be; each rule is shown by breaking it behind its guard."""

from datetime import datetime

import pytest
from sqlalchemy import bindparam, text

from booking import guards
from booking.cli import check
from booking.columns import UTCDateTime, WallTime
from booking.database import db
from booking.upkeep.check import findings
from tests.cast import at, book, hold


@pytest.fixture
def broken(studio, now):
    """Run a statement on data whose guards have been taken away."""
    book(studio.hour, at(10, day=27), now(), practitioner=studio.lena, visitor="a")
    book(studio.hour, at(14, day=27), now(), practitioner=studio.lena, visitor="b")

    def run(statement: str, *values) -> list[str]:
        guards.remove(db.session.connection())
        db.session.execute(text(statement).bindparams(*values))
        db.session.flush()
        return findings(now())

    yield run
    db.session.rollback()


def test_sound_data_has_no_findings(studio, now):
    book(studio.hour, at(10), now())
    assert findings(now()) == []


def test_guards_that_are_gone_are_named(broken):
    found = broken("SELECT 1")
    assert found
    assert all("lost its guard" in one for one in found)


BREAKS = {
    "time is claimed twice": "UPDATE time_claim SET starts_at = :first",
    "has no time claimed for its practitioner": "DELETE FROM time_claim WHERE resource_id = :lena",
    "has no time claimed for its room": "DELETE FROM time_claim WHERE resource_id = :room",
    "was never confirmed by mail": "DELETE FROM outgoing_mail WHERE kind = 'confirmed'",
    "is off or has moved": "UPDATE booking SET revision = 2",
    "reminds of what is off or has moved": """
        UPDATE outgoing_mail SET kind = 'reminder', about_revision = 2, useless_after = :first""",
    "could leave when it has begun": "UPDATE outgoing_mail SET kind = 'reminder'",
    "a state without an audit row": "UPDATE booking SET status = 'arrived'",
    "which is now another instant": "UPDATE booking SET local_start = :moved",
    "belongs to no booking": "UPDATE claim SET kind = 'booking', expires_at = NULL",
}


@pytest.mark.parametrize("sentence", BREAKS)
def test_each_broken_rule_is_found(broken, studio, now, sentence):
    if sentence == "belongs to no booking":
        hold(studio.hour, at(9, day=30), "c", now())
    values = {
        "lena": bindparam("lena", studio.lena),
        "room": bindparam("room", studio.room),
        "first": bindparam("first", at(10, day=27), UTCDateTime()),
        "moved": bindparam("moved", datetime(2026, 11, 27, 11), WallTime()),
    }
    statement = BREAKS[sentence]
    used = [value for name, value in values.items() if f":{name}" in statement]
    assert any(sentence in one for one in broken(statement, *used))


def test_the_command_says_so_by_its_exit_code(app, studio, now):
    book(studio.hour, at(10), now())
    runner = app.test_cli_runner()
    assert runner.invoke(check).exit_code == 0
    db.session.execute(text("DELETE FROM outgoing_mail"))
    db.session.commit()
    result = runner.invoke(check)
    assert result.exit_code == 1
    assert "was never confirmed by mail" in result.output

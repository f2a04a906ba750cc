"""Two workers that are killed while they send reminders: none is lost, hardly any comes twice."""

import pytest

from tests.faults import reminders_killed
from tests.faults.figures import size, tell

# `python -m tests.faults.reminders_killed` runs the full size on durable disks.
KILLS = size(8, 200)


@pytest.fixture
def connected(app, settings, database_url) -> dict:
    return {**settings, "SQLALCHEMY_DATABASE_URI": database_url}


def test_killed_workers_lose_no_reminder(connected, studio, engine_name):
    found = reminders_killed.run(connected, studio, mails=size(120, 100_000), kills=KILLS)
    tell("reminders", engine_name, **vars(found))
    assert (found.kills, found.lost, found.unmarked) == (KILLS, 0, 0)
    assert found.extra <= found.kills


@pytest.mark.parametrize("way", ["mark first", "commit at the end"])
def test_a_wrong_way_to_send_is_found_out(connected, studio, engine_name, way):
    middle = ("offered", "named", "taken", "answered")
    found = reminders_killed.run(connected, studio, mails=100, kills=4, way=way, moments=middle)
    tell(way, engine_name, **vars(found))
    if way == "mark first":
        assert found.lost > 0
    else:
        assert found.extra > found.kills

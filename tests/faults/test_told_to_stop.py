"""A site that is told to stop in the middle: what it has begun it ends, and says so."""

import signal
import time

from tests.faults.callers import Callers, judge, widen
from tests.faults.deaths import dawdle
from tests.faults.figures import size, tell
from tests.faults.sites import sites

STOPS = size(2, 50)
ROUNDS = 20


def test_a_request_is_finished_or_never_begun_when_the_site_is_told_to_stop(
    app, studio, database_url, tmp_path, engine_name
):
    """Nobody sends anything twice here: an answer that is missing means that nothing was done."""
    wide, codes = widen(studio, 1 + STOPS // 60), []
    with sites(database_url, tmp_path, 1, dawdle, WTF_CSRF_ENABLED=False) as group:
        callers = Callers(group, wide, patient=False)
        for _stop in range(STOPS):
            callers.stop.clear()
            with callers.calling():
                callers.wait_for(2)
                codes.append(group[0].end())
            group[0].begin()
            group[0].wait()
    seen = judge(callers)
    tell("told to stop", engine_name, stops=STOPS, exit_codes=sorted(set(codes)), **vars(seen))
    assert set(codes) == {0}, group[0].said()
    assert (seen.lost, seen.doubled, seen.unasked, seen.half) == (0, 0, 0, 0)


def test_a_site_that_is_killed_has_booked_what_nobody_was_told(
    app, studio, database_url, tmp_path, engine_name
):
    """The control: the same with a signal that leaves no time to finish."""
    wide, rounds = widen(studio, 1), 0
    with sites(database_url, tmp_path, 1, dawdle, WTF_CSRF_ENABLED=False) as group:
        callers = Callers(group, wide, patient=False)
        while rounds < ROUNDS and judge(callers).unasked == 0:
            callers.stop.clear()
            with callers.calling():
                callers.wait_for(2)
                # Each time a little later, until it falls between a commit and its answer.
                time.sleep(0.04 * rounds)
                group[0].end(signal.SIGKILL)
            rounds += 1
            group[0].begin()
            group[0].wait()
    seen = judge(callers)
    tell("told to stop", engine_name, control="kill -9", stops=rounds, **vars(seen))
    assert seen.unasked > 0

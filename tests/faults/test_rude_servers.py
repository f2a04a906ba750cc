"""Mail servers as they are: none makes us lose a mail, repeat it for long, or wait without end."""

import statistics
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from booking import sending, worker
from booking.database import DatabaseBusy, db, transact
from booking.mail import bounces, claims, health, lane
from booking.mail.models import MailState, OutgoingMail
from booking.worker import Loop, sweep, turn
from tests.faults.mail_server import CUT
from tests.faults.rude_letters import errors, fates, write


def test_a_batch_leaves_over_one_connection_with_the_last_mail_forgotten(now, rude):
    write(now, "a", "b", "c")
    turn()
    assert (rude.connections, len(rude.taken)) == (1, 3)
    assert [one for one in rude.heard if one in {"rset", "quit"}] == ["rset"] * 3 + ["quit"]


def test_a_server_that_cuts_after_the_mail_gets_it_again_and_the_others_go(now, rude):
    write(now, "a", "b", "c")
    rude.answers["END"] = lambda address: CUT if address == "b@example.com" else ""
    turn()
    assert fates() == {"a": ("sent", 1), "b": ("waiting", 1), "c": ("sent", 1)}
    del rude.answers["END"]
    now.forward(minutes=1)
    turn()
    assert set(fates().values()) == {("sent", 1), ("sent", 2)}
    copies = {mail["Message-ID"] for address, mail in rude.taken if address == "b@example.com"}
    assert (len(rude.taken), len(copies)) == (4, 1)


def test_a_server_that_cuts_every_mail_is_left_alone_for_a_while(now, rude):
    names = [f"guest{number}" for number in range(9)]
    write(now, *names)
    rude.answers["END"] = CUT
    turn()
    tries = [tries for _state, tries in fates().values()]
    assert tries == [1] * 3 + [0] * 6
    assert "again and again" in lane.state().trouble
    del rude.answers["END"]
    now.forward(minutes=1)
    turn()
    assert {state for state, _tries in fates().values()} == {"sent"}
    assert lane.state().troubles == 0


def test_who_is_put_off_at_first_is_served_a_minute_later(now, rude):
    names = [f"guest{number}" for number in range(5)]
    known: set[str] = set()

    def greylist(address: str) -> str:
        is_new = address not in known
        known.add(address)
        return "451 4.7.1 Greylisted, please come again" if is_new else ""

    rude.answers["RCPT"] = greylist
    write(now, *names)
    turn()
    assert (set(fates().values()), rude.connections) == ({("waiting", 1)}, 1)
    now.forward(minutes=1)
    turn()
    assert set(fates().values()) == {("sent", 2)}
    assert sorted(rude.reached()) == sorted(known)


@pytest.mark.parametrize(
    ("url", "answers", "said"),
    [
        ("smtp://localhost:1", {}, "refused"),
        ("", {"greeting": "554 not today"}, "554 not today"),
        ("", {"greeting": CUT}, "Disconnected"),
        ("smtp://me:hush@localhost:{}", {}, "no TLS"),
        ("", {"MAIL": "451 4.3.0 mail system full"}, "451"),
        ("", {"MAIL": "550 5.7.1 who are you"}, "who are you"),
        ("", {"RCPT": "554 5.7.1 <a@example.com>: Relay access denied"}, "Relay"),
        ("", {"RCPT": "421 4.3.2 shutting down"}, "shutting down"),
    ],
)
def test_while_the_server_serves_nobody_no_mail_uses_up_its_tries(app, now, rude, url, answers,
                                                                  said):  # fmt: skip
    app.config["SMTP_URL"] = (url or rude.url).format(rude.port)
    rude.answers = dict(answers)
    names = [f"guest{number}" for number in range(3)]
    write(now, *names)
    waited, rounds = [], 5 if said in {"refused", "who are you"} else 1
    for _time in range(rounds):
        assert sending.send_due() <= 1
        assert sending.send_due() == 0, "nothing is offered while it is away"
        assert said in lane.state().trouble
        waited.append((lane.state().closed_until - now()) / timedelta(minutes=1))
        now.set(lane.state().closed_until)
    assert waited == [1, 2, 4, 5, 5][: len(waited)]
    assert health.look(now()).is_shut_out == (rounds == 5)
    assert set(fates().values()) == {("waiting", 0)}
    assert "hush" not in " ".join(rude.heard)
    app.config["SMTP_URL"], rude.answers = rude.url, {}
    turn()
    assert set(fates().values()) == {("sent", 1)}


def test_a_server_that_ends_a_connection_after_some_mails_is_called_again(now, rude):
    write(now, *[f"guest{number}" for number in range(5)])

    def weary(_argument: str) -> str:
        return "421 4.7.0 enough for one connection" if len(rude.taken) == 2 else ""

    def awake(_argument: str) -> str:
        rude.answers.pop("MAIL", None)  # A new connection begins anew.
        return ""

    rude.answers["MAIL"] = weary
    rude.answers["QUIT"] = awake
    turn()
    assert set(fates().values()) == {("sent", 1)}
    assert (rude.connections, lane.state()) == (2, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_mailbox_and_one_that_is_gone_hold_up_nobody(now, rude):
    said = {"full": "452 4.2.2 over quota", "gone": "550 5.1.1 no such user"}
    rude.answers["RCPT"] = lambda address: said.get(address.partition("@")[0], "")
    write(now, "a", "full", "b", "gone", "c")
    turn()
    assert fates() == {
        "a": ("sent", 1), "full": ("waiting", 1), "b": ("sent", 1), "gone": ("failed", 1),
        "c": ("sent", 1),
    }  # fmt: skip
    marked = [name for name in said if bounces.find(f"{name}@example.com") is not None]
    assert (marked, rude.connections, lane.state()) == (["gone"], 1, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_whom_a_server_refuses_as_if_it_refused_all_is_given_up(now, rude):
    """First after another mail, then each time as the first of a connection."""
    rude.answers["RCPT"] = lambda address: "421 4.7.0 later" if address[:3] == "bad" else ""
    write(now, "good", "bad")
    for ten_minutes in range(30):
        write(now, f"good{ten_minutes}")
        sending.send_due()
        if fates()["bad"][0] != "waiting":
            break
        now.forward(minutes=10)
    assert fates().pop("bad") == ("parked", claims.MOST_TRIES)
    assert health.look(now()).stuck == 1
    assert {state for key, (state, _tries) in fates().items() if key != "bad"} <= {
        "sent",
        "waiting",
    }


def test_the_site_reads_and_writes_while_a_tarpit_holds_the_worker(app, client, now, rude):
    held, go_on = threading.Event(), threading.Event()

    def tar(address: str) -> str:
        if address == "slow@example.com":
            held.set()
            go_on.wait(20)
        return ""

    rude.answers["RCPT"] = tar
    write(now, "slow", "quick")

    def work() -> None:
        with app.app_context():
            turn()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(20)
    while_held = usual_seconds(client)
    assert thread.is_alive()
    assert not go_on.is_set()
    go_on.set()
    thread.join(20)
    assert fates()["slow"] == ("sent", 1)
    # Whoever waited for the worker would wait for the lock's ten seconds or the tarpit's twenty.
    assert while_held < 5 * usual_seconds(client) + 0.5


def usual_seconds(client) -> float:
    """How long a page that reads and one that writes take together, mostly."""

    def measure() -> float:
        begun = time.perf_counter()
        assert client.get("/").status_code == 200
        answer = client.post("/sign-in/link", data={"email": "ada@example.com"})
        assert answer.status_code in {200, 303}
        return time.perf_counter() - begun

    return statistics.median(measure() for _time in range(5))


@pytest.mark.parametrize("way", ["silent", "talks without end"])
def test_a_server_that_never_comes_to_the_point_is_cut_off(now, rude, hasty, way):
    gone = threading.Event()

    def tar(address: str) -> str:
        if address != "slow@example.com":
            return ""
        if way == "silent":
            gone.wait(3)
            return CUT
        return "\r\n".join(["250-still thinking"] * 500) + "\r\n250-more"

    rude.answers["RCPT"] = tar
    write(now, "slow", "quick")
    turn()
    gone.set()
    assert fates() == {"slow": ("waiting", 1), "quick": ("sent", 1)}


def test_letters_and_sizes_that_a_server_cannot_take_are_a_clear_no(now, rude):
    rude.offers = ["8BITMIME", "SIZE 9000"]
    write(now, "zoë@example.com", "ada@bücher.example", "plain")
    write(now, "large", text="Much ado about nothing.\n" * 600)
    turn()
    assert {key: state for key, (state, _tries) in fates().items()} == {
        "zoë@example.com": "failed", "ada@bücher.example": "sent", "plain": "sent",
        "large": "failed",
    }  # fmt: skip
    assert "SMTPUTF8" in errors()
    assert "bytes, the server takes 9000" in errors()
    assert rude.reached() == ["ada@xn--bcher-kva.example", "plain@example.com"]
    assert {mail["To"] for _address, mail in rude.taken} == set(rude.reached())
    offered = [one for one in rude.heard if one.lower().startswith("mail")]
    assert all("size=" in one.lower() and "smtputf8" not in one.lower() for one in offered)
    rude.offers.append("SMTPUTF8")
    write(now, "chloé@example.com")
    turn()
    assert rude.reached()[-1] == "chloé@example.com"
    assert rude.taken[-1][1]["To"] == "chloé@example.com"


def test_what_is_sent_is_marked_though_the_database_is_busy(now, rude, monkeypatch):
    marks = []
    real = claims.mark_sent

    def busy(*args) -> None:
        marks.append(args)
        if len(marks) < 3:
            raise DatabaseBusy
        real(*args)

    monkeypatch.setattr(claims, "mark_sent", busy)
    monkeypatch.setattr(sending, "MARK_AGAIN_SECONDS", (0, 0, 0))
    write(now, "a")
    turn()
    assert (fates(), len(rude.taken)) == ({"a": ("sent", 1)}, 1)


def test_a_worker_that_is_told_to_stop_ends_after_the_mail_it_sends(now, rude):
    write(now, "a", "b", "c")
    assert turn(lambda: len(rude.taken) == 2) == 2
    assert [state for state, _tries in fates().values()] == ["sent", "sent", "waiting"]
    assert rude.heard[-1] == "quit"


def test_a_mail_that_ends_the_worker_each_time_is_parked(now, rude):
    write(now, "deadly")
    for _death in range(claims.MOST_TRIES):
        assert transact(claims.claim_next, now()) is not None
        now.forward(minutes=5)
    assert turn() == 0
    transact(sweep, now())
    assert fates() == {"deadly": (MailState.PARKED.value, claims.MOST_TRIES)}


def test_no_more_mails_leave_in_a_minute_than_the_owner_allows(app, now, rude):
    app.config["MAIL_PER_MINUTE"] = 12
    write(now, *[f"guest{number}" for number in range(30)])
    for _seconds in range(0, 90, 5):
        sending.send_due()
        now.forward(seconds=5)
    sent = db.session.scalars(select(OutgoingMail.sent_at)).all()
    times = sorted(filter(None, sent))
    assert 14 <= len(times) <= 18
    minute = timedelta(minutes=1)
    assert max(sum(begun <= one < begun + minute for one in times) for begun in times) <= 12


def test_a_worker_that_cron_calls_each_minute_sends_all_that_it_may(app, now, rude, monkeypatch):
    app.config["MAIL_PER_MINUTE"] = 12
    monkeypatch.setattr(worker, "turn", sending.send_due)
    write(now, *[f"guest{number}" for number in range(30)])
    loop, begun = Loop(app), now()
    monkeypatch.setattr(loop.stopping, "wait", lambda seconds: now.forward(seconds=seconds))
    loop.run(once=True)
    assert now() - begun < timedelta(minutes=1)
    assert 10 <= len(rude.taken) <= 12

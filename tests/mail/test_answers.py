"""What servers say, and what it means: answers as real ones give them."""

import pytest

from booking.mail import answers
from booking.mail.answers import (
    AddressProblem,
    BrokenProblem,
    FinalProblem,
    RecipientServerProblem,
    ServerProblem,
    TemporaryProblem,
)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown", AddressProblem),
        ("550 5.1.1 The email account that you tried to reach does not exist.", AddressProblem),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address", AddressProblem),
        ("553 5.1.2 no such domain", AddressProblem),
        ("550 5.2.1 mailbox disabled, not accepting messages", AddressProblem),
        ("550 No such user here", AddressProblem),
        ("550 Requested action not taken: mailbox unavailable", AddressProblem),
        ("550 Recipient rejected: user unknown", AddressProblem),
        ("551 User not local", AddressProblem),
        ("550 5.7.1 blocked by policy", FinalProblem),
        ("550 5.7.26 unverified sender", FinalProblem),
        ("550 Message rejected as spam", FinalProblem),
        ("550 <ada@example.com>: Access denied", FinalProblem),
        ("552 5.2.2 mailbox full", FinalProblem),
        ("554 5.7.1 Service unavailable; client host blocked", FinalProblem),
        ("501 5.5.4 syntax", FinalProblem),
        ("550 5.7.1 Relaying denied", RecipientServerProblem),
        ("554 5.7.1 <ada@example.com>: Relay access denied", RecipientServerProblem),
        ("530 5.7.0 Authentication required", RecipientServerProblem),
        ("421 4.3.2 closing", RecipientServerProblem),
        ("450 4.2.0 Greylisted", TemporaryProblem),
        ("451 4.7.1 try again later", TemporaryProblem),
        ("452 4.2.2 over quota", TemporaryProblem),
        ("452 4.5.3 too many recipients", TemporaryProblem),
    ],
)
def test_a_refused_recipient(said, means):
    code, _space, text = said.partition(" ")
    assert type(answers.about_recipient(int(code), text, is_proven=False)) is means
    if means is RecipientServerProblem:
        # Another mail has just been taken: it is not our sign-in, then.
        proven = answers.about_recipient(int(code), text.encode(), is_proven=True)
        assert type(proven) is (TemporaryProblem if code == "421" else FinalProblem)


@pytest.mark.parametrize(
    ("said", "is_proven", "means"),
    [
        ("552 5.3.4 message too big", False, FinalProblem),
        ("550 5.7.1 sender not allowed", False, ServerProblem),
        ("550 5.7.1 sender not allowed", True, TemporaryProblem),
        ("451 4.3.0 out of order", False, ServerProblem),
        ("421 4.7.0 enough for one connection", True, ServerProblem),
    ],
)
def test_a_refused_sender(said, is_proven, means):
    code, _space, text = said.partition(" ")
    assert type(answers.about_sender(int(code), text, is_proven=is_proven)) is means


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("554 5.6.0 content refused", FinalProblem),
        ("550 5.1.1 no such user", FinalProblem),
        ("452 4.3.1 out of space", TemporaryProblem),
        ("421 4.3.2 closing", BrokenProblem),
    ],
)
def test_a_refused_content_says_nothing_about_the_address(said, means):
    code, _space, text = said.partition(" ")
    assert type(answers.about_content(int(code), text)) is means


def test_answers_are_kept_as_one_line():
    words = answers.words_of(550, b"5.1.1 two\nlines\x00\xff" + b"x" * 1000)
    assert words.startswith("550 5.1.1 two lines")
    assert (len(words), words.isprintable()) == (500, True)

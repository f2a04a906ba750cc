"""Which passwords are taken: long enough, not guessed first, nothing else asked."""

import pytest

from booking.accounts import passwords
from booking.domain.errors import PasswordGuessable, PasswordTells, PasswordTooWeak, Refusal

RUNS = "Runs like abcd or 6543 are easy to guess. Use unrelated words."
REPEATS = "Repeating letters or words is easy to guess. Add words that differ."
KEYS = "Neighbouring keys are easy to guess. Use unrelated words."
DATES = "Dates are easy to guess. Use unrelated words."
COMMON = "This is easy to guess. Four words that have nothing in common are better."


@pytest.mark.parametrize(
    ("password", "least"), [("velvet otter 7k", 15), ("x7#Qm2v)", 8)], ids=["alone", "with a code"]
)
def test_the_least_length_is_enough_and_one_character_less_is_not(password, least):
    with pytest.raises(PasswordTooWeak) as refused:
        passwords.hash_password(password[:-1], least=least)
    assert refused.value.values == {"least": least}
    assert passwords.is_match(passwords.hash_password(password, least=least), password)


def test_256_characters_are_taken_and_none_of_them_is_cut_off():
    longest = ("seven kettles under the moss, no lid on any; " * 6)[:256]
    kept = passwords.hash_password(longest)
    assert passwords.is_match(kept, longest)
    assert not passwords.is_match(kept, longest[:-1])


def test_more_are_refused_and_nobody_is_told_that_they_are_too_few():
    with pytest.raises(Refusal) as refused:
        passwords.hash_password("seven kettles under the moss " * 9)
    assert "at least" not in refused.value.message


@pytest.mark.parametrize(
    "password",
    ["  two spaces before", "two spaces after   ", "Grüße aus Łódź, ñandú",
     "雪が降る夜に静かな灯りがともる港", "🦦🕯️⚓ otter candle 🪢", "tab\tand\nnew line in it"],
)  # fmt: skip
def test_every_character_counts_even_a_space(password):
    kept = passwords.hash_password(password)
    assert passwords.is_match(kept, password)
    for less in (password[1:], password[:-1], " ".join(password.split()) + " "):
        assert not passwords.is_match(kept, less)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("amazing GRACE on the hill", "grace"),
        ("a quiet lantern at HeronLane", "heron"),
        ("velvet otter at mymailbox", "mymailbox"),
        (
            "seven kettles under the moss, no lid on any of them, one is cracked; my studio",
            "studio",
        ),
    ],
    ids=["person", "practice", "address", "far behind"],
)
def test_names_that_are_guessed_first_are_refused_by_name(password, word):
    about = ("Grace Hill-Oak", "mymailbox@example.com", "Heron Lane Studio")
    with pytest.raises(PasswordTells) as refused:
        passwords.hash_password(password, about)
    assert refused.value.values == {"word": word}


@pytest.mark.parametrize(
    ("password", "least", "sentence"),
    [
        ("aaaaaaaaaaaaaaaa", 15, REPEATS),
        ("iloveyouiloveyou", 15, REPEATS),
        ("letmein letmein letmein", 15, REPEATS),
        ("abcdefghijklmnop", 15, RUNS),
        ("9876543210fedcba", 15, RUNS),
        ("24.11.1987aaaaaa", 15, DATES),
        ("12/31/1999", 8, DATES),
        ("qwertyuiop[]zxcv", 15, KEYS),
        ("zxcvbnm,./lkjhg", 15, KEYS),
        ("basketballfootball", 15, COMMON),
        ("administrator2026", 15, COMMON),
    ],
)
def test_what_is_guessed_in_few_tries_is_refused_with_the_reason(password, least, sentence):
    with pytest.raises(PasswordGuessable) as refused:
        passwords.hash_password(password, least=least)
    assert str(refused.value.message) == sentence


def test_a_password_longer_than_what_is_judged_is_taken_or_refused_all_the_same():
    with pytest.raises(PasswordGuessable):
        passwords.hash_password("a" * 256)
    for length in (72, 73, 200):
        varied = ("a quiet lantern in the harbor, seven kettles under the moss; " * 4)[:length]
        assert passwords.is_match(passwords.hash_password(varied), varied)

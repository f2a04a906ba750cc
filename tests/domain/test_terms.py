"""Words as a search sees them."""

import pytest

from booking.domain.terms import MOST_WORDS, asked_in, terms_in, weigh


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Runners", "runner"), ("bodies", "body"), ("massages", "MASSAGE"), ("muscles", "muscle"),
        ("exercises", "exercise"), ("stretches", "stretch"), ("feet", "foot"), ("calves", "calf"),
        ("knees", "knee"), ("dolores", "dolor"), ("músculos", "musculo"), ("luces", "luz"),
        ("caderas", "cadera"), ("pies", "pie"), ("series", "serie"), ("café", "cafe"),
        ("cafe\u0301", "café"), ("Straße", "strasse"), ("ﬁbers", "fiber"),
        ("vértebras", "vertebra"), ("niños", "nino"), ("tensiones", "tensión"),
    ],
)  # fmt: skip
def test_a_word_is_found_by_its_other_forms(one, other):
    assert terms_in(one) == terms_in(other)
    (asked,) = asked_in(one)
    assert asked.fits(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("spine", "spa"),
        ("stress", "stretch"),
        ("hip", "hop"),
        ("yoga", "yogurt"),
        ("foot", "fool"),
        ("class", "clase"),
        ("gas", "ga"),
        ("tie", "ti"),
    ],
)
def test_other_words_stay_other_words(one, other):
    assert terms_in(one) != terms_in(other)
    assert not asked_in(one)[0].fits(other)


def test_short_words_and_those_of_other_alphabets_stay_as_they_are():
    assert [*terms_in("oz þings")] == ["oz", "þings"]


def test_what_an_apostrophe_joins_is_also_found_apart():
    assert set(terms_in("L'eau")) == {"leau", "eau"}
    assert set(terms_in("L'ax")) == {"lax"}  # Too short to be looked for by itself.


def test_a_beginning_is_enough_from_three_letters_on():
    assert asked_in("glut")[0].fits("gluteus")
    assert asked_in("exercise")[0].fits("exercising")
    assert asked_in("hands")[0].fits("handed")
    assert asked_in("glu")[0].fits("gluteus")
    assert not asked_in("gl")[0].fits("gluteus")
    assert not asked_in("reas")[0].fits("real")


def test_all_that_begins_with_a_word_lies_between_it_and_its_end():
    (asked,) = asked_in("knee")
    assert asked.prefix <= "kneecap" < asked.end <= "knf"


def test_a_question_keeps_what_matters_and_not_too_much_of_it():
    assert [one.exact for one in asked_in("What is the hip, and the HIPS?")] == ["hip"]
    assert asked_in(" " * 1000 + "hip") == ()
    assert asked_in("de la") == asked_in("… — !") == asked_in("") == ()
    assert len(asked_in(" ".join(f"word{number}" for number in range(50)))) == MOST_WORDS
    assert max(len(one.prefix) for one in asked_in("x" * 900)) == 40


def test_weights_add_up_and_a_text_counts_three_times_at_most():
    weights = weigh(
        [("Hips", 8), ("The hip and the knee", 4), ("Hips", 1)], often="hip hip hip hip, ankle's"
    )
    assert weights["hip"] == 8 + 4 + 1 + 3
    assert weights["kne"] == 4
    assert weights["ankl"] == 1
    assert "the" not in weights

"""Names that may be meant by what was typed: a slip in a word is forgiven, and another order."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

# How alike two words must be, from 0 to 1: one slip in four letters leaves 0.75.
LEAST = 0.7
MOST = 20
# With how many that follow in the alphabet a name is compared, and how alike, of 100, both are.
NEIGHBOURS = 30
SURE = 92


def find(folded: str, names: Sequence[tuple[int, str]], most: int = MOST) -> list[int]:
    """Return the ids of names in which something like each of the words stands, likeliest first.

    `names` are folded as `domain.names.fold` does. Names that are equally alike come in the order
    of the alphabet, so that every database gives the same answer.
    """
    wanted = folded.split()
    parts = {one: name.split() for one, name in names}
    vocabulary = sorted({word for words in parts.values() for word in words})
    likeness = [_alike_words(word, vocabulary) for word in wanted]
    scored = []
    for one, name in names:
        scores = [max((known.get(word, 0.0) for word in parts[one]), default=0.0)
                  for known in likeness]  # fmt: skip
        if scores and min(scores) > 0:
            # Of two that match as well, the shorter name is meant more likely.
            surplus = abs(len(parts[one]) - len(wanted))
            scored.append((-round(sum(scores) / len(scores), 4), surplus, name, one))
    return [one for *_rank, one in sorted(scored)[:most]]


def _alike_words(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """Return the words of the vocabulary that a slip may have made of this one."""
    found = process.extract(
        word, vocabulary, scorer=OSA.normalized_similarity, score_cutoff=LEAST, limit=None
    )
    return {known: score for known, score, _index in found}


def are_alike(one: str, other: str) -> bool:
    """Tell whether two folded names may be one person's: a slip, another order, a part left out."""
    return fuzz.token_sort_ratio(one, other) >= 85 or fuzz.token_set_ratio(one, other) >= 90


def pairs_alike(names: Iterable[tuple[int, str]]) -> set[tuple[int, int]]:
    """Return pairs of ids whose whole names are nearly the same.

    Only names are compared that agree in the first letters of their words: comparing each of ten
    thousand with each other would take a minute. Of many who have one name each is paired with
    the first of them.
    """
    ids: dict[str, list[int]] = {}
    for one, name in names:
        if " " in name:
            ids.setdefault(name, []).append(one)
    blocks: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(ids):
        blocks.setdefault(tuple(word[:2] for word in sorted(name.split())[:3]), []).append(name)
    alike = [(name, name) for name in ids]
    for block in blocks.values():
        for index, name in enumerate(block):
            alike += [
                (name, other)
                for other in block[index + 1 : index + NEIGHBOURS]
                if fuzz.token_sort_ratio(name, other) >= SURE
            ]
    return {
        (min(first, one), max(first, one))
        for name, other in alike
        for first in ids[name][:1]
        for one in ids[other]
        if one != first
    }

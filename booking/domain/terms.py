"""Words as a search sees them: without accents, case, plural and the small words between them.

What is kept of a text and what is asked for go through the same folds, so that both database
engines only ever compare plain strings. English and Spanish.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_TERM = 40
# How many words of a question count; what comes behind them is left aside.
MOST_WORDS = 8
# From how many letters on the beginning of a word is enough.
SHORTEST_PREFIX = 3
# How often a word counts at most where it stands in the text.
MOST_TIMES = 3

_APOSTROPHE = re.compile("['’]")
# A word, with the accents that are written as characters of their own.
_WORD = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:['’][^\W_][\w\u0300-\u036f]*)*")

_ENGLISH = (
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been",
    "but", "by", "can", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i",
    "if", "in", "into", "is", "it", "its", "just", "may", "me", "more", "most", "my", "no", "nor",
    "not", "of", "off", "on", "or", "our", "out", "over", "so", "some", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "up", "us",
    "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with",
    "you", "your",
)  # fmt: skip
_SPANISH = (
    "al", "ante", "como", "con", "cual", "cuando", "de", "del", "desde", "donde", "e", "el",
    "ella", "ello", "en", "entre", "era", "es", "esa", "ese", "eso", "esta", "este", "esto",
    "fue", "ha", "hay", "la", "las", "le", "les", "lo", "los", "mas", "me", "mi", "mis", "muy",
    "ni", "nos", "o", "para", "pero", "por", "porque", "pues", "que", "quien", "se", "si", "sin",
    "sobre", "son", "su", "sus", "te", "tu", "un", "una", "unas", "uno", "unos", "y", "ya", "yo",
)  # fmt: skip
SMALL_WORDS = frozenset((*_ENGLISH, *_SPANISH))
# Plurals that follow no rule.
ODD = {
    "feet": "foot", "teeth": "tooth", "women": "woman", "men": "man", "people": "person",
    "children": "child", "calves": "calf", "halves": "half", "lives": "life",
    "vertebrae": "vertebra", "fasciae": "fascia",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a question: `exact` is what it is, and any term of the span begins with it."""

    exact: str
    prefix: str

    @property
    def end(self) -> str:
        """The first string, compared by code points, that no longer begins with the prefix."""
        return self.prefix + "\U0010ffff"

    def fits(self, word: str) -> bool:
        """Tell whether a word of a text is one that the question meant."""
        term = term_of(word)
        return term == self.exact or (self.takes_prefix and term.startswith(self.prefix))

    @property
    def takes_prefix(self) -> bool:
        return len(self.prefix) >= SHORTEST_PREFIX


def fold(word: str) -> str:
    """Return a word without accents and case: 'Músculos' is 'musculos', 'Straße' 'strasse'."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalnum())


def singular(word: str) -> str:
    """Return what a folded word and its plural have in common, which need not be a word.

    Runners and runner, bodies and body, massages and massage; dolores and dolor, luces and luz.
    """
    if (odd := ODD.get(word)) is not None:
        return odd
    if len(word) < 3 or not word.isascii():
        return word
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + {"y": "i", "z": "c"}.get(word[-1], word[-1])


def term_of(word: str) -> str:
    return singular(fold(word))[:LONGEST_TERM]


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Yield each word of a text where it stands."""
    return _WORD.finditer(text)


def terms_in(text: str) -> Counter[str]:
    """Return the terms of a text and how often each is there, small words left out."""
    return Counter(term for match in words_in(text) for term in _terms_of(match.group()))


def _terms_of(word: str) -> set[str]:
    """The term of a word, and of what stands before an apostrophe: "cuff's" is also "cuff"."""
    folded = {fold(word), *(fold(part) for part in _APOSTROPHE.split(word) if len(part) > 2)}
    return {singular(one)[:LONGEST_TERM] for one in folded if one and one not in SMALL_WORDS}


def weigh(parts: Iterable[tuple[str, int]], often: str = "") -> dict[str, int]:
    """Return the terms of texts, each with the weight of all the texts it is in.

    `parts` are texts, each with its weight; a term of the text `often` counts up to three times.
    """
    weights: Counter[str] = Counter()
    for text, weight in parts:
        for term in terms_in(text):
            weights[term] += weight
    for term, times in terms_in(often).items():
        weights[term] += min(times, MOST_TIMES)
    return dict(weights)


def asked_in(question: str) -> tuple[Asked, ...]:
    """Return the words of a question, each once and without the small ones."""
    folded = [fold(match.group()) for match in words_in(question[:1000])]
    folded = [word for word in dict.fromkeys(folded) if word]
    wanted = [word for word in folded if word not in SMALL_WORDS]
    found: dict[str, Asked] = {}
    for word in wanted:
        exact = singular(word)[:LONGEST_TERM]
        # A short word is taken as it is typed: "reas" is the beginning of "reason", not of "real".
        prefix = exact if len(word) > 4 and word not in ODD else word
        found.setdefault(exact, Asked(exact, prefix[:LONGEST_TERM]))
    return tuple(found.values())[:MOST_WORDS]

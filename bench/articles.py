"""What a search and the sidebar cost with 2,000 articles, against 20, in one run.

Run with ``python bench/articles.py`` (SQLite), or with the address of an empty PostgreSQL
database behind it. What counts are the ratios; the plans tell whether an index is walked.
"""

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask_migrate import upgrade
from sqlalchemy import event, text

from bench.sites import application
from booking.articles import operations, queries, search
from booking.articles.models import TopicKind
from booking.articles.operations import Draft
from booking.database import db, transact
from booking.practice import queries as practice
from booking.practice.models import Practice

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
FEW, MANY = 20, 2000
ROUNDS = 60
TOPICS = [f"topic-{number}" for number in range(20)]
# Words as texts have them: a few are nearly everywhere, most are rare.
SYLLABLES = [first + vowel for first in "bdfghklmnprst" for vowel in "aeiou"]
WORDS = ["".join(parts) + "n" for parts in itertools.product(SYLLABLES, repeat=3)][::60]
random.Random(5).shuffle(WORDS)
COMMON = [1 / (number + 5) for number in range(len(WORDS))]
ASKED = {
    "a word of many": WORDS[0],
    "two words of many": f"{WORDS[1]} {WORDS[2]}",
    "a rare word": WORDS[-1],
    "three beginnings": f"{WORDS[3][:3]} {WORDS[4][:4]} {WORDS[5][:5]}",
    "nothing": "zebra",
}


def fill(count: int) -> None:
    """Write so many articles of about 500 words, a day apart."""
    chance = random.Random(7)
    transact(lambda: db.session.add(Practice(id=1, name="Bench")))
    for slug in TOPICS:
        transact(operations.ensure_topic, slug, slug, TopicKind.BODY)
    for start in range(0, count, 100):
        transact(_fill, chance, range(start, min(start + 100, count)))


def _fill(chance: random.Random, numbers: Sequence[int]) -> None:
    for number in numbers:
        body = " ".join(chance.choices(WORDS, COMMON, k=500))
        draft = Draft(
            f"Piece {number} {chance.choice(WORDS)}", f"piece-{number}", body, "Lena",
            summary=body[:120], topics=tuple(chance.sample(TOPICS, 3)),
            published_at=NOW - timedelta(days=number),
        )  # fmt: skip
        operations.save(draft, NOW)


def timed(ask: Callable[[], object]) -> float:
    """Return the least of several rounds, in milliseconds: other work only ever adds."""
    found = []
    for _round in range(ROUNDS):
        db.session.rollback()
        practice.current()
        started = time.perf_counter()
        ask()
        found.append(1000 * (time.perf_counter() - started))
    return min(found)


def costs() -> Iterator[tuple[str, float]]:
    yield "sidebar, two topics", timed(lambda: queries.for_page(TOPICS[:2], NOW))
    yield "sidebar, no topic", timed(lambda: queries.for_page([], NOW))
    yield "list of a topic", timed(lambda: queries.published(NOW, TOPICS[0]))
    for name, question in ASKED.items():
        yield f"search, {name}", timed(lambda asked=question: search.find(asked, NOW))


def plans() -> None:
    """Print how the engine goes about the sidebar and a search."""
    asked: list[tuple] = []
    practice.current()

    @event.listens_for(db.engine, "before_cursor_execute")
    def listen(_connection, _cursor, sql, values, *_more) -> None:  # noqa: ANN001, ANN002
        asked.append((sql, values))

    queries.for_page(TOPICS[:2], NOW)
    search.find(ASKED["two words of many"], NOW)
    event.remove(db.engine, "before_cursor_execute", listen)
    way = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN ANALYZE "
    for sql, values in asked:
        if "FROM article" not in sql or "LIMIT" not in sql:
            continue
        print("\n" + sql.replace("\n", " ")[:110] + " …")
        for row in db.session.connection().exec_driver_sql(way + sql, values):
            print("   ", row[-1])


def main() -> None:
    known: dict[int, dict[str, float]] = {}
    for count in (FEW, MANY):
        with tempfile.TemporaryDirectory() as folder:
            url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
            with application(url, Path(folder)):
                upgrade()
                fill(count)
                if db.engine.dialect.name == "postgresql":
                    transact(db.session.execute, text("ANALYZE"))
                known[count] = dict(costs())
                if count == MANY:
                    plans()
                for table in ("article_term", "article_topic", "article", "topic", "practice"):
                    transact(db.session.execute, text(f"DELETE FROM {table}"))
    print()
    for name, few in known[FEW].items():
        many = known[MANY][name]
        print(f"{name:28} {few:6.2f} ms → {many:6.2f} ms   × {many / few:.1f}")


if __name__ == "__main__":
    main()

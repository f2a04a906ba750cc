"""How fast the site is, as a share of the least that a page can cost: ``python bench/compare.py``.

The real site runs on a real server, beside a floor of bare Flask on the same server and the same
database; both are asked in turns, so that whatever else the machine does falls on both. Without
options everything is measured, which takes about half an hour. A part, in a minute:

    python bench/compare.py --engine sqlite --server waitress --sizes 0 --only booking
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import life, report, sites
from bench.measure import Plan, compare
from bench.servers import KINDS, WORDS, is_here

SIZES = (0, 1_000, 10_000, 100_000)
# The other servers run the same code: they are asked with the middle number of bookings alone.
ELSEWHERE = 10_000
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--engine", choices=sites.ENGINES, action="append")
    parser.add_argument("--server", choices=KINDS, action="append")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="bookings behind")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.6, help="of each page in each round")
    parser.add_argument("--bookings", type=int, default=16, help="made in each round")
    parser.add_argument("--memory", type=float, metavar="SECONDS", help="of a mixed load")
    parser.add_argument("--clone", action="store_true", help="time from a clone to a page")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


def told(sentence: str) -> list[str]:
    print(f"\n{sentence}", flush=True)
    return [sentence]


def main() -> None:
    wanted = arguments()
    parts = [f"Measured on {report.machine()}, by `python bench/compare.py --write`."]
    print(parts[0])
    kinds = wanted.server or KINDS
    for kind in kinds:
        if not is_here(kind):
            parts.append(f"{kind} was left out: it is not installed (pip install {kind}).")
            print(parts[-1])
    for engine in wanted.engine or sites.ENGINES:
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            place = sites.Sites(engine, Path(name), stack)
            urls = place.make(sorted(wanted.sizes))
            for kind in filter(is_here, kinds):
                sizes = wanted.sizes if kind == "waitress" else [min(ELSEWHERE, max(urls))]
                plan = Plan(sizes, wanted.rounds, wanted.seconds, wanted.bookings, wanted.only)
                mine = {size: urls[size] for size in sorted(sizes)}
                figures = compare(kind, mine, Path(name), plan)
                parts.append(f"### {NAMES[engine]}, {WORDS[kind]}")
                parts.append(report.table(figures))
                print(f"\n{parts[-2]}\n\n{parts[-1]}", flush=True)
            if "waitress" in kinds:
                parts += told(life.cold_start("waitress", urls[max(urls)], Path(name)))
            if wanted.memory:
                parts += told(life.memory("waitress", urls[max(urls)], Path(name), wanted.memory))
    if wanted.clone:
        parts += told(life.clone())
    if wanted.write:
        report.write(parts)


if __name__ == "__main__":
    main()

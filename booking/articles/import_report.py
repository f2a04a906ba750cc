"""What an import tells: a line for each article, what has to be known of it, and the sums."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from booking.articles.import_plan import Plan, Step, Verb
from booking.articles.sources.found import counted


@dataclass(slots=True)
class Report:
    """All that has happened, or would."""

    plan: Plan
    refused: list[tuple[str, str]] = field(default_factory=list)  # Files, and what is wrong.
    left: list[tuple[str, str]] = field(default_factory=list)  # Posts, and why they are not taken.
    notes: list[str] = field(default_factory=list)
    is_dry: bool = False

    def lines(self) -> Iterator[str]:
        """Yield the report line by line."""
        for name, fault in self.refused:
            yield f"✗ {name} {fault}"
        for step in self.plan.steps:
            yield from _of_step(step)
        for title, reason in self.left:
            yield _line(Verb.LEFT, title, reason)
        yield from self.notes
        yield from self._sums()

    def _sums(self) -> Iterator[str]:
        made = ", ".join(f"{wish.name} ({slug})" for slug, wish in self.plan.new_topics.items())
        if made:
            yield f"Topics made: {made}."
        if self.plan.unknown_topics:
            named = ", ".join(
                f"{name} ({count})" for name, count in self.plan.unknown_topics.most_common()
            )
            yield f"Topics that are not known here, --make-topics makes them: {named}."
        authors = Counter(
            step.draft.author or "without an author" for step in self.plan.steps
        )  # fmt: skip
        if authors:
            yield (
                "Authors: "
                + ", ".join(f"{name} ({n})" for name, n in sorted(authors.items()))
                + "."
            )
        counts = Counter(step.verb for step in self.plan.steps)
        counts[Verb.LEFT] += len(self.left)
        sums = ", ".join(f"{counts[verb]} {verb}" for verb in Verb)
        yield f"{sums}; {counted(len(self.refused), 'file')} refused."
        if self.is_dry:
            yield "Nothing was written: this was a dry run."


def _of_step(step: Step) -> Iterator[str]:
    what = f"/read/{step.draft.slug}  {step.draft.title}" if step.draft.slug else step.draft.title
    yield _line(step.verb, what, step.reason)
    yield from _indented(step.found.notes)


def _line(verb: Verb, what: str, reason: str) -> str:
    return f"{verb:<9}  {what}" + (f": {reason}" if reason else "")


def _indented(notes: Iterable[str]) -> Iterator[str]:
    return (f"{'':<9}  · {note}" for note in notes)

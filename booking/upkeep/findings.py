"""What a check has found: how bad it is, and a sentence about what to do."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    OK = "ok"
    LOOK = "look"  # Something a person should know, or could not be seen from here.
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` names the check, `message` is a sentence with places for `values`."""

    about: str
    verdict: Verdict
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values


def ok(about: str, message: str, **values: Any) -> Finding:
    return Finding(about, Verdict.OK, message, values)


def look(about: str, message: str, **values: Any) -> Finding:
    return Finding(about, Verdict.LOOK, message, values)


def wrong(about: str, message: str, **values: Any) -> Finding:
    return Finding(about, Verdict.WRONG, message, values)

"""A header that stays on one line: addresses of pages break when the library folds them."""

from email.policy import Policy


class WholeHeader(str):
    """A header of plain ASCII, at most 998 characters with its name (RFC 5322, 2.1.1).

    The library writes a word that is too long for a line in its own encoding, and mail programs
    do not look for a link in that.
    """

    __slots__ = ("name",)

    def __new__(cls, name: str, value: str) -> "WholeHeader":
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"

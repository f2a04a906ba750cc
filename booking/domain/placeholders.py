"""Names in braces in a text of the owner's, such as {client}: known ones are replaced, no more.

Nothing is evaluated: a name is looked up, and what is put in is never read again. Braces around
anything that is not a single word mean nothing.
"""

import re
from collections.abc import Collection, Mapping

NAME = re.compile(r"\{[ \t]*(\w{1,30})[ \t]*\}")


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Return the names in a text that are none of the known ones, each once, as they come."""
    return list(dict.fromkeys(name for name in NAME.findall(text) if name not in known))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the place of their names. Raises KeyError for a name without a value."""
    return NAME.sub(lambda found: values[found[1]], text)


def unfill(text: str, values: Mapping[str, str]) -> str:
    """Put names in the place of values: the longest value first, each where it is whole words.

    What is short or stands in other words by chance may be taken for a value: it is a proposal.
    """
    by_value = {value: name for name, value in reversed(list(values.items())) if value.strip()}
    if not by_value:
        return text
    longest_first = sorted(by_value, key=len, reverse=True)
    any_value = "|".join(re.escape(value) for value in longest_first)
    return re.sub(rf"(?<!\w)(?:{any_value})(?!\w)", lambda found: f"{{{by_value[found[0]]}}}", text)


def paragraphs(text: str) -> list[list[str]]:
    """Split a text into paragraphs at empty lines, and those into their lines."""
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return [[line.strip() for line in part.splitlines() if line.strip()] for part in parts if part]

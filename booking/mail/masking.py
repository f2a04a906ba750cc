"""A mail for those who look at the log: without what opens something to whoever holds it.

Links that work once were never stored. Links that are signed open a booking without signing in,
and what is done there counts as done by the client: nobody in the studio acts under their name.
"""

import re

from booking.mail.outbox import ONE_TIME_LINK

DOTS = "••••••"
# What itsdangerous signs: one or two parts and the signature, with dots in between.
_SIGNED = re.compile(r"(?<![\w.-])\.?(?:[\w-]+\.){1,2}[\w-]{27}(?![\w-])")
# The secret of a one-time link, should one ever come to stand in a text.
_SECRET = re.compile(r"(?<=/)(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])")


def mask(text: str) -> str:
    """Return the text or HTML of a mail with dots where a link carries a right."""
    text = text.replace(ONE_TIME_LINK, DOTS)
    return _SECRET.sub(DOTS, _SIGNED.sub(DOTS, text))


def is_masked(text: str) -> bool:
    """Tell whether there is anything to hide in a text."""
    return mask(text) != text

"""Passwords: argon2id, and the same work whether the address is known or not.

Rules as NIST SP 800-63B-4 has them: long enough, none that is guessed first, and nothing else:
no kinds of characters, no expiry.
"""

import re
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from booking.domain.errors import PasswordGuessable, PasswordTells, PasswordTooLong, PasswordTooWeak

LEAST = 15
LEAST_WITH_SECOND_FACTOR = 8
MOST = 256
# Of zxcvbn's 0 to 4: 3 is more than a hundred million guesses; beside a second factor, which
# cannot be guessed in bulk, 2 is enough (more than a million).
LEAST_SCORE = 3
LEAST_SCORE_WITH_SECOND_FACTOR = 2
# Of longer ones zxcvbn judges the beginning: its work grows steeply with the length.
LOOKED_AT = 32

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Verified against when there is no account, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str, about: Iterable[str] = (), least: int = LEAST) -> str:
    """Return the hash to keep. Slow on purpose: call it before a write transaction opens.

    `about` are names it must not contain: the person's, the practice's, the address. Raises
    PasswordTooWeak, PasswordTooLong, PasswordTells or PasswordGuessable, which say what to do.
    """
    if len(password) > 2 * MOST:
        raise PasswordTooLong(most=MOST)
    password = _written(password)
    if len(password) < least:
        raise PasswordTooWeak(least=least)
    if len(password) > MOST:
        raise PasswordTooLong(most=MOST)
    names = _words(about)
    if told := next((word for word in names if word in password.casefold()), None):
        raise PasswordTells(word=told)
    judged = zxcvbn(password[:LOOKED_AT], user_inputs=names)
    wanted = LEAST_SCORE if least >= LEAST else LEAST_SCORE_WITH_SECOND_FACTOR
    if judged["score"] < wanted:
        longest = max(judged["sequence"], key=lambda part: len(part["token"]))
        raise PasswordGuessable(longest["pattern"])
    return _hasher.hash(password)


def _written(password: str) -> str:
    """Write a password in the one way all keyboards' ways lead to (NIST SP 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _words(names: Iterable[str]) -> list[str]:
    """Return the words of names that are long enough to give something away."""
    found = {word for name in names for word in re.split(r"[\W_]+", name.casefold())}
    return sorted(word for word in found if len(word) > 3)


def is_match(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` is the one; takes as long when there is no hash at all."""
    try:
        # None has more than MOST characters, so no more are worth the work.
        typed = _written(password[: 2 * MOST])
        return _hasher.verify(password_hash or _NOBODY, typed) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def renewed(password_hash: str, password: str) -> str | None:
    """Return a new hash of a password that has just matched, None while its settings are today's.

    Whoever sets stronger ones thereby strengthens old accounts as their owners sign in.
    """
    if not _hasher.check_needs_rehash(password_hash):
        return None
    return _hasher.hash(_written(password))

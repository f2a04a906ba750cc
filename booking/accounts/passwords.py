"""Passwords: argon2id, and the same work whether the address is known or not.

Length as NIST SP 800-63B-4 asks of a password that is the only factor.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from booking.domain.errors import PasswordTooWeak

LEAST = 15
MOST = 256

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Verified against when there is no account, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the hash to keep. Slow on purpose: call it before a write transaction opens.

    Raises PasswordTooWeak when it is too short to stand alone.
    """
    if not LEAST <= len(password) <= MOST:
        raise PasswordTooWeak(least=LEAST)
    return _hasher.hash(password)


def is_match(password_hash: str | None, password: str) -> bool:
    """Tell whether `password` is the one; takes as long when there is no hash at all."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password[:MOST]) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False

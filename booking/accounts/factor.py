"""The second factor: six digits from an app (TOTP, RFC 6238), or a recovery code.

The secret on offer is made from the session's key, so that showing it writes nothing; it is kept
once a code has proved that the app has it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import segno
from pyotp.totp import TOTP
from sqlalchemy import delete, func, or_, select, update

from booking.accounts import audit, messages, sessions
from booking.accounts.audit import Actor
from booking.accounts.models import Account, RecoveryCode
from booking.accounts.tokens import digest
from booking.database import db
from booking.domain.errors import CodeWrong, FactorStays

CODES = 10
# A clock may be half a minute off either way (RFC 6238, 5.2 and 6).
STEP_SECONDS = 30
STEPS_OFF = (0, -1, 1)


def is_needed(account: Account, grace_days: int | None, now: datetime) -> bool:
    """Tell whether the second factor stands between this account and the studio.

    Who has one always needs it. Staff without one are given `grace_days` from their first
    sign-in to set it up; None never asks.
    """
    if account.has_second_factor:
        return True
    if grace_days is None or not account.role.is_staff:
        return False
    begun = account.first_signed_in_at or now
    return now >= begun + timedelta(days=grace_days)


def offered_secret(key: str, pepper: str) -> str:
    """Return the secret that this session may set up: the same whenever it asks, never kept."""
    raw = hmac.new(pepper.encode(), f"second factor {key}".encode(), hashlib.sha256).digest()
    return base64.b32encode(raw[:20]).decode()


def address(secret: str, email: str, issuer: str) -> str:
    """Return the otpauth address that apps read."""
    return TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def drawing(uri: str) -> tuple[int, str]:
    """Return the QR code of an address for an SVG: its width in modules, and one path.

    The quiet edge of four modules that readers need is part of it (ISO/IEC 18004).
    """
    rows = [bytes(row) for row in segno.make(uri, error="m", micro=False).matrix_iter(border=4)]
    runs = ((run, y) for y, row in enumerate(rows) for run in re.finditer(b"\x01+", row))
    drawn = (f"M{run.start()} {y}h{len(run.group())}v1h-{len(run.group())}z" for run, y in runs)
    return len(rows), "".join(drawn)


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return which step's code this is, None when it is none of those that may be meant."""
    totp, step = TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for near in STEPS_OFF:
        if hmac.compare_digest(totp.generate_otp(step + near), code):
            return step + near
    return None


class SetUp(NamedTuple):
    """The session's new key, and ten recovery codes, shown this once."""

    key: str
    codes: Sequence[str]


def set_up(account_id: int, key: str, secret: str, code: str, now: datetime) -> SetUp:
    """Keep the secret once its first code is right. Raises CodeWrong."""
    account = db.session.get_one(Account, account_id, with_for_update=True)
    step = _step_of(secret, _digits(code), now)
    if step is None or (account.totp_secret == secret and step <= (account.totp_step or 0)):
        raise CodeWrong
    is_new = not account.has_second_factor
    account.totp_secret, account.totp_since, account.totp_step = secret, now, step
    sessions.end_all(account_id, now, but=key)
    key = sessions.renew(key, now, factor=True)
    action = "second_factor_on" if is_new else "second_factor_changed"
    audit.record(Actor(audit.kind_of(account), account_id), account.about, action, now)
    messages.factor_changed(account, now)
    return SetUp(key, renew_codes(account_id))


def check(account_id: int, key: str, code: str, now: datetime) -> str:
    """Let the session pass with a code of the app or a recovery code; return its new key.

    Raises CodeWrong.

    Each code works once: the conditional UPDATE decides between two who use it at once.
    """
    account = db.session.get_one(Account, account_id)
    if not (_use_step(account, code, now) or _use_recovery_code(account, code, now)):
        raise CodeWrong
    return sessions.renew(key, now, factor=True)


def _digits(code: str) -> str:
    """Return the code as an app shows it; nothing when it holds what no app shows."""
    digits = "".join(code.split())
    return digits if digits.isascii() else ""


def _use_step(account: Account, code: str, now: datetime) -> bool:
    step = _step_of(account.totp_secret or "", _digits(code), now) if account.totp_secret else None
    if step is None:
        return False
    used = db.session.scalar(
        update(Account)
        .where(Account.id == account.id, or_(Account.totp_step.is_(None), Account.totp_step < step))
        .values(totp_step=step)
        .returning(Account.id)
    )
    return used is not None


def _use_recovery_code(account: Account, code: str, now: datetime) -> bool:
    used = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _code_hash(account.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if used is None:
        return False
    actor = Actor(audit.kind_of(account), account.id)
    audit.record(actor, account.about, "recovery_code_used", now, left=codes_left(account.id))
    return True


def _code_hash(account_id: int, code: str) -> str:
    plain = "".join(char for char in code.upper() if char.isalnum())
    return digest(f"{account_id}:{plain}")


def codes_left(account_id: int) -> int:
    """Return how many recovery codes can still be used."""
    count = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(count) or 0


def replace_codes(account_id: int, now: datetime) -> Sequence[str]:
    """Make ten new recovery codes at their owner's wish, and tell the account's address."""
    account = db.session.get_one(Account, account_id)
    audit.record(audit.actor_of(account), account.about, "recovery_codes_renewed", now)
    messages.factor_changed(account, now)
    return renew_codes(account_id)


def renew_codes(account_id: int) -> Sequence[str]:
    """Replace all recovery codes and return the new ones; only their hashes are kept."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [_new_code() for _number in range(CODES)]
    db.session.add_all(
        RecoveryCode(account_id=account_id, code_hash=_code_hash(account_id, code))
        for code in codes
    )
    db.session.flush()
    return codes


def _new_code() -> str:
    """Return 80 random bits as people can copy them: ABCD-EFGH-IJKL-MNOP."""
    text = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def turn_off(account: Account, grace_days: int | None, actor: Actor, now: datetime) -> None:
    """Do without the second factor from now on. Raises FactorStays for staff who need one."""
    if account.role.is_staff and grace_days is not None:
        raise FactorStays
    reset(account, actor, now)
    messages.factor_changed(account, now)


def reset(account: Account, actor: Actor, now: datetime) -> None:
    """Take the second factor away, for somebody whose telephone and codes are lost."""
    account.totp_secret = account.totp_since = account.totp_step = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    db.session.flush()
    audit.record(actor, account.about, "second_factor_off", now)

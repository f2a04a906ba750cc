"""Whole copies of the database, taken while the site runs."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import URL, text
from sqlalchemy.exc import OperationalError

from booking.database import db
from booking.mail.reasons import Reason

# Custom format: compressed, checked on reading, restorable in one transaction.
DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
RESTORE = ("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction")


class BackupError(Exception):
    """No copy was made, or none was put back; the text says why."""


def save(path: Path) -> None:
    """Write a consistent copy to `path`, which must not exist yet. Raises BackupError.

    The copy appears under its name only when it is whole.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; choose another name.")
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        if db.engine.dialect.name == "sqlite":
            _save_sqlite(partial)
        else:
            _run([*DUMP, f"--file={partial}"], db.engine.url)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _save_sqlite(path: Path) -> None:
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.rollback()
        # One statement, one snapshot: writers go on beside it.
        raw.execute("VACUUM INTO ?", (str(path),))
    copy = sqlite3.connect(path)
    try:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError("the copy is damaged; is the disk sound?")
    finally:
        copy.close()


def load(path: Path) -> int:
    """Put a copy in the place of the database; returns how many old mails are held back.

    What was due before the restore has gone out already, or is too old: it is not sent again.
    Raises BackupError.
    """
    if db.engine.dialect.name == "sqlite":
        _load_sqlite(path)
    else:
        _run([*RESTORE, f"--dbname={_without_password(db.engine.url)}", str(path)], db.engine.url)
    with (
        db.engine.connect().execution_options(begin_immediate=True) as connection,
        connection.begin(),
    ):
        return connection.execute(
            text(
                "UPDATE outgoing_mail SET state = 'void', void_reason = :reason "
                "WHERE state = 'waiting'"
            ),
            {"reason": Reason.RESTORED.value},
        ).rowcount


def _load_sqlite(path: Path) -> None:
    target = db.engine.url.database
    if not target:
        raise BackupError("the database is not a file")
    _require_ours(path)
    fresh = Path(target + ".new")
    shutil.copyfile(path, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    # The old database is made whole without its log first, so that nothing is lost if the
    # machine stops between the next lines.
    with contextlib.suppress(OperationalError), db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.rollback()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(target + ending).unlink(missing_ok=True)
    os.replace(fresh, target)


def _require_ours(path: Path) -> None:
    """Look into a copy before anything is replaced by it. Raises BackupError."""
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(f"{path} is damaged.")
        source.execute("SELECT version_num FROM alembic_version, practice, booking LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is not a backup of ours.") from error
    finally:
        source.close()


def _without_password(url: URL) -> str:
    plain = url.set(drivername="postgresql", password=None)
    return plain.render_as_string(hide_password=False)


def _run(command: list[str], url: URL) -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, never argv."""
    full = [_program(command[0]), *command[1:]]
    if command[0] == "pg_dump":
        full.append(_without_password(url))
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    result = subprocess.run(full, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        raise BackupError(f"{command[0]} said: {result.stderr.strip()}")


def _program(name: str) -> str:
    """Find PostgreSQL's programs: those on the path, or the newest that Debian keeps apart."""
    apart = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or (str(apart[0]) if apart else None)
    if found is None:
        raise BackupError(f"{name} is needed for this; install PostgreSQL's client programs.")
    return found

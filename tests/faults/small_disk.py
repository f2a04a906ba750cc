"""A disk that is full at once and has room again later, in the most honest way the machine allows.

As root that is a small tmpfs. Where mounting is not allowed, the next best: the process may make
no file longer (SQLite), or a trigger raises the error `disk_full` (PostgreSQL).
"""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from booking.database import db

IMITATED = (
    (
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"
    ),
    (
        "CREATE TRIGGER full_disk BEFORE INSERT ON outgoing_mail "
        "FOR EACH ROW EXECUTE FUNCTION full_disk()"
    ),
)
HEALED = ("DROP FUNCTION full_disk CASCADE",)
ENDLESS = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@dataclass
class Disk:
    """Where a database lies."""

    folder: Path
    is_real: bool

    def fill(self, writer: int, leave: int = 0) -> None:
        """Leave so many bytes of room and no more, perhaps to the process `writer` alone."""
        if self.is_real:
            self._fill_it(leave)
        elif db.engine.dialect.name == "sqlite":
            longest = leave + max(file.stat().st_size for file in self.folder.iterdir())
            self._limit(writer, (longest, resource.RLIM_INFINITY))
        else:
            self._run(IMITATED)

    def clear(self, writer: int) -> None:
        """Give the room back."""
        if self.is_real:
            (self.folder / "filler").unlink()
        elif db.engine.dialect.name == "sqlite":
            self._limit(writer, ENDLESS)
        else:
            self._run(HEALED)

    def _fill_it(self, leave: int) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as file:
            for block in (bytes(65536), bytes(1)):
                with suppress(OSError):
                    while file.write(block) == len(block):
                        pass
            file.truncate(file.tell() - leave)

    @staticmethod
    def _limit(writer: int, limits: tuple[int, int]) -> None:
        command = ["prlimit", f"--pid={writer}", f"--fsize={limits[0]}:{limits[1]}"]
        subprocess.run([*command[:2], command[2].replace("-1", "unlimited")], check=True)

    @staticmethod
    def _run(statements: tuple[str, ...]) -> None:
        db.session.rollback()
        with db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """A disk of so many megabytes for the time of the block."""
    folder = Path(tempfile.mkdtemp(prefix="disk-", dir="/tmp"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    is_real = False
    if shutil.which("mount") and not os.environ.get("NO_TMPFS"):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        is_real = subprocess.call(command, **quiet) == 0
    try:
        yield Disk(folder, is_real)
    finally:
        if is_real:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)

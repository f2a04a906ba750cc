"""Two scanners that know nothing of us, let loose on a studio: `python -m tests.attacks.scan`.

wapiti follows every link and sends every form, as a stranger and as the manager; sqlmap works on
the addresses that take words and numbers. Both are installed into a folder that is thrown away,
reach nothing but a server on this machine, and stop by the clock. The limits on how often one
address may try are off, so that they are not what keeps the scanners out.
What they find is printed; docs/proof-attacks.md says what came of the last time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from booking.upkeep.check import findings
from tests import databases
from tests.attacks import wire
from tests.attacks.server import NOW, serving
from tests.attacks.world import World, make_world, opened

SCANNERS = ("wapiti3==3.2.3", "sqlmap==1.10.10")
# Those that ask a service elsewhere whether our server has called it are left out.
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,"
    "shellshock,sql,timesql,upload,xss"
)
# What takes words or numbers in its address, and who opens it.
ASKED = {
    "stranger": (
        "/services/massage?option=1&day=2026-11-25&with=1",
        "/services/massage/month/2026-12?option=1&with=1",
        "/read?topic=hip&after=1",
        "/read?q=hips&after=1-1-1",
        "/sign-in?next=/account",
    ),
    "manager": (
        "/studio/clients?q=ada&page=1&flag=1&away=3",
        "/studio/book/clients?q=ada",
        "/studio/money?month=2026-11&page=1",
        "/studio/mails?state=waiting&client=1",
        "/studio/day/2026-11-24?practitioner=1",
        "/studio/settings/zone?q=york",
    ),
}
LEAVING = ("/sign-out", "/account/close", "/studio/settings/zone", "/account/devices/end-others")


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--minutes",
        type=float,
        default=5,
        help="for each walk of wapiti, for each address at sqlmap",
    )
    parser.add_argument("--tools", type=Path, help="an environment that has both scanners already")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        programs = (options.tools or install(folder / "tools")) / "bin"
        template = databases.Sqlite(folder)
        url, _drop = template.fresh(folder)
        world = make_world(url, folder)
        with serving(url, folder, "limits") as port:
            found = 0
            for line in scan(programs, port, world, folder, options.minutes * 60):
                found += 1
                print(line, flush=True)
            is_up = wire.is_open(port)
        faults = (folder / "server.log").read_text().count("unexpected fault")
        with opened(url, folder):
            broken = findings(NOW)
    print(f"\nScanned on {datetime.now(UTC):%Y-%m-%d} with {' and '.join(SCANNERS)}.")
    print(f"Lines of findings: {found}.")
    print(f"Faults in the server's log: {faults}; rules of `flask check` broken: {len(broken)}.")
    return 0 if is_up and not faults and not broken else 1


def install(folder: Path) -> Path:
    """Make an environment with both scanners; it goes with the folder."""
    print("Installing the scanners ...", flush=True)
    venv.create(folder, with_pip=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", *SCANNERS]
    subprocess.run(command, check=True)
    return folder


def scan(programs: Path, port: int, world: World, folder: Path, seconds: float) -> Iterator[str]:
    """Run both as a stranger and as the manager; yield what they find, a line each."""
    for who, paths in ASKED.items():
        cookie = world.cookies.get(who, {}).get("session", "")
        sent = f"session={cookie}" if cookie else ""
        yield from wapiti(programs, port, sent, folder, seconds)
        for path in paths:
            yield from sqlmap(programs, port, path, sent, folder, seconds)


def wapiti(programs: Path, port: int, cookie: str, folder: Path, seconds: float) -> Iterator[str]:
    site = f"http://127.0.0.1:{port}/"
    report, who = folder / "wapiti.json", "manager" if cookie else "stranger"
    command = [programs / "wapiti", "-u", site, "-m", MODULES, "-f", "json", "-o", report]
    command += ["--flush-session", "--store-session", folder / "wapiti", "--no-bugreport"]
    command += ["--store-config", folder / "wapiti", "-t", "10", "-v", "0", "--scope", "folder"]
    command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds / 8)]
    command += ["--max-links-per-page", "40", "--max-files-per-dir", "30", "--tasks", "4"]
    # Where our server would be made to call, if it could be: at itself.
    command += ["--external-endpoint", site, "--internal-endpoint", site]
    command += [word for path in LEAVING for word in ("-x", site.rstrip("/") + path)]
    command += ["-C", cookie, "--drop-set-cookie"] if cookie else []
    log = folder / f"wapiti-{who}.log"
    _run(command, log, 3 * seconds)
    if not report.exists():
        yield f"wapiti as {who} did not run: " + " / ".join(log.read_text().splitlines()[-9:])
        return
    said = json.loads(report.read_text())
    requests, pages = said["infos"].get("crawled_pages_nbr"), said["infos"].get("scope")
    print(f"wapiti as {who}: {requests} pages crawled ({pages})", flush=True)
    for kind in ("vulnerabilities", "anomalies"):
        for name, rows in said[kind].items():
            for info, count in Counter(row["info"] for row in rows).items():
                first = next(row for row in rows if row["info"] == info)
                where = f"{count} times, first at {first['method']} {first['path']}"
                yield f"wapiti as {who}, {name}: {info} ({where})"


def sqlmap(
    programs: Path, port: int, path: str, cookie: str, folder: Path, seconds: float
) -> Iterator[str]:
    command = [programs / "sqlmap", "-u", f"http://127.0.0.1:{port}{path}", "--batch"]
    command += ["--level", "1", "--risk", "1", "--flush-session", "--threads", "2"]
    command += ["--output-dir", folder / "sqlmap", "--disable-coloring", "--timeout", "10"]
    command += ["--cookie", cookie, "--skip", "Cookie"] if cookie else []
    log = folder / "sqlmap.log"
    is_done = _run(command, log, seconds)
    said = log.read_text(errors="replace")
    words = "nothing found" if is_done else "nothing found until the clock stopped it"
    if "identified the following injection point" in said:
        words = "injectable"
        yield f"sqlmap, {path}: {words}: " + " / ".join(said.splitlines()[-12:])
    elif is_done and "do not appear to be injectable" not in said:
        words = "did not run to its end"
        yield f"sqlmap, {path}: {words}: " + " / ".join(said.splitlines()[-6:])
    print(f"sqlmap: {path}: {words}", flush=True)


def _run(command: list, log: Path, seconds: float) -> bool:
    """Run a scanner, its words in a file; tell whether it ended by itself."""
    with log.open("w") as output:
        try:
            subprocess.run(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

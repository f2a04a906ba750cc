"""Two scanners that know nothing of us, let loose on a studio: `python -m tests.attacks.scan`.

wapiti follows every link and sends every form, as a stranger and as the manager; sqlmap works on
the addresses that take words and numbers. Both are installed into a folder that is thrown away,
reach nothing but a server on this machine, and stop by the clock. The limits on how often one
address may try are off, so that they are not what keeps the scanners out.
What they find is printed; docs/proof-attacks.md says what came of the last time.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

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
# One tries its attack in the cookie and loses the session with it. The other sends the type of a
# form twice, so that no form is read, and compares two refusals.
SPOILING = {"shellshock", "csrf"}
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
# What would end the walk, which would no longer be signed in, or move all hours under it.
LEAVING = (
    "/sign-out", "/account/close", "/account/devices/*", "/account/password", "/second-factor*",
    "/sign-in/*", "/studio/security", "/studio/settings/zone",
)  # fmt: skip
# The manager's walk begins here too, and opens at least so many different pages of the studio.
BEGINS, LEAST = ("studio/settings/", "studio/clients", "studio/articles/"), 40
# What the server wrote of a request: its method, its path, the status of its answer.
ASKED_FOR = re.compile(r"^asked (\S+) '(/studio\S*)' (\d+)$", re.MULTILINE)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--minutes",
        type=float,
        default=5,
        help="for each walk of wapiti, for each address at sqlmap",
    )
    parser.add_argument("--who", choices=ASKED, help="only as the one of the two")
    parser.add_argument("--scanner", choices=("wapiti", "sqlmap"), help="only the one of the two")
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
            for line in scan(Run(programs, port, folder, options.minutes * 60), world, options):
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


class Run(NamedTuple):
    """What both need: where they are, whom they scan, where they write, how long they have."""

    programs: Path
    port: int
    folder: Path
    seconds: float

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def scan(run: Run, world: World, options: argparse.Namespace) -> Iterator[str]:
    """Run both as a stranger and as the manager; yield what they find, a line each."""
    for who, paths in ASKED.items():
        if options.who not in {None, who}:
            continue
        cookie = world.cookies.get(who, {}).get("session", "")
        if options.scanner != "sqlmap":
            yield from wapiti(run, cookie)
        if options.scanner != "wapiti":
            for path in paths:
                yield from sqlmap(run, path, f"session={cookie}" if cookie else "")


def wapiti(run: Run, cookie: str) -> Iterator[str]:
    """Walk and attack; a walk as the manager that saw little of the studio is a finding too."""
    report, who = run.folder / "wapiti.json", "manager" if cookie else "stranger"
    root, modules = run.site, set(MODULES.split(","))
    if cookie:  # The rest is what a stranger has seen.
        root, modules = run.site + "studio/", modules - SPOILING
    command = [run.programs / "wapiti", "-u", root, "-m", ",".join(sorted(modules))]
    command += ["-f", "json", "-o", report]
    command += ["--flush-session", "--store-session", run.folder / "wapiti", "--no-bugreport"]
    command += ["--store-config", run.folder / "wapiti", "-t", "10", "-v", "0"]
    command += ["--scope", "folder", "--max-links-per-page", "80", "--max-files-per-dir", "30"]
    command += ["--max-scan-time", str(run.seconds), "--tasks", "4"]
    command += ["--max-attack-time", str(run.seconds / 3)]
    # Where our server would be made to call, if it could be: at itself.
    command += ["--external-endpoint", run.site, "--internal-endpoint", run.site]
    command += [word for path in LEAVING for word in ("-x", run.site.rstrip("/") + path)]
    if cookie:
        command += ["-c", _cookie_file(run, cookie)]
        command += [word for path in BEGINS for word in ("-s", run.site + path)]
    log, server_log = run.folder / f"wapiti-{who}.log", run.folder / "server.log"
    before = server_log.stat().st_size
    _run(command, log, 7 * run.seconds)
    if cookie:
        walked = ASKED_FOR.findall(server_log.read_bytes()[before:].decode())
        yield from _walked(walked)
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


def _cookie_file(run: Run, cookie: str) -> Path:
    """Write the cookie as a browser has it: it changes with what answers set, so forms count.

    Told of a cookie as a header, wapiti sends that one for ever, without the token of forms; told
    besides to drop what answers set, it drops the header as well. A page with a form is asked for
    first: of several tokens that are made at once only one would last.
    """
    page = Request(run.site + "studio/clients/new", headers={"Cookie": f"session={cookie}"})
    with urlopen(page, timeout=30) as answer:
        session = SimpleCookie(answer.headers["Set-Cookie"])["session"].value
    kept = {"value": session, "expires": None, "secure": False, "port": None, "version": 0}
    path = run.folder / "cookies.json"
    path.write_text(json.dumps({"127.0.0.1": {"/": {"session": kept}}}))
    return path


def _walked(asked: list[tuple[str, str, str]]) -> Iterator[str]:
    """Tell by the server's own word what was opened in the studio, numbers in addresses aside."""
    pages: set[str] = set()
    forms: dict[str, Counter[str]] = {}
    for method, path, status in asked:
        folded = re.sub(r"\d+", "1", path)
        if method == "GET" and status == "200":
            pages.add(folded)
        if method == "POST":
            forms.setdefault(folded, Counter())[status] += 1
    done = sum(1 for counts in forms.values() if counts["303"])
    sent = sum(forms.values(), Counter())
    print(f"wapiti as manager, in the studio: {len(asked)} requests, {len(pages)} different pages")
    print(f"opened, {len(forms)} different forms sent ({dict(sent)}), {done} of them with success.")
    for path in sorted(forms):
        print(f"  {path}: {dict(forms[path])}")
    if len(pages) < LEAST:
        yield f"wapiti as manager was not signed in: it opened {len(pages)} pages of the studio"
    late = [status for method, _path, status in asked if method == "GET"][-LEAST:]
    if "200" not in late:
        yield "wapiti as manager was not signed in any more at the end"


def sqlmap(run: Run, path: str, cookie: str) -> Iterator[str]:
    command = [run.programs / "sqlmap", "-u", run.site.rstrip("/") + path, "--batch"]
    command += ["--level", "1", "--risk", "1", "--flush-session", "--threads", "2"]
    command += ["--output-dir", run.folder / "sqlmap", "--disable-coloring", "--timeout", "10"]
    command += ["--cookie", cookie, "--skip", "Cookie"] if cookie else []
    log = run.folder / "sqlmap.log"
    is_done = _run(command, log, run.seconds)
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

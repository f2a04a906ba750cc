"""What Lighthouse says of the reading: the four scores of each page, and what costs points.

Run with ``python bench/lighthouse.py``. It fills a demo on a free port of this machine and needs
Chromium (``CHROMIUM_PATH`` names it) and Lighthouse: ``LIGHTHOUSE`` names the program, else
``npx lighthouse@12`` is asked. Ends with 1 when a page is not there or a score is below 100. Not
part of the tests: nobody needs Node to work on this project.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask_migrate import upgrade
from waitress.server import create_server

from booking import clock, create_app
from booking.demo import fill

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = (
    "/read/gluteus-medius",
    "/read",
    "/where-does-it-hurt",
    "/",
    "/services/therapeutic-massage",
)
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"


def lighthouse() -> list[str]:
    """Return how Lighthouse is called here; ends the program when it is not to be had."""
    if named := os.environ.get("LIGHTHOUSE"):
        return [named]
    if found := shutil.which("lighthouse") or shutil.which("npx"):
        return [found] if found.endswith("lighthouse") else [found, "--yes", "lighthouse@12"]
    sys.exit("Neither lighthouse nor npx is here.")


def demo(folder: str) -> Flask:
    """Return an application with a demo practice, at its own address on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app({
        "SECRET_KEY": "bench-" + "k" * 40,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/bench.sqlite3",
        "INSTANCE_PATH": folder,
        "RATELIMIT_ENABLED": False,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    })  # fmt: skip
    with app.app_context():
        upgrade()
        fill.fill(clock.utcnow())
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    return app


def report(address: str, form: str, folder: str) -> dict[str, Any]:
    """Return Lighthouse's report of a page on a phone or a desk."""
    path = Path(folder) / "report.json"
    path.unlink(missing_ok=True)
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or ""
    desk = ["--preset=desktop"] if form == "desk" else []
    done = subprocess.run(
        [*lighthouse(), address, "--quiet", "--output=json", f"--output-path={path}",
         f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}", *desk],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    if not path.exists():
        sys.exit(f"Lighthouse failed on {address}: {done.stderr[-1000:]}")
    return json.loads(path.read_text())


def main() -> int:
    """Print the scores; return 1 when one of them is below 100, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        app = demo(folder)
        shown, below = 0, 0
        for path in PAGES:
            if app.test_client().get(path).status_code != 200:
                print(f"{path:32} is not there")
                below += 1
                continue
            for form in ("phone", "desk"):
                found = report(app.config["PUBLIC_URL"] + path, form, folder)
                scores = {one: found["categories"][one]["score"] or 0 for one in CATEGORIES}
                words = (f"{one} {100 * score:.0f}" for one, score in scores.items())
                print(f"{path:32} {form:6}", *words)
                for sentence in lost(found):
                    print(f"    {sentence}")
                shown += 1
                below += min(scores.values()) < 1
        print(f"{shown} reports, {below} below 100")
    return int(below > 0)


def lost(found: dict[str, Any]) -> list[str]:
    """Return what costs points, as Lighthouse calls it."""
    counted = {
        audit["id"]
        for one in CATEGORIES
        for audit in found["categories"][one]["auditRefs"]
        if audit["weight"]
    }
    return [
        f"{name}: {audit['title']} ({audit['score']})"
        for name, audit in found["audits"].items()
        if name in counted and audit["score"] is not None and audit["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())

"""Make the README's pictures from the demo: python docs/pictures/make.py (needs Chromium)."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
PORT = 8123
SITE = f"http://127.0.0.1:{PORT}"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def serve(folder: str) -> subprocess.Popen[bytes]:
    """Start the demo in a folder of its own and wait until it answers."""
    environment = {**os.environ, "INSTANCE_PATH": folder, "DATABASE_URL": "", "PUBLIC_URL": ""}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "up", "--port", str(PORT)]
    server = subprocess.Popen(command, cwd=HERE.parent.parent, env=environment)
    for _second in range(60):
        try:
            urllib.request.urlopen(SITE)
            return server
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise SystemExit("The demo did not start.")


def take(browser: Browser) -> None:
    wide = browser.new_page(viewport={"width": 1120, "height": 700})
    wide.goto(SITE)
    wide.screenshot(path=HERE / "home.png")
    wide.goto(f"{SITE}/services/therapeutic-massage")
    wide.screenshot(path=HERE / "service.png")
    wide.click(".time >> nth=2")
    wide.screenshot(path=HERE / "details.png")
    wide.goto(f"{SITE}/classes")
    wide.screenshot(path=HERE / "timetable.png")
    phone = browser.new_page(viewport={"width": 390, "height": 700})
    phone.goto(f"{SITE}/services/private-yoga")
    phone.screenshot(path=HERE / "phone.png")


def main() -> None:
    chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(folder)
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser)
            browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

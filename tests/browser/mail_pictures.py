"""Every mail as a picture: wide and on a phone, in light and in dark, and with colours inverted.

For the eye of whoever changes the mails: ``python -m tests.browser.mail_pictures FOLDER [KIND …]``
fills FOLDER from a demo of its own. The browser tests measure the same pages.
"""

import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from booking import clock, create_app
from booking.catalog.models import Practitioner
from booking.database import db
from booking.demo import fill
from booking.mail.letter_kinds import OWN_WORDS
from booking.mail.letters import try_letter
from booking.practice import queries as practice
from booking.settings.mail_examples import tried
from booking.studio import sheets
from booking.web.words import locale_for
from tests.browser.conftest import QUIET

WIDE = {"width": 600, "height": 700}
PHONE = {"width": 375, "height": 700}
# Some programs turn the colours of a mail over, whatever it says of dark ones.
INVERTED = "html { filter: invert(1) hue-rotate(180deg); background: white; }"


def mails(app: Flask, language: str) -> dict[str, str]:
    """The HTML of each kind of mail in a language, by its name."""
    with app.app_context():
        found = {}
        for name in OWN_WORDS:
            trial, _is_real = tried(name, locale_for(language), clock.utcnow())
            assert trial.letter is not None
            found[name] = trial.letter.html
        return found | {"sheet": sheet(locale_for(language))}


def sheet(locale: str) -> str:
    """The morning's sheet of the first day on which somebody with one has something to do."""
    giver = db.session.scalars(select(Practitioner).order_by(Practitioner.id)).first()
    assert giver is not None
    for hours in range(6, 9 * 24, 6):  # Each morning's has its time, in whatever zone.
        db.session.rollback()
        # The site writes beside this: a reader who would write later might be told "locked".
        db.session.connection(execution_options={"begin_immediate": True})
        giver.has_sheet, giver.sheet_on = True, None
        moment = clock.utcnow() + timedelta(hours=hours)
        trial = try_letter(partial(sheets.write_next, practice.current(), moment), None, locale)
        db.session.rollback()
        if trial.letter is not None:
            return trial.letter.html
    raise AssertionError("nobody comes in a week")


def take(page: Page, name: str, folder: Path) -> None:
    for size, width in ((WIDE, "600"), (PHONE, "375")):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.add_style_tag(content=INVERTED)
    page.screenshot(path=folder / f"{name}-375-inverted.png", full_page=True)


def demo() -> Flask:
    folder = mkdtemp()
    app = create_app({
        "SECRET_KEY": "k" * 40, "INSTANCE_PATH": folder, "PUBLIC_URL": "http://localhost",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/demo.sqlite3",
    })  # fmt: skip
    with app.app_context():
        upgrade()
        fill.fill(clock.utcnow())
    return app


def main(folder: Path, only: list[str], program: str = "chromium") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = demo()
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=f"/usr/bin/{program}", args=QUIET.split()
        )
        for language in ("en", "es"):
            for name, html in mails(app, language).items():
                if not only or name in only:
                    page = browser.new_page()
                    page.set_content(html)
                    take(page, f"{name}-{language}", folder)
                    page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

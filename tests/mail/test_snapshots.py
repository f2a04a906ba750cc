"""Every mail, whole, against a stored copy: what changed is seen before it is sent.

After a change that is meant, write the copies anew with ``UPDATE_SNAPSHOTS=1`` and read the
difference.
"""

import os
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from booking.database import db, transact
from booking.mail import smtp
from booking.mail.letter_kinds import KINDS, Until
from booking.mail.models import OutgoingMail
from booking.practice import operations
from booking.practice import queries as practice
from tests.mail.every_mail import everything_once

SNAPSHOTS = Path(__file__).parent / "snapshots"
TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
# Gmail cuts a mail off at 102 KB; the calendar file and the coding of the parts count too.
MOST_BYTES = 60_000


def stable(message: EmailMessage) -> str:
    """The mail as text, without what differs from run to run."""
    parts = [f"Subject: {message['Subject']}", f"To: {message['To']}", f"From: {message['From']}"]
    for part in message.walk():
        if not part.is_multipart():
            parts.append(f"--- {part.get_content_type()}")
            # A calendar folds long lines (RFC 5545, 3.1) wherever they happen to be long.
            fold = "\n " if part.get_content_subtype() == "calendar" else "\r"
            parts.append(part.get_content().replace("\r\n", "\n").replace(fold, "").strip())
    text = "\n".join(parts) + "\n"
    text = re.sub(r"/(manage|places|waiting|mails/stop)/[\w.-]+", r"/\1/LINK", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def written(app: Flask, studio, now, language) -> dict[str, str]:
    transact(lambda: operations.change(practice.current(), locale=f"{language}_US"))
    everything_once(studio, now)
    found = {}
    for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)):
        sender, link = "studio@heronlane.example", "http://localhost/ONE-TIME"
        message = smtp.compose(mail, sender, "Heron Lane Studio", now(), link)
        assert len(message.as_bytes()) < MOST_BYTES
        has_the_ways_of_its_kind(mail)
        found.setdefault(mail.kind, stable(message))
    return found


def has_the_ways_of_its_kind(mail: OutgoingMail) -> None:
    kind = KINDS[mail.kind]
    assert mail.keeps_quiet == kind.quiet, mail.kind
    assert (mail.unsubscribe_url is not None) == kind.may_stop, mail.kind
    if kind.until is not Until.ALWAYS:
        assert mail.useless_after is not None, mail.kind
        assert mail.useless_after > mail.due_at, mail.kind


def test_every_mail_reads_as_it_did(written, language):
    folder = SNAPSHOTS / language
    if os.environ.get("UPDATE_SNAPSHOTS"):
        folder.mkdir(exist_ok=True, parents=True)
        for name, text in written.items():
            (folder / f"{name}.txt").write_text(text)
    assert set(written) == {path.name.split(".")[0] for path in TEMPLATES.glob("*.subject.txt")}
    assert written == {path.stem: path.read_text() for path in folder.glob("*.txt")}


def test_plain_texts_have_short_lines_and_links_on_lines_of_their_own():
    for path in SNAPSHOTS.glob("*/*.txt"):
        text = path.read_text().split("--- text/plain\n")[1].split("--- text/html\n")[0]
        lines = text.splitlines()
        assert [line for line in lines if len(line) > 78 and "://" not in line] == [], path
        assert [line for line in lines if "://" in line and " " in line.strip()] == [], path
        assert "\n\n\n" not in text, path


def test_html_parts_have_one_heading_and_fetch_nothing():
    for path in SNAPSHOTS.glob("*/*.txt"):
        text = path.read_text().split("--- text/html\n")[1].split("--- text/calendar\n")[0]
        page = BeautifulSoup(text, "html.parser")
        assert [bool(one.get_text(strip=True)) for one in page.find_all("h1")] == [True], path
        assert page.find_all(["img", "script", "link", "iframe", "form", "object"]) == [], path
        assert "url(" not in text, path
        bare = [one for one in page.find_all(["p", "a", "h1", "td"]) if not one.get("style")]
        assert bare == [], path

"""The mails that the site hands to a real mail server, and the links in them."""

import email
import email.policy
import re
import time
from email.message import EmailMessage
from itertools import count
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

_handed_out: set[tuple[str, str]] = set()


class PostOffice:
    """Takes whatever mail it is handed over SMTP and keeps each as a file."""

    def __init__(self, instance: Path):
        self.folder = instance / "mail"
        self.folder.mkdir(exist_ok=True)
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{next(self.numbers):05}"
        being_written = self.folder / f"{name}.part"
        being_written.write_bytes(envelope.content or b"")
        being_written.rename(self.folder / f"{name}.eml")
        return "250 OK"


def link_for(instance: Path, address: str, path: str = "/sign-in/", words: str = "") -> str:
    """Wait for the next mail to `address` that says `words` and has a link under `path`.

    Each link of each mail is returned once.
    """
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for file in sorted((instance / "mail").glob("*.eml")):
            mail = _read(file)
            text = _text(mail)
            found = re.search(rf"http://\S+{path}\S+", text)
            if mail["To"] != address or words not in text or not found:
                continue
            if (file.name, found.group()) not in _handed_out:
                _handed_out.add((file.name, found.group()))
                return found.group()
        time.sleep(0.1)
    return pytest.fail(f"no mail with a link under {path} has come for {address}")


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""

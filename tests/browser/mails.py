"""The mails that the site writes into its instance folder, and the links in them."""

import email
import email.policy
import re
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

_handed_out: set[str] = set()


def link_for(instance: Path, address: str, path: str = "/sign-in/") -> str:
    """Wait for the next mail to `address` with a link under `path`; return each link once."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for file in (instance / "mail").glob("*.eml"):
            mail = _read(file)
            found = re.search(rf"http://\S+{path}\S+", _text(mail))
            if mail["To"] == address and found and found.group() not in _handed_out:
                _handed_out.add(found.group())
                return found.group()
        time.sleep(0.1)
    return pytest.fail(f"no mail with a link under {path} has come for {address}")


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""  # A file that is just being written has none yet.

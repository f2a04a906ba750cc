"""A mail in the words that a server understands: addresses, characters, size."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, default

from email_validator import EmailNotValidError, validate_email

from booking.mail.answers import FinalProblem

# Eight bits where the server does not promise to carry them are damaged on the way.
SEVEN_BITS = default.clone(cte_type="7bit")
ON_THE_WIRE = SMTP.clone(cte_type="7bit")
INTERNATIONAL = SMTP.clone(utf8=True)


@dataclass(frozen=True, slots=True)
class Wire:
    """A mail as it goes over the wire."""

    address: str
    content: bytes
    options: list[str]


def fit(server: smtplib.SMTP, message: EmailMessage, address: str) -> Wire:
    """Write a mail the way this server can carry it; FinalProblem when it cannot."""
    plain = plain_address(address)
    options: list[str] = []
    if plain is None:
        if not server.has_extn("smtputf8"):
            raise FinalProblem(
                "the mail server cannot write to an address with letters beyond a to z (SMTPUTF8)"
            )
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    content = message.as_bytes(policy=ON_THE_WIRE if plain else INTERNATIONAL)
    if server.has_extn("size"):
        most = server.esmtp_features["size"].strip()
        if most.isdigit() and 0 < int(most) < len(content):
            raise FinalProblem(f"the mail has {len(content)} bytes, the server takes {most}")
        options.append(f"SIZE={len(content)}")
    return Wire(plain or address, content, options)


def plain_address(address: str) -> str | None:
    """Return an address in ASCII, its domain the way the name service has it; None if it cannot."""
    if address.isascii():
        return address
    try:
        return validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        return None

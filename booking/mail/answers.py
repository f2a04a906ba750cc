"""What a mail server's answer means: for this mail, for its address, or for all mails.

RFC 5321 has 4yz come again and 5yz not. That is not enough to act on: a relay that refuses to
serve us says 5yz as well, and so does one that knows the person but not the sender.
"""

import re


class MailProblem(Exception):
    """The mail did not go out; the text says why."""


class TemporaryProblem(MailProblem):
    """This mail may go out later: it has used up one of its tries."""


class BrokenProblem(TemporaryProblem):
    """The connection broke or fell silent while this mail was handed over."""


class FinalProblem(MailProblem):
    """This mail will never go out as it is."""


class AddressProblem(FinalProblem):
    """Nobody reads mails at this address: no other mail to it will go out either."""


class ServerProblem(MailProblem):
    """The server is away, or refuses us rather than this mail, which was not really offered."""


class RecipientServerProblem(ServerProblem):
    """The server refuses us at a recipient: it means us all, or this one after all."""


class SilentProblem(ServerProblem):
    """The server did not answer in time."""


class CertificateProblem(ServerProblem):
    """Whoever answers cannot prove to be the server."""


class NoTlsProblem(ServerProblem):
    """The server offers no TLS, and a password would travel in the open."""


class SignInProblem(ServerProblem):
    """The server does not accept name and password."""


# RFC 3463: nobody there, no such domain, moved away, mailbox closed.
NOBODY_THERE = {"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}
# Without such a code, 550 is also what a filter says. Then its words are all there is to go by.
POLICY = re.compile(
    r"polic|spam|block|black|listed|reput|spf|dkim|dmarc|denied|reject|content|banned",
    re.IGNORECASE,
)
# Said by servers that name the reason before the rule: "Recipient address rejected: User unknown".
PLAIN = re.compile(
    r"user unknown|unknown user|no such (user|person|mailbox|recipient|address|account)"
    r"|does ?n[o']t exist|mailbox not found|no mailbox",
    re.IGNORECASE,
)
# The server would take it from somebody whom it knows: our sign-in is missing or wrong.
NOT_FOR_US = re.compile(r"relay|authenticat", re.IGNORECASE)
CODE = re.compile(r"\s*[245]\.(\d{1,3}\.\d{1,3})\b")
CLOSING = 421
MUST_SIGN_IN = {530, 535, 538}
TOO_LARGE = {"3.4", "2.3"}


def words_of(code: int, text: bytes | str) -> str:
    """Return an answer as it is kept: one line, not too long."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    clean = "".join(char if char.isprintable() else " " for char in said)
    return f"{code} {' '.join(clean.split())}"[:500]


def about_sender(code: int, text: bytes | str, *, is_proven: bool) -> MailProblem:
    """Judge the refusal of MAIL, which names nobody but us.

    On a connection that has taken another mail (`is_proven`) it is about this mail after all.
    """
    words, detail = words_of(code, text), _detail(text)
    if code == 552 or detail in TOO_LARGE:
        return FinalProblem(words)
    if is_proven and code != CLOSING:
        return TemporaryProblem(words)
    return ServerProblem(words)


def about_recipient(code: int, text: bytes | str, *, is_proven: bool) -> MailProblem:
    """Judge the refusal of RCPT: the one place where a server speaks of the address.

    On a connection that has taken another mail (`is_proven`) it is not about us all.
    """
    words, detail = words_of(code, text), _detail(text)
    if code == CLOSING:
        return TemporaryProblem(words) if is_proven else RecipientServerProblem(words)
    if not 500 <= code < 600:
        return TemporaryProblem(words)
    if code in MUST_SIGN_IN or (NOT_FOR_US.search(words) and detail not in NOBODY_THERE):
        return FinalProblem(words) if is_proven else RecipientServerProblem(words)
    return AddressProblem(words) if _is_nobody_there(code, detail, words) else FinalProblem(words)


def about_content(code: int, text: bytes | str) -> MailProblem:
    """Judge the refusal of the mail itself, after all of it was sent."""
    words = words_of(code, text)
    if code == CLOSING:
        return BrokenProblem(words)
    return FinalProblem(words) if 500 <= code < 600 else TemporaryProblem(words)


def _detail(text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    found = CODE.match(said)
    return found.group(1) if found else ""


def _is_nobody_there(code: int, detail: str, words: str) -> bool:
    if detail:
        return detail in NOBODY_THERE
    if code in {551, 553}:
        return True
    return code == 550 and (not POLICY.search(words) or bool(PLAIN.search(words)))

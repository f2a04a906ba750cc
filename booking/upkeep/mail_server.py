"""Whether the mail server lets us in: connected to, made safe, signed in to, sender accepted.

No mail is written. All of it together has a limit: a server that answers a byte a minute is as
useless as one that does not answer.
"""

import contextlib
import smtplib
import ssl
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from booking import config
from booking.domain.errors import sentence
from booking.upkeep.findings import Finding, look, ok, wrong

ANSWER_SECONDS = 8
WHOLE_SECONDS = 20


def check(settings: Mapping[str, Any], seconds: float = WHOLE_SECONDS) -> list[Finding]:
    """Go through all that comes before a mail, in `seconds` at most."""
    url = settings["SMTP_URL"]
    if not url:
        tell = look if config.is_local(settings["PUBLIC_URL"]) else wrong
        return [tell("server", sentence(
            "No mail server is set up: mails are files, and reach nobody. Set SMTP_URL and "
            "MAIL_FROM."
        ))]  # fmt: skip
    found: list[Finding] = []
    parts = urlsplit(url)
    visit = threading.Thread(
        target=lambda: found.append(_visit(parts, settings["MAIL_FROM"])), daemon=True
    )
    visit.start()
    visit.join(seconds)
    return found[:1] or [wrong("server", sentence(
        "%(host)s was not done answering after %(count)s seconds. Is it the right server and port?"
    ), host=_named(parts), count=round(seconds))]  # fmt: skip


def _visit(parts: SplitResult, sender: str) -> Finding:
    host = _named(parts)
    try:
        server = _connect(parts)
    except ssl.SSLCertVerificationError as error:
        return wrong("server", sentence(
            "The certificate of %(host)s is not good (%(why)s), so nothing is sent there."
        ), host=host, why=error.verify_message)  # fmt: skip
    except (OSError, smtplib.SMTPException) as error:
        return wrong("server", sentence(
            "%(host)s cannot be reached: %(why)s. Are name and port in SMTP_URL right, and does "
            "the machine’s provider let mail out?"
        ), host=host, why=_said(error))  # fmt: skip
    try:
        return _sign_in(server, parts, sender)
    except (OSError, smtplib.SMTPException) as error:
        return wrong("server", sentence("%(host)s answers, but then: %(why)s"),
                     host=host, why=_said(error))  # fmt: skip
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=ANSWER_SECONDS, context=context)
    return smtplib.SMTP(host, parts.port or 587, timeout=ANSWER_SECONDS)


def _sign_in(server: smtplib.SMTP, parts: SplitResult, sender: str) -> Finding:
    host, user = _named(parts), unquote(parts.username or "")
    server.ehlo_or_helo_if_needed()
    is_safe = parts.scheme == "smtps"
    if not is_safe and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
        is_safe = True
    if user and not is_safe:
        return wrong("server", sentence(
            "%(host)s offers no TLS, so the password is not sent and no mail leaves. Use "
            "smtps://, or another port."
        ), host=host)  # fmt: skip
    if user:
        try:
            server.login(user, unquote(parts.password or ""))
        except smtplib.SMTPAuthenticationError as error:
            return wrong("server", sentence(
                "%(host)s does not accept name and password: %(why)s. Many providers want a "
                "password made for programs."
            ), host=host, why=_said(error))  # fmt: skip
    code, text = server.mail(sender)
    if code != 250:
        return wrong("server", sentence(
            "%(host)s does not take mails from %(sender)s: %(why)s"
        ), host=host, sender=sender, why=f"{code} {text.decode('utf-8', 'replace')}")  # fmt: skip
    server.rset()
    if not is_safe:
        return look("server", sentence(
            "%(host)s takes mails from %(sender)s, but offers no TLS: they travel in the open."
        ), host=host, sender=sender)  # fmt: skip
    return ok("server", sentence("%(host)s takes mails from %(sender)s, over TLS."),
              host=host, sender=sender)  # fmt: skip


def _named(parts: SplitResult) -> str:
    return f"{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 587)}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {words}"
    return str(error) or type(error).__name__

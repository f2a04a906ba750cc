"""The way out: one connection for many mails, opened when it is needed and never trusted to last.

Nothing here waits without end: each answer has its time, and so has a mail as a whole. No lock and
no transaction may be held by whoever calls.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from booking.mail import answers
from booking.mail.answers import (
    BrokenProblem,
    CertificateProblem,
    MailProblem,
    NoTlsProblem,
    ServerProblem,
    SignInProblem,
    SilentProblem,
)
from booking.mail.watchdog import Watchdog
from booking.mail.way import Way
from booking.mail.wire import Wire, fit

FAILURES = (OSError, smtplib.SMTPException)
# What is set up cannot be said to a server: a name or a password in letters that it has not.
UNSAYABLE = (*FAILURES, ValueError)


class Outlet(Protocol):
    """What the worker hands mails to."""

    @property
    def is_open(self) -> bool: ...

    @property
    def is_proven(self) -> bool: ...

    def make_ready(self) -> None: ...

    def send(self, message: EmailMessage, sender: str, address: str) -> None: ...

    def close(self) -> None: ...


class FolderOutlet:
    """Mails become files: what happens when no server is set up."""

    is_open = is_proven = True

    def __init__(self, folder: Path, now: datetime):
        self.folder, self.now = folder, now

    def make_ready(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def send(self, message: EmailMessage, sender: str, address: str) -> None:
        """Keep the message as an .eml file, named by the time of its batch."""
        own = message["Message-ID"].strip("<>").partition("@")[0][:12]
        path = self.folder / f"{self.now:%Y%m%dT%H%M%S}-{own}.eml"
        path.write_bytes(message.as_bytes())

    def close(self) -> None:
        """Files need no goodbye."""


class _Watched(smtplib.SMTP):
    """A connection that is made after it was created, so that it can be cut while it is made."""

    def __init__(self, host: str, step: float, **options: Any):
        super().__init__(**options)
        self._host = host  # What the certificate must name.
        self.watchdog = Watchdog(self, step)

    def close(self) -> None:
        super().close()
        self.watchdog.close()


class _WatchedTLS(_Watched, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


class SmtpOutlet:
    """A connection to the mail server, kept for as long as mails follow each other."""

    def __init__(self, way: Way):
        self.way = way
        self._server: _Watched | None = None
        self._has_begun = False  # A mail was begun on this connection: RSET comes before the next.
        self._taken = 0

    @property
    def is_open(self) -> bool:
        return self._server is not None

    @property
    def is_proven(self) -> bool:
        """Tell whether this very connection has taken a mail."""
        return self._taken > 0

    @property
    def is_safe(self) -> bool:
        """Tell whether what is said over this connection is encrypted."""
        return self._server is not None and isinstance(self._server.sock, ssl.SSLSocket)

    def make_ready(self) -> None:
        """Be connected and signed in, the mail before forgotten; raises ServerProblem."""
        if self._server is not None and self._has_begun and not self._reset(self._server):
            self._drop()
        if self._server is None:
            self._open()

    def offer_nothing(self, sender: str) -> None:
        """Ask whether a mail from `sender` would be taken; raises the MailProblem that says no."""
        server = self._server
        if server is None:
            raise ServerProblem("there is no connection")
        self._has_begun = True
        with server.watchdog.within(self.way.patience.whole):
            self._name_sender(server, sender, ())

    def send(self, message: EmailMessage, sender: str, address: str) -> None:
        """Hand one mail over; raises the MailProblem that says what became of it."""
        server = self._server
        if server is None:
            raise ServerProblem("there is no connection")
        wire = fit(server, message, address)
        self._has_begun = True
        with server.watchdog.within(self.way.patience.whole):
            self._offer(server, wire, sender)
        with server.watchdog.within(self.way.patience.taking):
            self._hand_over(server, wire)
        self._taken += 1

    def close(self) -> None:
        """Say goodbye. What became of each mail is known; nothing here changes it."""
        if self._server is not None:
            server = self._server
            with contextlib.suppress(*FAILURES), server.watchdog.within(self.way.patience.goodbye):
                server.quit()
            self._drop()

    def _open(self) -> None:
        try:
            parts, (host, port) = urlsplit(self.way.url), self.way.place
            server = self._make(host)
            self._server, self._has_begun, self._taken = server, False, 0
            with server.watchdog.within(self.way.patience.whole):
                _greet(server, host, port)
                self._secure(server, has_user=bool(parts.username))
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            words = answers.words_of(error.smtp_code, error.smtp_error)
            raise SignInProblem(f"the sign-in was refused: {words}") from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise ServerProblem(answers.words_of(error.smtp_code, error.smtp_error)) from error
        except UNSAYABLE as error:
            self._drop()
            raise _failed(error) from error
        except MailProblem:
            self._drop()
            raise

    def _make(self, host: str) -> _Watched:
        patience = self.way.patience
        options: dict[str, Any] = {
            "timeout": patience.answer,
            # Without a name, smtplib would ask the domain name service for ours, and wait.
            "local_hostname": self.way.name or None,
        }
        step = min(1, patience.answer / 4)
        if self.way.has_tls:
            return _WatchedTLS(host, step, context=self._trust(), **options)
        return _Watched(host, step, **options)

    def _secure(self, server: smtplib.SMTP, *, has_user: bool) -> None:
        """Go over to TLS; a password never travels in the open, nor does a mail if it must not."""
        if self.way.has_tls:
            return
        if server.has_extn("starttls"):
            server.starttls(context=self._trust())
            server.ehlo_or_helo_if_needed()
        elif has_user:
            raise NoTlsProblem("the server offers no TLS, so the password was not sent")
        elif self.way.needs_tls:
            raise NoTlsProblem("the server offers no TLS, so no mail was sent")

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.way.ca_file:
            context.load_verify_locations(self.way.ca_file)
        return context

    def _reset(self, server: _Watched) -> bool:
        try:
            with server.watchdog.within(self.way.patience.answer):
                return server.rset()[0] == 250
        except FAILURES:
            return False

    def _name_sender(self, server: _Watched, sender: str, options: Sequence[str]) -> None:
        try:
            code, text = server.mail(sender, options)
        except UNSAYABLE as error:
            self._drop()
            raise _failed(error) from error
        if code != 250:
            raise answers.about_sender(code, text, is_proven=self.is_proven)

    def _offer(self, server: _Watched, wire: Wire, sender: str) -> None:
        self._name_sender(server, sender, wire.options)
        try:
            code, text = server.rcpt(wire.address)
        except FAILURES as error:
            self._drop()
            raise BrokenProblem(str(_failed(error))) from error
        if code == answers.CLOSING:
            self._drop()
        if code not in {250, 251}:
            raise answers.about_recipient(code, text, is_proven=self.is_proven)

    def _hand_over(self, server: _Watched, wire: Wire) -> None:
        try:
            _wait_at_most(server, self.way.patience.taking)
            code, text = server.data(wire.content)
        except smtplib.SMTPDataError as error:
            raise answers.about_content(error.smtp_code, error.smtp_error) from error
        except FAILURES as error:
            self._drop()
            raise BrokenProblem(str(_failed(error))) from error
        finally:
            _wait_at_most(server, self.way.patience.answer)
        if code != 250:
            raise answers.about_content(code, text)

    def _drop(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.close()
        self._server = None


def _greet(server: smtplib.SMTP, host: str, port: int) -> None:
    code, text = server.connect(host, port)
    if code != 220:
        raise ServerProblem(answers.words_of(code, text))
    server.ehlo_or_helo_if_needed()


def _failed(error: Exception) -> ServerProblem:
    if isinstance(error, ssl.SSLCertVerificationError):
        return CertificateProblem(f"the server's certificate is not good: {error.verify_message}")
    # smtplib makes a lost connection of an answer that it waited for in vain.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return SilentProblem("the server did not answer in time")
    if isinstance(error, UnicodeError):  # Its own words would show a letter of the password.
        return ServerProblem("name, password or sender have letters that a server cannot be told")
    return ServerProblem(f"{type(error).__name__}: {error}"[:500])


def _wait_at_most(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)

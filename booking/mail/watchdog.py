"""Patience as a whole: a server that answers a little all the time would outlast each timeout."""

import contextlib
import smtplib
import socket
import threading
import time
from collections.abc import Iterator


class Watchdog:
    """Cuts a connection while something takes longer than it may, from a thread of its own."""

    def __init__(self, server: smtplib.SMTP, step: float):
        """Look every `step` seconds, until `close`."""
        self._server, self._step = server, step
        self._until: float | None = None
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, name="mail-watchdog", daemon=True).start()

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let the block take so long; the server is cut off in the middle of it otherwise."""
        self._until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._until = None

    def close(self) -> None:
        self._is_over.set()

    def _watch(self) -> None:
        while not self._is_over.wait(self._step):
            until = self._until
            if until is not None and time.monotonic() > until:
                self._cut()

    def _cut(self) -> None:
        if self._server.sock is not None:
            with contextlib.suppress(OSError):
                # Past the TLS around it, which another thread is reading from.
                socket.socket.shutdown(self._server.sock, socket.SHUT_RDWR)

"""A mail server that takes everything and counts: which mails, how often, and from which worker.

It speaks over a real socket. Workers greet it with their process number, so that one of them can be
killed at a moment of the conversation.
"""

import contextlib
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# The moments of a mail, in their order. What is "taken" is counted; then follows the answer.
STAGES = ("connected", "offered", "named", "told", "taken", "answered")
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Sink:
    """What has arrived."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.total = 0
        self.port = 0
        # Called at each moment with its name.
        self.on_stage: Callable[[str, int], None] = lambda _stage, _pid: None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def take(self, content: bytes) -> None:
        found = MESSAGE_ID.search(content)
        with self._lock:
            self.copies[found.group(1).decode() if found else "none"] += 1
            self.total += 1


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 100


@contextmanager
def sinking() -> Iterator[Sink]:
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                _talk(self, sink)

    with _Server(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield sink
        finally:
            server.shutdown()


def _talk(handler: socketserver.StreamRequestHandler, sink: Sink) -> None:
    pid, say = 0, handler.wfile.write
    say(b"220 sink\r\n")
    while line := handler.rfile.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            pid = int(line.partition(b"pid-")[2].partition(b".")[0] or 0)
            sink.on_stage("connected", pid)
        if verb == b"MAIL":
            sink.on_stage("offered", pid)
        if verb == b"RCPT":
            sink.on_stage("named", pid)
        if verb == b"QUIT":
            say(b"221 bye\r\n")
            return
        if verb == b"DATA":
            say(b"354 go on\r\n")
            content = _content(handler)
            if content is None:
                return
            sink.on_stage("told", pid)
            sink.take(content)
            sink.on_stage("taken", pid)
            say(b"250 taken\r\n")
            sink.on_stage("answered", pid)
        else:
            say(b"250 sink\r\n")


def _content(handler: socketserver.StreamRequestHandler) -> bytes | None:
    """Return a mail as it came, None when it broke off."""
    lines = []
    while (line := handler.rfile.readline()) != b".\r\n":
        if not line.endswith(b"\n"):
            return None
        lines.append(line)
    return b"".join(lines)

"""A small client of our own: a few kept-alive connections, what they ask, how fast it comes.

One thread looks after all connections, so that the client itself takes as little as it can of the
machine that it shares with the server.
"""

import re
import selectors
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

# How long one answer may take before the run is given up, in seconds.
PATIENCE = 30
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
PLACE = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)


class Answer(NamedTuple):
    """What a server said; `head` is everything before the body."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = PLACE.search(self.head)
        return found[1].decode() if found else ""

    @property
    def cookie(self) -> str:
        found = COOKIE.search(self.head)
        return found[1].decode() if found else ""


# Gives the requests of one visitor one after the other and is sent their answers.
Visit = Generator[bytes, Answer, None]


@dataclass
class Load:
    """What came of a run: how many visits, in how many seconds."""

    visits: int = 0
    seconds: float = 0.0
    bytes: int = 0

    @property
    def rate(self) -> float:
        """Visits a second."""
        return self.visits / self.seconds if self.seconds else 0.0


def request(method: str, path: str, body: str = "", **headers: str) -> bytes:
    """Return a request as it goes over the wire; underlines in names of headers become hyphens."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Line:
    """One connection and the visit that is under way on it."""

    def __init__(self, port: int):
        self.port = port
        self.buffer = b""
        self.visit: Visit | None = None
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def begin(self, visit: Visit) -> None:
        self.visit = visit
        self.sock.sendall(next(visit))

    def take(self) -> Answer | None:
        """Read what has come; return the answer once it is whole."""
        piece = self.sock.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server hung up in the middle of an answer")
        self.buffer += piece
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.buffer[:end]
        status = int(head[9:12])
        length = LENGTH.search(head)
        if length is None and status not in (204, 304):
            raise ValueError("an answer without a length")
        size = 0 if status in (204, 304) or length is None else int(length[1])
        if len(self.buffer) < end + 4 + size:
            return None
        answer = Answer(status, head, self.buffer[end + 4 : end + 4 + size])
        self.buffer = self.buffer[end + 4 + size :]
        return answer

    def close(self) -> None:
        self.sock.close()


def drive(port: int, visits: Callable[[], Visit | None], connections: int, seconds: float) -> Load:
    """Let `connections` visitors ask at once, for so many seconds or until no visit is left.

    Visits that have begun are finished. Raises whatever a visit raises about an answer.
    """
    load = Load()
    watch = selectors.DefaultSelector()
    lines = [Line(port) for _ in range(connections)]
    began = time.perf_counter()
    try:
        for line in lines:
            _next(line, watch, visits, is_over=False)
        while watch.get_map():
            ready = watch.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"no answer within {PATIENCE} s")
            for key, _events in ready:
                _go_on(key.data, watch, visits, load, began + seconds)
        load.seconds = time.perf_counter() - began
    finally:
        for line in lines:
            line.close()
        watch.close()
    return load


def _go_on(
    line: Line,
    watch: selectors.BaseSelector,
    visits: Callable[[], Visit | None],
    load: Load,
    ends: float,
) -> None:
    answer = line.take()
    if answer is None or line.visit is None:
        return
    load.bytes += len(answer.body)
    if CLOSES.search(answer.head):
        watch.unregister(line.sock)
        line.close()
        fresh = Line(line.port)
        line.sock, line.buffer = fresh.sock, b""
        watch.register(line.sock, selectors.EVENT_READ, line)
    try:
        line.sock.sendall(line.visit.send(answer))
    except StopIteration:
        load.visits += 1
        _next(line, watch, visits, is_over=time.perf_counter() >= ends)


def _next(
    line: Line,
    watch: selectors.BaseSelector,
    visits: Callable[[], Visit | None],
    *,
    is_over: bool,
) -> None:
    visit = None if is_over else visits()
    if visit is None:
        if line.sock in watch.get_map():
            watch.unregister(line.sock)
        return
    if line.sock not in watch.get_map():
        watch.register(line.sock, selectors.EVENT_READ, line)
    line.begin(visit)


def ask(port: int, what: bytes) -> Answer:
    """Ask once, on a connection of its own."""
    line = Line(port)
    try:
        line.sock.sendall(what)
        while (answer := line.take()) is None:
            pass
        return answer
    finally:
        line.close()

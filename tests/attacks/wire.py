"""Requests as they are written, byte by byte: no library that would refuse or mend what is odd."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from http.client import BadStatusLine, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from typing import NamedTuple

# Seconds within which the server has to answer, also when it is given less than was promised.
PATIENCE = 10


class Answer(NamedTuple):
    """What came back; status 0 when nothing did."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str:
        return ", ".join(self.all(name))

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def cookies(self) -> dict[str, str]:
        """Return what the answer sets: cookies that are taken away have no value."""
        found: dict[str, str] = {}
        for line in self.all("Set-Cookie"):
            read = SimpleCookie(line)
            is_gone = "Max-Age=0" in line or "expires=Thu, 01 Jan 1970" in line.replace("E", "e")
            found |= {name: "" if is_gone else one.value for name, one in read.items()}
        return found


NOTHING = Answer(0, (), b"")


def is_open(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def written(
    method: str, path: str, headers: Sequence[tuple[str, str]], body: bytes | None = None
) -> bytes:
    """Write a request; who gives a length or says how the body comes is believed."""
    names = {name.lower() for name, _value in headers}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body is not None and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    if "connection" not in names:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + (body or b"")


def send(port: int, request: bytes) -> Answer:
    """Send a request and read the one answer to it."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        # The server may have heard enough before all is said; its answer may still be there.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(request)
        answer = HTTPResponse(line, method=request.partition(b" ")[0].decode("latin-1"))
        try:
            answer.begin()
            return Answer(answer.status, answer.getheaders(), answer.read())
        except (BadStatusLine, HTTPException, ConnectionResetError, TimeoutError):
            return NOTHING

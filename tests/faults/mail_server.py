"""A mail server on loopback that is as rude as a test wants: it answers what it is told to.

A library's server is polite in places where real ones are not, so this one speaks for itself.
"""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message

# Instead of an answer the server hangs up.
CUT = "cut"
Answer = str | Callable[[str], str]


@dataclass
class RudeServer:
    """What it answers to each command, by name: "MAIL", "END" after a mail's last line, …

    A function is asked with what stands after the command; for "END" that is the recipient.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    offers: list[str] = field(default_factory=lambda: ["8BITMIME"])
    tls: ssl.SSLContext | None = None
    is_safe_at_once: bool = False  # TLS from the first byte on, as at port 465.
    taken: list[tuple[str, Message]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    def reached(self) -> list[str]:
        return [address for address, _mail in self.taken]

    def answer(self, verb: str, argument: str, usual: str) -> str:
        said = self.answers.get(verb, usual)
        return said if isinstance(said, str) else said(argument) or usual


@contextmanager
def serving(rude: RudeServer) -> Iterator[RudeServer]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            rude.connections += 1
            talk = _Talk(self, rude)
            # Whoever hangs up, it was meant so.
            with contextlib.suppress(OSError, ValueError, StopIteration):
                talk.run()
            talk.file.close()
            talk.socket.close()

    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        rude.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield rude
        finally:
            server.shutdown()


class _Talk:
    """One connection."""

    def __init__(self, handler: socketserver.StreamRequestHandler, rude: RudeServer):
        self.handler, self.rude = handler, rude
        self.file = handler.rfile
        self.socket = handler.request
        self.recipient = ""

    def run(self) -> None:
        if self.rude.is_safe_at_once:
            self._begin_tls()
        self.say("greeting", "", "220 rude")
        while line := self.file.readline():
            verb, _space, argument = line.decode().strip().partition(" ")
            self.rude.heard.append(line.decode().strip())
            getattr(self, verb.upper(), self.other)(verb.upper(), argument)

    def say(self, verb: str, argument: str, usual: str) -> str:
        answer = self.rude.answer(verb, argument, usual)
        if answer == CUT:
            self.socket.close()
            raise StopIteration
        self.socket.sendall(answer.encode() + b"\r\n")
        return answer

    def other(self, verb: str, argument: str) -> None:
        self.say(verb, argument, "250 OK")

    def EHLO(self, verb: str, argument: str) -> None:  # noqa: N802 - commands
        offers = [*self.rude.offers, *(["STARTTLS"] if self.rude.tls else [])]
        lines = ["rude", *offers]
        usual = "\r\n".join(f"250{' ' if one is lines[-1] else '-'}{one}" for one in lines)
        self.say(verb, argument, usual)

    def STARTTLS(self, verb: str, argument: str) -> None:  # noqa: N802
        if self.say(verb, argument, "220 go on").startswith("220"):
            self._begin_tls()

    def _begin_tls(self) -> None:
        if self.rude.tls:
            self.socket = self.rude.tls.wrap_socket(self.socket, server_side=True)
            self.file = self.socket.makefile("rb")

    def RCPT(self, verb: str, argument: str) -> None:  # noqa: N802
        self.recipient = argument.partition("<")[2].partition(">")[0]
        self.say(verb, self.recipient, "250 OK")

    def DATA(self, verb: str, argument: str) -> None:  # noqa: N802
        if not self.say(verb, argument, "354 go on").startswith("354"):
            return
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            lines.append(line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        # It counts as taken before it is answered: the moment at which copies are made.
        answer = self.rude.answer("END", self.recipient, "250 taken")
        if answer.startswith(("250", CUT)):
            self.rude.taken.append((self.recipient, mail))
        if answer == CUT:
            self.socket.close()
            raise StopIteration
        self.socket.sendall(answer.encode() + b"\r\n")

    def QUIT(self, verb: str, argument: str) -> None:  # noqa: N802
        self.say(verb, argument, "221 bye")
        raise StopIteration

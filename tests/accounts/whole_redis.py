"""A stand-in for Redis on a socket, which reads what it is sent in whole lines."""

import select
import socket
from collections.abc import Callable
from typing import Any

from fakeredis import TcpFakeServer
from redis.exceptions import ResponseError


class Lines:
    """The lines of a connection, nothing while none has begun.

    The stand-in's own reader ends a connection whose line comes in two parts, as it does on a busy
    machine.
    """

    def __init__(self, connection: socket.socket):
        self.connection = connection
        connection.setblocking(True)
        self.file = connection.makefile("rb", buffering=0)

    def readline(self) -> bytes:
        is_begun, _, _ = select.select([self.connection], [], [], 0)
        return self.file.readline() if is_begun else b""

    def close(self) -> None:
        self.file.close()


def whole_redis() -> TcpFakeServer:
    """Return a server on a free port of this machine."""
    server = TcpFakeServer(("127.0.0.1", 0))
    usual: Any = server.RequestHandlerClass

    class Handler(usual):
        def setup(self) -> None:
            super().setup()
            self.rfile.close()
            self.rfile = Lines(self.connection)
            self.current_client.read_response = self._answer(self.current_client.read_response)

        @staticmethod
        def _answer(read: Callable[[], Any]) -> Callable[[], Any]:
            """Redis goes on after an error, as it answers to a script that it does not know."""

            def answer() -> Any:
                try:
                    return read()
                except ResponseError as error:
                    return error

            return answer

    server.RequestHandlerClass = Handler
    return server

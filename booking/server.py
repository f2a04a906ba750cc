"""The one process: the site on waitress and the worker in a thread beside it."""

import logging
import signal
import threading
from types import FrameType

from flask import Flask
from waitress.server import create_server

from booking.worker import Loop


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; requests and mails that are under way are finished."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        app,
        host=host,
        port=port,
        threads=app.config["WEB_THREADS"],
        max_request_body_size=largest_request(app),
        ident=None,
        # What a proxy says about the visitor is judged by PROXY_COUNT alone.
        clear_untrusted_proxy_headers=app.config["PROXY_COUNT"] == 0,
    )
    loop = Loop(app)
    worker = threading.Thread(target=loop.run, name="worker")
    if app.config["RUN_WORKER"]:
        worker.start()
    signal.signal(signal.SIGTERM, _leave)
    try:
        server.run()
    finally:
        loop.stop()
        server.close()
        if worker.ident is not None:
            worker.join(timeout=30)


def largest_request(app: Flask) -> int:
    """How much is taken before the application is asked, in bytes.

    Waitress writes a request to the disk first, and the application refuses what is too large for
    its page with a page of ours. So a photograph that is too large gets its sentence, and what no
    person sends by mistake is refused unread.
    """
    return 4 * max(app.config["MAX_CONTENT_LENGTH"], *app.extensions["uploads"].values())


def _leave(_signal: int, _frame: FrameType | None) -> None:
    # Waitress ends its loop and finishes what it has begun on SystemExit.
    raise SystemExit(0)

"""Something that is done at the same time, by somebody else."""

import threading
from collections.abc import Callable

from booking.database import db


class Beside:
    """A thread with a database session of its own; `join` gives what it returned or raised."""

    def __init__(self, app, work: Callable[[], object]):
        self.app, self.work, self.result = app, work, None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self.app.app_context():
            try:
                self.result = self.work()
            except Exception as error:  # noqa: BLE001 - the test judges what it was
                self.result = error
            db.session.remove()

    def join(self) -> object:
        self.thread.join(30)
        return self.result

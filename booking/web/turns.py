"""Of several who want the same at once, one makes it and the others wait for that one."""

import threading
from collections.abc import Hashable

# How long one waits for another, in seconds, before making it as well.
PATIENCE = 3


class Turns:
    """Who makes what just now, by its key; within one process."""

    def __init__(self) -> None:
        self._made: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def begin(self, key: Hashable) -> bool:
        """Tell whether it is one's turn to make it; False once whoever made it has ended.

        Who is told True calls `end`, whatever comes of it.
        """
        with self._lock:
            made = self._made.get(key)
            if made is None:
                self._made[key] = threading.Event()
                return True
        made.wait(PATIENCE)
        return False

    def end(self, key: Hashable) -> None:
        with self._lock:
            self._made.pop(key).set()

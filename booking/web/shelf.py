"""What was made before, as far as so many bytes go; whose turn is longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T", bound=Sequence)

MOST_BYTES = 16 * 1024 * 1024


class Shelf(Generic[T]):
    """Things by their key, each made of pieces that have a length."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Hashable, thing: T) -> None:
        with self._lock:
            self._bytes += _size(thing) - _size(self._kept.pop(key, ()))
            self._kept[key] = thing
            while self._bytes > self.most_bytes:
                _key, oldest = self._kept.popitem(last=False)
                self._bytes -= _size(oldest)


def _size(pieces: Sequence) -> int:
    return sum(len(piece) for piece in pieces)

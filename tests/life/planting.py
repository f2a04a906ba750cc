"""How a fault is planted: a name of a module is put in another's place."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Fault:
    """What stands for `name` in `module`: made from what it replaces; `way` is where it shows."""

    module: object
    name: str
    make: Callable
    way: str = "sessions"

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(self.module, self.name, self.make(vars(self.module)[self.name]))


def nothing(_old: Callable) -> Callable:
    """Forget to do it."""
    return lambda *_what, **_how: None

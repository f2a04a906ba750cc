"""Two people who edit the same thing: the second sees both versions, and nothing is lost.

A form remembers what it was opened on, by a digest of the values it showed. When the values have
become others by the time it is sent, it is shown again with what was typed, and at each field that
differs with what stands there now; sent again, it counts.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from wtforms import HiddenField

from booking.web.forms import Form


class EditForm(Form):
    """A form that changes what others may be changing at the same time.

    `now` is what the form's fields would show if it were opened now, by their names: the same
    mapping that is given to the form as its data when it is opened.
    """

    seen = HiddenField()

    # What stands there now, by the names of the fields that differ; set by `is_current`.
    theirs: Mapping[str, Any]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.theirs = {}

    def opened_on(self, now: Mapping[str, Any]) -> None:
        """Remember what the form shows as it is opened."""
        self.seen.data = digest(now)

    def is_current(self, now: Mapping[str, Any]) -> bool:
        """Tell whether nobody has changed it since; if somebody has, note what they made of it.

        Ask within the transaction that writes, after locking the row. Who sends the form again
        has seen theirs, so it is current then.
        """
        if self.seen.data == digest(now):
            return True
        self.theirs = {
            name: value
            for name, value in now.items()
            if name in self and _plain(self[name].data) != _plain(value)
        }
        self.opened_on(now)
        return not self.theirs


def digest(values: Mapping[str, Any]) -> str:
    """Return a short name of these values."""
    plain = {name: _plain(value) for name, value in values.items()}
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    """What JSON can hold, the same for what is empty in a form and in a column."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set)):
        return [_plain(one) for one in value]
    if value is None or value is False:
        return ""
    return str(value).replace("\r\n", "\n").strip()

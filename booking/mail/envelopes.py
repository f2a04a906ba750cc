"""What a mail is before it is a row: what it says, and whom it goes to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, rendered."""

    subject: str
    text: str
    html: str
    calendar_text: str | None = None
    calendar_method: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail goes to and what it is about; `key` makes it unique for ever.

    `unsubscribe_url` is where one press ends mails of this kind, for those about no booking.
    `bundle` names the sheet that the mail waits to be told in. `erase_at` is when its text is
    blanked, whatever becomes of who is named in it.
    """

    key: str
    kind: str
    address: str
    about: str = ""
    about_revision: int = 1
    person_id: int | None = None
    token_purpose: str | None = None
    unsubscribe_url: str | None = None
    # From when on it helps nobody.
    useless_after: datetime | None = None
    bundle: str = ""
    erase_at: datetime | None = None

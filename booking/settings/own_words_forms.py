"""The owner's words in a mail: a line or a few, with names in braces and nothing that runs."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from booking.domain.placeholders import unknown
from booking.mail.letter_kinds import LetterKind
from booking.mail.own_texts import PARTS, OwnWords
from booking.mail.text_models import LINE
from booking.web.editing import EditForm
from booking.web.forms import prose_field, text_field
from booking.web.words import lazy as _l

PROSE = 2000


class OwnWordsForm(EditForm):
    """Subject, heading, opening and closing of one kind of mail; empty is ours."""

    def __init__(self, kind: LetterKind, *args: Any, **kwargs: Any):
        self.kind = kind
        super().__init__(*args, **kwargs)
        for part in PARTS:
            if part not in kind.parts:
                del self[part]

    subject = text_field(_l("Subject"), LINE)
    heading = text_field(_l("Heading"), LINE)
    opening = prose_field(_l("How it begins"), PROSE, rows=6)
    closing = prose_field(_l("How it ends"), PROSE, rows=4)

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = super().validate(extra_validators)
        for part in self.kind.parts:
            strange = unknown(self[part].data or "", self.kind.names)
            if strange:
                sentence = _(
                    "Nothing can be put in the place of %(names)s. You can use %(known)s.",
                    names=_braced(strange),
                    known=_braced(self.kind.names),
                )
                self[part].errors = [*self[part].errors, sentence]
                is_fine = False
        return is_fine

    @property
    def words(self) -> OwnWords:
        """What was typed; a part that this kind has not got is empty."""
        return OwnWords(**{part: self[part].data or "" for part in self.kind.parts})


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)

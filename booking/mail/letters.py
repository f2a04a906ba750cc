"""Rendering a mail: three templates of one name, in the language of the person."""

import re
from typing import Any

from flask import render_template
from flask_babel import force_locale

from booking.mail.envelopes import Letter
from booking.practice import queries as practice


def render_letter(name: str, locale: str | None, **context: Any) -> Letter:
    """Render ``mail/<name>.subject.txt``, ``.txt`` and ``.html``.

    Escaping follows the file name, so the text part shows names as they were typed and the HTML
    part shows them harmless.
    """
    studio = practice.current()
    with force_locale(locale or studio.locale):
        subject, text, html = (
            render_template(f"mail/{name}.{part}", studio=studio, **context)
            for part in ("subject.txt", "txt", "html")
        )
    # What a condition leaves out of the text part leaves empty lines: two are enough for an eye.
    return Letter(subject.strip(), re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", html)

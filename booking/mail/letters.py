"""Rendering a mail: three templates of one name, in the language of the person.

The owner's own words take the place of ours where there are any: plain texts with names in braces.
"""

import logging
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask, current_app, render_template
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from booking.domain.placeholders import fill, paragraphs, unfill
from booking.mail import own_texts
from booking.mail.envelopes import Letter
from booking.mail.letter_kinds import KINDS
from booking.mail.own_texts import OwnWords
from booking.mail.plain_text import FILLER, lead, shortened, with_one_stop, wrapped
from booking.mail.styles import inlined
from booking.practice import queries as practice
from booking.practice.models import Practice

log = logging.getLogger(__name__)

SUBJECT_MOST = 250
# Gives what the names in braces stand for; asked in the language of the mail.
Values = Callable[[], Mapping[str, str]]


@dataclass
class Trial:
    """Words that are tried in place of the stored ones, and what comes of it."""

    words: OwnWords | None
    locale: str | None
    letter: Letter | None = None
    # What we say there ourselves, with names in it, and what the names stand for.
    ours: OwnWords = field(default_factory=OwnWords)
    values: Mapping[str, str] = field(default_factory=dict)


class Tried(Exception):
    """Ends the writing of a mail that is only tried, before anything of it is kept."""


_trial: ContextVar[Trial | None] = ContextVar("trial", default=None)


def try_letter(write: Callable[[], object], words: OwnWords | None, locale: str | None) -> Trial:
    """Let `write` render a mail with these words (None: the stored ones) and keep nothing of it.

    `write` is the function that sends such a mail. The letter is None when it would send none.
    """
    trial = Trial(words, locale)
    token = _trial.set(trial)
    try:
        write()
    except Tried:
        pass
    finally:
        _trial.reset(token)
    return trial


def render_letter(
    name: str, locale: str | None, *, values: Values | None = None, **context: Any
) -> Letter:
    """Render ``mail/<name>.subject.txt``, ``.txt`` and ``.html``.

    Escaping follows the file name, so the text part shows names as they were typed and the HTML
    part shows them harmless. `values` are what the names in the owner's words stand for.
    """
    studio, trial = practice.current(), _trial.get()
    with force_locale((trial.locale if trial else locale) or studio.locale):
        known = _values(studio, values)
        context |= {"studio": studio, "why": _why(name)}
        if trial is None:
            return _render(name, known, own_texts.of(name, _language()), context)
        trial.values, trial.ours = known, _ours(name, known, context)
        words = trial.words
        if words is None:
            words = own_texts.of(name, _language())
        trial.letter = _render(name, known, words, context)
        raise Tried


def _render(
    name: str, values: Mapping[str, str], words: OwnWords, context: dict[str, Any]
) -> Letter:
    own = _filled(name, words, values)
    context |= {"own": own}
    subject = own["subject"] or render_template(f"mail/{name}.subject.txt", **context)
    subject = shortened(subject, SUBJECT_MOST)
    text = wrapped(with_one_stop(render_template(f"mail/{name}.txt", **context)))
    first = lead(text, values.get("client", ""))
    if practice.current().discreet_mails and values.get("service"):
        first = first.replace(values["service"], hidden_name())
    html = render_template(
        f"mail/{name}.html", subject=subject, lead=first, filler=FILLER, **context
    )
    return Letter(subject, text, inlined(with_one_stop(html), practice.current().accent))


def init_app(app: Flask) -> None:
    app.add_template_filter(discreet)


def discreet(service: str) -> str:
    """Return how a subject or a calendar names a service: not at all, if the owner wishes it."""
    return hidden_name() if practice.current().discreet_mails else service


def hidden_name() -> str:
    return _("Appointment")


def _language() -> str:
    return str(get_locale() or "").partition("_")[0]


def _values(studio: Practice, values: Values | None) -> dict[str, str]:
    return {**(values() if values else {}), "studio": studio.name, "phone": studio.phone}


def _why(name: str) -> str:
    kind = KINDS.get(name)
    return str(kind.why.words) if kind else ""


def _filled(name: str, words: OwnWords, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the owner's words with the values in place; none, if a name has no value.

    A mail never fails for them: ours go instead.
    """
    in_subject = _in_subject(values)
    try:
        return {
            "subject": fill(words.subject, in_subject),
            "heading": fill(words.heading, values),
            "opening": paragraphs(fill(words.opening, values)),
            "closing": paragraphs(fill(words.closing, values)),
        }
    except KeyError as missing:
        log.warning("the owner's words for %s name %s, which has no value there", name, missing)
        return dict.fromkeys(asdict(words), "")


def _in_subject(values: Mapping[str, str]) -> dict[str, str]:
    hidden = {"service": discreet(values["service"])} if "service" in values else {}
    return {**values, **hidden}


def _ours(name: str, values: Mapping[str, str], context: Mapping[str, Any]) -> OwnWords:
    """Return what we say where the owner may say something else, with names in it."""
    subject = render_template(f"mail/{name}.subject.txt", **context).strip()
    heading = _block(f"mail/{name}.html", "heading", context)
    opening = _block(f"mail/{name}.txt", "opening", context)
    return OwnWords(
        unfill(subject, _in_subject(values)),
        unfill(" ".join(heading.split()), values),
        unfill(re.sub(r"\n{3,}", "\n\n", opening).strip(), values),
    )


def _block(template: str, block: str, context: Mapping[str, Any]) -> str:
    """Render one block of a template by itself; empty when it has none of that name."""
    found = current_app.jinja_env.get_template(template)
    render = found.blocks.get(block)
    if render is None:
        return ""
    every: dict[str, Any] = dict(context)
    current_app.update_template_context(every)
    html = "".join(render(found.new_context(every)))
    return _as_text(html) if template.endswith(".html") else html


def _as_text(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - made of our own templates, and read as text

"""What mails say: a list of all kinds, the owner's own words for each, and how it will look."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from booking import clock
from booking.accounts.access import this_actor
from booking.mail import own_texts
from booking.mail.letter_kinds import NAMES, OWN_WORDS, Why
from booking.mail.own_texts import OwnWords
from booking.practice.models import Practice
from booking.settings import mail_examples, own_words
from booking.settings.own_words_forms import OwnWordsForm
from booking.settings.views import bp, save, say_saved
from booking.web.mail_preview import mail_answer, with_frame
from booking.web.words import languages, locale_for

HOUR_SECONDS = 60 * 60


@bp.get("/mail/words", endpoint="own_words")
def show_own_words() -> ResponseReturnValue:
    groups = [
        (why, list(group))
        for why, group in groupby(
            sorted(OWN_WORDS.items(), key=lambda one: _rank(one[1].why)), key=lambda one: one[1].why
        )
    ]
    return render_template(
        "settings/own_words.html",
        groups=groups,
        written_in=own_words.written_in(),
        own=own_texts.all_own(),
        language_names=languages(),
    )


def _rank(why: Why) -> int:
    return list(Why).index(why)


def this_text(mail: str, language: str) -> str:
    """Return the name of the kind that an address means; 404 for what there is no such mail of."""
    name = mail.replace("-", "_")
    if name not in OWN_WORDS or language not in own_words.written_in():
        abort(404)
    return name


@bp.get("/mail/words/<slug:mail>/<slug:language>")
def own_words_of(mail: str, language: str) -> ResponseReturnValue:
    name = this_text(mail, language)
    shown = asdict(own_texts.of(name, language))
    form = OwnWordsForm(OWN_WORDS[name], data=shown)
    form.opened_on(shown)
    if "ours" in request.args:  # The form begins with our words, to be changed from there.
        _fill_with_ours(form, name, language)
    return text_page(name, language, form)


def _fill_with_ours(form: OwnWordsForm, name: str, language: str) -> None:
    trial, _real = mail_examples.tried(name, locale_for(language), clock.utcnow(), OwnWords())
    for part in OWN_WORDS[name].parts:
        if not form[part].data:
            form[part].data = getattr(trial.ours, part)


def text_page(
    name: str, language: str, form: OwnWordsForm, tried: OwnWords | None = None, status: int = 200
) -> Response:
    """The form, and beneath it the mail: as it is stored, or with words that are only tried."""
    trial, is_real = mail_examples.tried(name, locale_for(language), clock.utcnow(), tried)
    page = render_template(
        "settings/own_words_of.html",
        name=name,
        kind=OWN_WORDS[name],
        meanings=NAMES,
        language=language,
        others=[one for one in own_words.written_in() if one != language],
        language_names=languages(),
        form=form,
        trial=trial,
        is_real=is_real,
        is_own=bool(own_texts.of(name, language)),
        tried=_signer().dumps(asdict(tried)) if tried is not None else None,
    )
    return with_frame(page, status)


@bp.post("/mail/words/<slug:mail>/<slug:language>")
def change_own_words(mail: str, language: str) -> ResponseReturnValue:
    """Keep what was typed, go back to ours, or only show it."""
    name, do = this_text(mail, language), request.form.get("do")
    form = OwnWordsForm(OWN_WORDS[name])
    is_reset = do == "reset"
    if not is_reset and not form.validate_on_submit():
        return text_page(name, language, form, status=422)
    if do == "preview":
        return text_page(name, language, form, tried=form.words)
    words = OwnWords() if is_reset else form.words

    def shown(_studio: Practice) -> dict[str, Any]:
        return asdict(own_texts.of(name, language))

    def keep(_studio: Practice) -> set[str]:
        return own_words.save(name, language, words, this_actor(), clock.utcnow())

    changed = save(form, shown, keep)
    if changed is None:
        return text_page(name, language, form, status=409)
    if is_reset and changed:
        flash(_("Our words stand there again."), "success")
    else:
        say_saved(changed)
    return redirect(url_for("settings.own_words_of", mail=mail, language=language), code=303)


@bp.get("/mail/words/<slug:mail>/<slug:language>/shown")
def own_words_shown(mail: str, language: str) -> ResponseReturnValue:
    """The HTML of the example for its frame; words that are only tried come signed."""
    name, words = this_text(mail, language), None
    if "tried" in request.args:
        try:
            words = OwnWords(**_signer().loads(request.args["tried"], max_age=HOUR_SECONDS))
        except (BadSignature, TypeError):
            abort(404)
    trial, _real = mail_examples.tried(name, locale_for(language), clock.utcnow(), words)
    return mail_answer(trial.letter.html if trial.letter else "")


def _signer() -> URLSafeTimedSerializer:
    """A preview is kept nowhere: its words travel in the address of the frame, signed."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="mail-text-preview")

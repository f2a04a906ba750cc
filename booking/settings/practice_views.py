"""The practice's own words, its money and its languages."""

import re
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers
from babel.numbers import get_currency_name, get_currency_precision
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from booking import clock
from booking.accounts.access import this_actor
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import operations
from booking.settings.forms import MoneyForm, PracticeForm
from booking.settings.views import bp, save, say_saved
from booking.web.forms import SelectChoice
from booking.web.words import LANGUAGES, languages

WORDS = (
    "name", "headline", "introduction", "about", "address", "directions", "phone", "email",
    "licence",
)  # fmt: skip
# Prices are kept in hundredths: currencies with thousandths cannot be written down.
MOST_DIGITS = 2


def words_shown(studio: Practice) -> dict[str, Any]:
    return {name: getattr(studio, name) for name in WORDS}


@bp.get("/practice", endpoint="practice")
def show_practice() -> ResponseReturnValue:
    shown = words_shown(practice.current())
    form = PracticeForm(data=shown)
    form.opened_on(shown)
    return render_template("settings/practice.html", form=form)


@bp.post("/practice")
def change_practice() -> ResponseReturnValue:
    form = PracticeForm()
    if not form.validate_on_submit():
        return render_template("settings/practice.html", form=form), 422
    values = {name: form[name].data or "" for name in WORDS}
    changed = save(
        form, words_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return render_template("settings/practice.html", form=form), 409
    say_saved(changed)
    return redirect(url_for("settings.practice"), code=303)


def money_shown(studio: Practice) -> dict[str, Any]:
    offered = {f"offers_{code}": code in studio.languages for code in LANGUAGES}
    return {"currency": studio.currency, "locale": studio.locale, **offered}


def offer_money(form: MoneyForm) -> None:
    """Offer the currencies in use today, and the countries in each language we write."""
    studio, ours = practice.current(), str(get_locale())
    form.currency.choices = [
        SelectChoice(code, name) for code, name in currencies(ours, studio.currency)
    ]
    form.locale.choices = [
        SelectChoice(code, country, optgroup=languages()[code[:2]])
        for code, country in locales(ours)
    ]
    if studio.locale not in {code for code, _country in locales(ours)}:
        form.locale.choices.append(SelectChoice(studio.locale))


@lru_cache(maxsize=8)
def currencies(ours: str, kept: str) -> list[tuple[str, str]]:
    """Return the currencies that are legal tender somewhere, and `kept`, by their names."""
    used = {
        code
        for entries in get_global("territory_currencies").values()
        for code, _begin, end, is_tender in entries
        if is_tender and end is None and get_currency_precision(code) <= MOST_DIGITS
    }
    names = ((code, f"{get_currency_name(code, locale=ours)} ({code})") for code in used | {kept})
    return sorted(names, key=lambda one: one[1].casefold())


@lru_cache(maxsize=8)
def locales(ours: str) -> list[tuple[str, str]]:
    """Return what can be written: a language of ours and a country, by its name."""
    names = Locale.parse(ours).territories
    wanted = re.compile(rf"({'|'.join(LANGUAGES)})_[A-Z]{{2}}")
    known = [code for code in locale_identifiers() if wanted.fullmatch(code)]
    pairs = ((code, names.get(code[3:], code)) for code in known)
    return sorted(pairs, key=lambda one: (one[0][:2], one[1].casefold()))


@bp.get("/money", endpoint="money")
def show_money() -> ResponseReturnValue:
    shown = money_shown(practice.current())
    form = MoneyForm(data=shown)
    form.opened_on(shown)
    return money_page(form)


def money_page(form: MoneyForm) -> str:
    offer_money(form)
    return render_template("settings/money.html", form=form)


@bp.post("/money")
def change_money() -> ResponseReturnValue:
    form: Any = MoneyForm()
    offer_money(form)
    if not form.validate_on_submit():
        return money_page(form), 422
    offered = {code for code in LANGUAGES if form[f"offers_{code}"].data}
    # What the practice itself writes is there to be chosen in any case.
    offered.add(form.locale.data[:2])
    values = {
        "currency": form.currency.data,
        "locale": form.locale.data,
        "languages": sorted(offered),
    }
    changed = save(
        form, money_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return money_page(form), 409
    say_saved(changed)
    return redirect(url_for("settings.money"), code=303)

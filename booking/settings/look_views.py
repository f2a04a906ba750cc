"""The look: a colour of the practice's own, and its logo."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.bookings.forms import ConfirmForm
from booking.database import transact
from booking.domain import colours
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import operations
from booking.settings.forms import AccentForm, LogoForm
from booking.settings.logos import MOST_BYTES, Logo, read_logo
from booking.settings.views import bp, save, say_saved
from booking.web.filters import refusal_words


def accent_shown(studio: Practice) -> dict[str, Any]:
    return {"accent": studio.accent}


@bp.get("/look")
def look() -> ResponseReturnValue:
    return look_page()


def look_page(accent: AccentForm | None = None, logo: LogoForm | None = None) -> str:
    studio = practice.current()
    if accent is None:
        shown = accent_shown(studio)
        accent = AccentForm(formdata=None, data=shown)
        accent.opened_on(shown)
    logo = logo or LogoForm(formdata=None, data={"has_name": studio.logo_has_name})
    light, dark = colours.shades_of(studio.accent)
    pages = [
        (_("On light pages"), colours.LIGHT, light),
        (_("On dark pages"), colours.DARK, dark),
    ]
    return render_template(
        "settings/look.html", accent=accent, logo=logo, pages=pages, remove=ConfirmForm(None)
    )


@bp.post("/look/accent")
def change_accent() -> ResponseReturnValue:
    form = AccentForm()
    if not form.validate_on_submit():
        return look_page(form), 422
    values = {"accent": form.accent.data or ""}
    changed = save(
        form, accent_shown,
        lambda studio: operations.change(studio, values, this_actor(), clock.utcnow()),
    )  # fmt: skip
    if changed is None:
        return look_page(form), 409
    say_saved(changed)
    return redirect(url_for("settings.look"), code=303)


@bp.post("/look/logo")
def change_logo() -> ResponseReturnValue:
    form = LogoForm()
    if not form.validate_on_submit():
        return look_page(logo=form), 422
    try:
        logo = read_logo(form.logo.data.read(MOST_BYTES + 1))
    except Refusal as refusal:
        form.logo.errors = [refusal_words(refusal)]
        return look_page(logo=form), 422
    transact(_keep_logo, logo, form.has_name.data)
    flash(_("Saved: every page shows it now."), "success")
    return redirect(url_for("settings.look"), code=303)


def _keep_logo(logo: Logo, has_name: bool) -> None:
    studio = operations.locked()
    operations.keep_logo(studio, logo, this_actor(), clock.utcnow())
    studio.logo_has_name = has_name


@bp.post("/look/logo/remove")
def remove_logo() -> ResponseReturnValue:
    transact(_remove_logo)
    flash(_("The logo is gone; the leaf is back."), "success")
    return redirect(url_for("settings.look"), code=303)


def _remove_logo() -> None:
    operations.keep_logo(operations.locked(), None, this_actor(), clock.utcnow())

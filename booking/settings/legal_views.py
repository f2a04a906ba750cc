"""Legal texts: written as a draft, published as a version, kept for ever."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_account
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import legal
from booking.settings.forms import LegalForm
from booking.settings.models import LegalKind
from booking.settings.views import bp, save
from booking.web.filters import refusal_words


@bp.app_template_filter()
def legal_words(kind: LegalKind | str) -> str:
    """The title of a legal text."""
    return {
        LegalKind.IMPRINT: _("Legal notice"),
        LegalKind.PRIVACY: _("Privacy"),
        LegalKind.POLICY: _("Cancellation policy"),
    }[LegalKind(kind)]


def this_kind(name: str) -> LegalKind:
    """Return the kind that an address names; 404 for none."""
    try:
        return LegalKind(name)
    except ValueError:
        abort(404)


@bp.get("/legal", endpoint="legal")
def show_legal() -> ResponseReturnValue:
    return render_template(
        "settings/legal.html",
        kinds=list(LegalKind),
        drafts=legal.drafts(),
        versions=legal.all_versions(),
    )


@bp.get("/legal/<slug:kind>")
def legal_text(kind: str) -> ResponseReturnValue:
    found = this_kind(kind)
    shown = {"body": legal.body(found)}
    form = LegalForm(data=shown)
    form.opened_on(shown)
    return text_page(found, form)


def text_page(kind: LegalKind, form: LegalForm, message: str = "") -> str:
    return render_template(
        "settings/legal_text.html",
        kind=kind,
        form=form,
        message=message,
        versions=legal.versions(kind),
        draft=legal.draft(kind),
    )


@bp.post("/legal/<slug:kind>")
def change_legal_text(kind: str) -> ResponseReturnValue:
    """Keep the draft, or publish what was typed."""
    found, form = this_kind(kind), LegalForm()
    if not form.validate_on_submit():
        return text_page(found, form), 422
    is_published = request.form.get("do") == "publish"

    def shown(_studio: Practice) -> dict[str, Any]:
        return {"body": legal.body(found)}

    def keep(studio: Practice) -> str:
        text = form.body.data or ""
        if not is_published:
            legal.save_draft(found, text)
            return _("The draft is kept. Clients do not see it yet.")
        if legal.publish(studio, found, text, this_account(), clock.utcnow()) is None:
            return _("This is what is published already.")
        return _("Published.") if text else _("The page is gone; its versions are kept here.")

    try:
        said = save(form, shown, keep)
    except Refusal as refusal:
        return text_page(found, form, refusal_words(refusal)), refusal.status
    if said is None:
        return text_page(found, form), 409
    flash(said, "success")
    return redirect(url_for("settings.legal_text", kind=kind), code=303)


@bp.get("/legal/<slug:kind>/<id:number>")
def legal_version(kind: str, number: int) -> ResponseReturnValue:
    found = legal.version(this_kind(kind), number) or abort(404)
    return render_template(
        "settings/legal_version.html",
        text=found,
        is_current=practice.current().legal_versions.get(kind) == number,
    )

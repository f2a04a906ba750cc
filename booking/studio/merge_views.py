"""Records that are one person's: found, compared, made one, and made two again."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts.access import this_actor
from booking.accounts.models import Person
from booking.clients import duplicates, merge_rules, merging, record
from booking.clients.duplicates import Why
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.studio.client_forms import TwoForm
from booking.studio.client_views import this_client
from booking.studio.views import bp
from booking.web.filters import refusal_words
from booking.web.forms import Form


@bp.app_template_filter()
def why_words(why: Why) -> str:
    """Why two records may be one person's."""
    return {
        Why.PHONE: _("same telephone"),
        Why.ADDRESS: _("same mail address"),
        Why.NAME: _("names alike"),
    }[why]


@bp.get("/clients/duplicates", endpoint="duplicates")
def show_duplicates() -> ResponseReturnValue:
    return render_template(
        "studio/duplicates.html",
        pairs=duplicates.suggestions(),
        merges=merging.merges(clock.utcnow()),
        form=TwoForm(),
    )


@bp.post("/clients/duplicates")
def two_people() -> ResponseReturnValue:
    """These two are two people: they are not suggested again."""
    form = TwoForm()
    if not form.validate_on_submit():
        abort(400)
    one, other = this_client(form.one.data or 0).id, this_client(form.other.data or 0).id
    transact(duplicates.are_two, one, other)
    flash(_("Noted: these are two people."), "success")
    return redirect(url_for("studio.duplicates"), code=303)


@bp.get("/clients/<id:person_id>/merge/<id:other_id>")
def merge(person_id: int, other_id: int) -> ResponseReturnValue:
    return show_merge(this_client(person_id), this_client(other_id))


def show_merge(kept: Person, other: Person, refusal: Refusal | None = None) -> ResponseReturnValue:
    """Both records side by side, and what becomes of each field."""
    found, reason = None, refusal
    try:
        found = merge_rules.preview(kept, other)
    except Refusal as against:
        reason = refusal or against
    ids = (kept.id, other.id)
    page = render_template(
        "studio/merge.html",
        kept=kept,
        other=other,
        preview=found,
        flags=record.flags_of(ids),
        notes={one: record.note_of(one) for one in ids},
        counts={one: record.counts(one, None, clock.utcnow()) for one in ids},
        form=Form(),
        days=merging.UNDO_DAYS,
        message=refusal_words(reason) if reason else "",
    )
    return page, refusal.status if refusal else 200


@bp.post("/clients/<id:person_id>/merge/<id:other_id>")
def do_merge(person_id: int, other_id: int) -> ResponseReturnValue:
    kept, other = this_client(person_id), this_client(other_id)
    if not Form().validate_on_submit():
        abort(400)
    try:
        transact(
            merging.merge, kept.id, other.id, this_actor(), practice.current(),
            clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_merge(this_client(person_id), this_client(other_id), refusal)
    flash(_("The two records are one. You can undo this for 30 days."), "success")
    return redirect(url_for("studio.client", person_id=person_id), code=303)


@bp.post("/clients/merges/<id:merge_id>/undo")
def undo_merge(merge_id: int) -> ResponseReturnValue:
    if not Form().validate_on_submit():
        abort(400)
    try:
        kept, other = transact(merging.undo, merge_id, this_actor(), clock.utcnow())
    except Refusal as refusal:
        flash(refusal_words(refusal), "error")
        return redirect(url_for("studio.duplicates"), code=303)
    db.session.refresh(other)
    flash(
        _("Undone: %(one)s and %(other)s are two records again.", one=kept.name, other=other.name),
        "success",
    )
    return redirect(url_for("studio.client", person_id=other.id), code=303)

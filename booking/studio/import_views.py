"""Lists of clients: taken in after a look at what each line would do, and taken out."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, stream_template, url_for
from flask import redirect as to
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit
from booking.accounts.access import this_account, this_actor
from booking.clients import columns, exporting, importing
from booking.clients.columns import Field
from booking.clients.importing import Planned, What
from booking.clients.models import ClientImport
from booking.database import db, transact
from booking.domain.client_errors import ImportDone
from booking.domain.errors import Refusal
from booking.studio.client_forms import UploadForm, columns_form
from booking.studio.views import bp
from booking.web import csv_file
from booking.web.fields import country
from booking.web.filters import refusal_words, to_local
from booking.web.forms import Form

log = logging.getLogger(__name__)

# How many lines of each kind are named; of faults, all that anybody would read.
NAMED, NAMED_FAULTS = 20, 500


@bp.app_template_filter()
def remark_words(row: Planned) -> str:
    """What is wrong with a line, in the reader's language."""
    return _(row.remark, **row.values)


@bp.get("/clients/import")
def import_clients() -> ResponseReturnValue:
    return render_template("studio/import.html", form=UploadForm())


@bp.post("/clients/import")
def upload_clients() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit() or not hasattr(form.file.data, "read"):
        form.file.errors = form.file.errors or [_("Please choose a file.")]
        return render_template("studio/import.html", form=form), 422
    try:
        lines = columns.read(form.file.data.read())
        kept = transact(importing.begin, lines, this_actor(), clock.utcnow())
    except Refusal as refusal:
        form.file.errors = [refusal_words(refusal)]
        return render_template("studio/import.html", form=form), refusal.status
    return to(url_for("studio.client_import", import_id=kept.id), code=303)


def this_import(import_id: int) -> ClientImport:
    """Return the list that this manager has sent; a colleague's is theirs to look through."""
    found = db.session.get(ClientImport, import_id)
    if found is None or found.begun_by_id != this_account().id:
        abort(404)
    return found


@bp.get("/clients/import/<id:import_id>")
def client_import(import_id: int) -> ResponseReturnValue:
    return show_import(this_import(import_id))


def show_import(kept: ClientImport, refusal: Refusal | None = None) -> ResponseReturnValue:
    """What each line would do, and what each column holds."""
    is_named = importing.is_named(kept) and kept.done_at is None
    planned = importing.plan(kept, country()) if is_named else []
    of_kind = {what: [one for one in planned if one.what is what] for what in What}
    page = render_template(
        "studio/import_preview.html",
        kept=kept,
        form=form_of(kept),
        is_named=is_named,
        is_sure=columns.is_sure([Field(one) for one in kept.columns]),
        of_kind=of_kind,
        named=NAMED,
        named_faults=NAMED_FAULTS,
        press=Form(),
        message=refusal_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


def form_of(kept: ClientImport) -> Any:
    chosen: dict[str, Any] = {f"column_{number}": one for number, one in enumerate(kept.columns)}
    first = kept.lines[0][1]
    named = [one if kept.has_headings else f"{one[:30]} …" for one in first]
    return columns_form(named, chosen | {"headings": kept.has_headings})


@bp.post("/clients/import/<id:import_id>")
def map_import(import_id: int) -> ResponseReturnValue:
    form = form_of(this_import(import_id))
    if not form.validate_on_submit():
        abort(400)
    try:
        transact(_choose, import_id, form)
    except Refusal as refusal:
        return show_import(this_import(import_id), refusal)
    return to(url_for("studio.client_import", import_id=import_id), code=303)


def _choose(import_id: int, form: Any) -> None:
    kept = this_import(import_id)
    chosen = [form[f"column_{number}"].data for number in range(len(kept.lines[0][1]))]
    importing.choose_columns(kept, chosen, has_headings=form.headings.data)


@bp.post("/clients/import/<id:import_id>/run")
def run_import(import_id: int) -> ResponseReturnValue:
    """Take it in, in one transaction, and tell how far it is while it goes on."""
    kept = this_import(import_id)
    if not Form().validate_on_submit():
        abort(400)
    if kept.done_at is not None:
        return show_import(kept, ImportDone())
    actor, now = this_actor(), clock.utcnow()
    steps = _steps(import_id, country(), actor, now)
    return Response(stream_template("studio/import_run.html", steps=steps), mimetype="text/html")


def _steps(
    import_id: int, region: str, actor: audit.Actor, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield how many lines are done; commits at the end, or takes all of it back.

    The transaction is this function's own: `transact` would run it to the end before anything of
    the page could leave.
    """
    db.session.rollback()
    try:
        db.session.connection(execution_options={"begin_immediate": True})
        done = of = 0
        for done, of in importing.run(import_id, region, actor, now):
            yield {"done": done, "of": of}
        db.session.commit()
        yield {"done": done, "of": of, "is_over": True}
    except Refusal as refusal:
        db.session.rollback()
        yield {"error": refusal_words(refusal)}
    except Exception:
        log.exception("taking a list in failed")
        db.session.rollback()
        yield {"error": _("Something went wrong. Nothing was taken in; please try again.")}
    finally:
        # Also when nobody reads on: half a list is never kept.
        db.session.rollback()


@bp.get("/clients/export")
def client_export() -> ResponseReturnValue:
    return render_template("studio/client_export.html", form=Form())


@bp.post("/clients/export")
def do_client_export() -> ResponseReturnValue:
    """All clients as a file; that they were taken out is written down."""
    if not Form().validate_on_submit():
        abort(400)
    now = clock.utcnow()
    transact(audit.record, this_actor(), "clients", "exported", now)
    return csv_file.answer(f"clients-{to_local(now):%Y-%m-%d}.csv", _lines(_headings()))


def _headings() -> list[str]:
    return [
        _("Name"), _("E-mail address"), _("Telephone"), _("Guardian"), _("Flags"),
        _("Private note"), _("Blocked since"), _("Known since"), _("Visits"), _("Last visit"),
    ]  # fmt: skip


def _lines(headings: list[str]) -> Iterator[list[csv_file.Cell]]:
    """Yield headings and clients.

    By now the request's own session with the database has ended, and who is signed in with it.
    """
    yield [*headings]
    for row in exporting.rows():
        yield [_written(cell) for cell in row]


def _written(cell: csv_file.Cell | None) -> csv_file.Cell:
    """A cell as it stands in the file: of an instant the date by the practice's clock."""
    if isinstance(cell, datetime):
        return to_local(cell).date()
    return "" if cell is None else cell

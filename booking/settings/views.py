"""What the practice decides: the first page of the settings, and how each form is saved."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Blueprint, current_app, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.accounts.access import this_account
from booking.accounts.models import Role
from booking.catalog import queries as catalog
from booking.database import transact
from booking.practice import queries as practice
from booking.practice.models import Practice
from booking.settings import operations, queries
from booking.web.editing import EditForm

bp = Blueprint("settings", __name__, url_prefix="/studio/settings")

T = TypeVar("T")
# Gives what a form shows of the practice, by the names of its fields.
Shown = Callable[[Practice], Mapping[str, Any]]


@bp.get("/")
def index() -> ResponseReturnValue:
    """Lead to each page; a new practice is told what it cannot be booked without."""
    account, todo = this_account(), []
    if account.role is Role.MANAGER:
        todo = queries.missing(practice.current())
        if not current_app.config["SMTP_URL"]:
            todo.append("mail")
    own = catalog.practitioner_of(account.id)
    return render_template("settings/index.html", todo=todo, has_profile=own is not None)


def save(form: EditForm, shown: Shown, operation: Callable[[Practice], T]) -> T | None:
    """Change the practice in one transaction; None when somebody else has saved meanwhile."""
    return transact(_save, form, shown, operation)


def _save(form: EditForm, shown: Shown, operation: Callable[[Practice], T]) -> T | None:
    studio = operations.locked()
    if not form.is_current(shown(studio)):
        return None
    return operation(studio)


def say_placed(name: str, was: int, stands: int, many: int) -> str:
    """Say where a row of a list stands now; return which of its buttons to lead back to."""
    flash(_("%(name)s is number %(place)s of %(many)s now.", name=name, place=stands, many=many),
          "success")  # fmt: skip
    went_up = stands < was
    return "up" if (went_up and stands > 1) or (not went_up and stands == many) else "down"


def say_saved(changed: object) -> None:
    flash(
        _("Saved.") if changed else _("Nothing was different, so nothing was changed."), "success"
    )

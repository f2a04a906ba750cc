"""What the practice decides: the first page of the settings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from booking.accounts import access
from booking.catalog import queries as catalog

bp = Blueprint("settings", __name__, url_prefix="/studio/settings")


@bp.get("/")
def index() -> ResponseReturnValue:
    account = access.signed_in()
    own = catalog.practitioner_of(account.id) if account else None
    return render_template("settings/index.html", has_profile=own is not None)

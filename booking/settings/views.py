"""What the practice decides: the first page of the settings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("settings", __name__, url_prefix="/studio/settings")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("settings/index.html")

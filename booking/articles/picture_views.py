"""Pictures as everybody fetches them."""

from pathlib import PurePath

from flask import abort, make_response, request
from flask.typing import ResponseReturnValue

from booking.articles import pictures
from booking.articles.views import bp

YEAR_SECONDS = 365 * 24 * 60 * 60


@bp.get("/pictures/<picture:name>")
def picture(name: str) -> ResponseReturnValue:
    """One file. Its name never means another picture, so it may be kept for ever."""
    is_known = request.if_none_match.contains(name)  # Whoever names it has it.
    content = b"" if is_known else pictures.content(name) or abort(404)
    response = make_response(content)
    response.mimetype = pictures.MEDIA_TYPES[PurePath(name).suffix[1:]]
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    response.set_etag(name)
    return response.make_conditional(request)

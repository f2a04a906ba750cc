"""Answering "nothing new" (304), so that what was fetched before is not sent again."""

import hashlib

from flask import Response, g, make_response, request, session

# How long others may keep what is the same for everybody without asking again.
PUBLIC_SECONDS = 10 * 60


def public(response: Response) -> Response:
    """Let everybody keep what is the same for everybody for a few minutes, and ask by its tag.

    Not by a date: what is taken away, or the practice's name, changes without making one newer.
    """
    response.cache_control.public = True
    response.cache_control.max_age = PUBLIC_SECONDS
    response.add_etag()
    response.make_conditional(request)
    return response


def own_page(page: str) -> Response:
    """Return a page that a signed-out browser keeps, and asks whether it still holds.

    The token of its forms is made anew each time and stays good as long as the browser's cookie
    does. So the tag is of the page without the token, and of the secret that the token is
    signed for: with another cookie the page is sent again. Signed in, nothing is kept.
    """
    response = make_response(page)
    if "_user_id" in session:
        return response
    token = g.get("csrf_token") or ""
    told = (page.replace(token, "") if token else page) + session.get("csrf_token", "")
    response.set_etag(hashlib.sha256(told.encode()).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response

"""Links that show a piece before it is published: signed, and ended by their row."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from booking.articles.models import PreviewLink
from booking.web.links import absolute_url


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="article-preview")


def preview_link(link: PreviewLink) -> str:
    """Return the signed part of the address."""
    return str(_serializer().dumps([link.id]))


def preview_url(link: PreviewLink) -> str:
    return absolute_url("articles.preview", link=preview_link(link))


def read_preview(link: str) -> int | None:
    """Return which row a link was signed for, None when we did not sign it."""
    try:
        (number,) = _serializer().loads(link)
    except (BadSignature, ValueError, TypeError):
        return None
    return number if isinstance(number, int) else None

"""What may stand in an address: anything else matches no route and is simply not there.

PostgreSQL answers a NUL or a number that fits no column with an error, not with an empty result,
so such values must not come as far as a query.
"""

from datetime import date

from flask import Flask, abort, request
from werkzeug.routing import BaseConverter, IntegerConverter
from werkzeug.routing import Map as UrlMap

from booking.web.fields import LARGEST, YEARS, parse_day

# Nobody turns so many pages; an offset beyond would only cost the database time.
MOST_PAGES = 10_000


class Slug(BaseConverter):
    """The name of a page: lower case letters, digits and hyphens."""

    regex = "[a-z0-9-]{1,120}"


class PictureName(BaseConverter):
    """The name of a picture's file."""

    regex = r"[0-9a-f]{20}-[0-9]{1,4}x[0-9]{1,4}\.(?:webp|jpg|png)"


class Signed(BaseConverter):
    """A token or a signed link, as the libraries write them."""

    regex = "[A-Za-z0-9_.-]{1,200}"


class Id(IntegerConverter):
    """The number of a row."""

    def __init__(self, url_map: UrlMap):
        super().__init__(url_map, max=LARGEST)


def init_app(app: Flask) -> None:
    app.url_map.converters.update(
        {"slug": Slug, "signed": Signed, "id": Id, "picture": PictureName}
    )


def number_argument(name: str) -> int | None:
    """Return a number of the address's query, None when there is none that could be an id."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LARGEST else None


def page_argument() -> int:
    """Return which page of a long list the address means, counted from 1."""
    return min(max(number_argument("page") or 1, 1), MOST_PAGES)


def day_argument(name: str) -> date | None:
    """Return a date of the address's query, None when there is none or it is no date."""
    return parse_day(request.args.get(name, ""))


def our_day(day: date | None) -> date:
    """Return a date of an address; no page for what is none or lies outside of our years."""
    return day if day is not None and day.year in YEARS else abort(404)

"""The books: what came in on a day or in a month, as a page and as a file; and what has not."""

from collections.abc import Iterator, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.catalog import queries as catalog
from booking.catalog.own_access import only_own
from booking.payments import books, queries
from booking.payments.books import Row, Span
from booking.payments.models import Method
from booking.payments.queries import Whom
from booking.payments.views import bp
from booking.payments.words import method_words
from booking.web import csv_file
from booking.web.addresses import day_argument, number_argument, our_day, page_argument
from booking.web.fields import parse_month
from booking.web.wall import today


def span_argument() -> Span:
    """Return the day or the month of the address; this month without one."""
    day = day_argument("day")
    if day is not None:
        return Span.day(our_day(day))
    return Span.month(our_day(parse_month(request.args.get("month", "")) or today()))


def arguments_of(span: Span) -> dict[str, str]:
    """What of an address says which days are meant."""
    if span.is_day:
        return {"day": span.first.isoformat()}
    return {"month": f"{span.first:%Y-%m}"}


@bp.get("/studio/money")
def book() -> ResponseReturnValue:
    span, own, page = span_argument(), only_own(), page_argument()
    rows = books.page(span, own, page)
    now_on = today()
    return render_template(
        "payments/book.html",
        span=span,
        rows=rows[: books.PAGE],
        has_more=len(rows) > books.PAGE,
        page=page,
        sums=books.sums(span, own),
        is_all=own is None,
        arguments=arguments_of(span),
        earlier=arguments_of(span.before),
        later=arguments_of(span.after),
        today=arguments_of(Span.day(now_on)),
        month=arguments_of(Span.month(span.first if span.is_day else now_on)),
    )


@bp.get("/studio/money/unpaid")
def unpaid() -> ResponseReturnValue:
    """Sessions that have begun and are not paid, the newest first."""
    now, page = clock.utcnow(), page_argument()
    whom = Whom(only_own(), number_argument("client"))
    found = queries.unpaid(whom, page, now)
    shown = found[: queries.UNPAID_PAGE]
    return render_template(
        "payments/unpaid.html",
        found=shown,
        has_more=len(found) > queries.UNPAID_PAGE,
        page=page,
        client=whom.person_id,
        owed=queries.owed(whom, now),
        is_all=whom.practitioner_id is None,
    )


@bp.get("/studio/money.csv")
def download() -> ResponseReturnValue:
    """The rows of the page as a file: streamed, so that a year's worth never stands in memory."""
    span, own = span_argument(), only_own()
    words = _("payments")
    name = f"{words} {' '.join(arguments_of(span).values())}.csv"
    return csv_file.answer(name, lines(span, own))


def lines(span: Span, own: int | None) -> Iterator[Sequence[csv_file.Cell]]:
    """Yield the rows of the file, its headings first."""
    names = catalog.names_by_account()
    methods = {method: method_words(method) for method in Method}
    yield [
        _("Date"), _("Receipt"), _("Client"), _("Service"), _("Session"), _("Practitioner"),
        _("How"), _("Amount"), _("Currency"), _("Taken by"), _("Taken back"),
    ]  # fmt: skip
    for row in books.stream(span, own):
        yield _cells(row, methods, names)


def _cells(row: Row, methods: dict[Method, str], names: dict[int, str]) -> Sequence[csv_file.Cell]:
    return [
        row.paid_on,
        row.receipt,
        row.client,
        row.service,
        row.session_at.date(),
        row.practitioner,
        methods[row.method],
        csv_file.decimal(row.amount_cents),
        row.currency,
        names.get(row.taken_by_id or 0, ""),
        _("yes") if row.amount_cents < 0 else "",
    ]

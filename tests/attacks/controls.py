"""Protections taken out, one at a time, in the process of the server: the table has to notice.

Each names the groups of rows in which it is to be noticed.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from flask import Flask, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from booking.accounts import access, sessions, tokens
from booking.accounts import views as account_views
from booking.articles import drafts
from booking.bookings import links, operations
from booking.catalog import own_access
from booking.payments import book_views
from booking.payments import views as payment_views
from booking.web import csv_file, editing, fields, forms, security
from booking.web.limits import limiter


class Control(NamedTuple):
    """What is taken out, how, and where that shows."""

    what: str
    groups: tuple[str, ...]
    remove: Callable[[Flask], None]

    def __call__(self, app: Flask) -> None:
        self.remove(app)


def _set(module: Any, name: str, value: Any) -> Callable[[Flask], None]:
    return lambda _app: setattr(module, name, value)


def _not_before(function: Any) -> Callable[[Flask], None]:
    return lambda app: app.before_request_funcs[None].remove(function)


def _no_headers(app: Flask) -> None:
    app.after_request_funcs[None].remove(security.add_headers)


def _no_escaping(app: Flask) -> None:
    app.jinja_env.autoescape = False


def _no_owners(app: Flask) -> None:
    owners = app.extensions["access_owners"]
    owners.update(dict.fromkeys(owners, lambda _values: True))


def _no_sizes(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100 * 1024 * 1024


def _any_purpose(_app: Flask) -> None:
    real = tokens._is_live
    tokens._is_live = lambda purpose, secret, now: (
        real(purpose, secret, now)[0], *real(purpose, secret, now)[2:]
    )  # fmt: skip


def _ever_again(_app: Flask) -> None:
    real = tokens._is_live
    tokens._is_live = lambda purpose, secret, now: (
        *real(purpose, secret, now)[:2], real(purpose, secret, now)[3]
    )  # fmt: skip


def _one_signature(_app: Flask) -> None:
    real = links._serializer

    class Any(URLSafeSerializer):
        def loads(self, s, *args, **kwargs):
            for purpose in (links.MANAGE, links.ENROLMENT, links.WAITING):
                with suppress(BadSignature):
                    return real(purpose).loads(s)
            raise BadSignature(s)

    links._serializer = lambda purpose: Any(current_app.secret_key, salt=f"booking-{purpose}")


def _any_text(_app: Flask) -> None:
    forms.CleanTextRule.__call__ = lambda _self, _form, _field: None


def _any_number(_app: Flask) -> None:
    fields.RowsField._extract_indices = fields.FieldList._extract_indices


def _everybodys(_app: Flask) -> None:
    for module in (own_access, payment_views, book_views):
        module.only_own = lambda: None


CONTROLS = {
    "tokens": Control(
        "the token of forms", ("forgery",), lambda app: app.config.update(WTF_CSRF_ENABLED=False)
    ),
    "origin": Control(
        "the look at where a form comes from", ("forgery",),
        _not_before(security.refuse_foreign_origin),
    ),
    "repeated": Control(
        "the refusal of fields that are said twice", ("structure",),
        _not_before(security.refuse_repeated_fields),
    ),
    "nameless": Control(
        "the refusal of parts without a name", ("structure",),
        _not_before(security.refuse_nameless_fields),
    ),
    "headers": Control("the headers of every answer", ("zones",), _no_headers),
    "sizes": Control("how large a form may be", ("structure",), _no_sizes),
    "hosts": Control(
        "the names by which we are called", ("structure",),
        lambda app: app.config.update(TRUSTED_HOSTS=None),
    ),
    "escaping": Control("escaping in pages", ("output",), _no_escaping),
    "formulas": Control("the mark before a formula", ("output",), _set(csv_file, "plain", str)),
    "owners": Control("whose a row is", ("ownership",), _no_owners),
    "roles": Control(
        "who may come in", ("ownership",), _set(access, "is_allowed", lambda _who, _role: True)
    ),
    "only own": Control("whose money is shown", ("ownership",), _everybodys),
    "signatures": Control("what a link was signed for", ("ownership",), _one_signature),
    "ended": Control(
        "the end of a preview", ("ownership",), _set(drafts, "_live", lambda _now: ())
    ),
    "next": Control(
        "where one goes after signing in", ("sign_in",),
        _set(account_views, "safe_next", lambda target: target),
    ),
    "purposes": Control("what a link by mail is for", ("sign_in",), _any_purpose),
    "once": Control("that a link works once", ("sign_in",), _ever_again),
    "sign-out": Control(
        "the end of a session", ("sign_in",), _set(sessions, "end", lambda _key, _now: None)
    ),
    "limits": Control(
        "how often one may try", ("sign_in",), _set(limiter, "enabled", False)
    ),
    "texts": Control("what a text may hold", ("texts",), _any_text),
    "rows": Control("how rows of a form are numbered", ("numbers",), _any_number),
    "presses": Control(
        "that a second press finds the first's booking", ("replay",),
        _set(operations, "find_by_token", lambda _token: None),
    ),
    "stale": Control(
        "the look whether somebody else has changed it", ("replay",),
        _set(editing.EditForm, "is_current", lambda _self, _now: True),
    ),
}  # fmt: skip

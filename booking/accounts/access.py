"""Who may come in where: one table, default deny, read by the guard and by the tests.

A route without a line answers 404 to everybody and fails the test that walks the URL map.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from booking.accounts.models import Account, Role


class Who(Enum):
    EVERYONE = "everyone"
    SIGNED_IN = "signed in"
    STAFF = "practitioners and managers"
    MANAGER = "managers"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route and, with `owner`, the look-up that must find it theirs."""

    who: Who
    owner: str | None = None


EVERYONE = Rule(Who.EVERYONE)
OF_VISITOR = Rule(Who.EVERYONE, owner="hold")
BY_LINK = Rule(Who.EVERYONE, owner="link")
OF_PRACTITIONER = Rule(Who.STAFF, owner="booking")

RULES: dict[str, Rule] = {
    "static": EVERYONE,
    "scheduling.home": EVERYONE,
    "scheduling.category": EVERYONE,
    "scheduling.service": EVERYONE,
    "catalog.practitioners": EVERYONE,
    "catalog.practitioner": EVERYONE,
    "catalog.room": EVERYONE,
    "catalog.about": EVERYONE,
    "articles.index": EVERYONE,
    "articles.show": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.send_link": EVERYONE,
    "accounts.by_password": EVERYONE,
    "accounts.open_link": EVERYONE,
    "accounts.use_link": EVERYONE,
    "accounts.sign_out": Rule(Who.SIGNED_IN),
    "bookings.hold": EVERYONE,
    "bookings.details": OF_VISITOR,
    "bookings.book": OF_VISITOR,
    "bookings.let_go": OF_VISITOR,
    "bookings.manage": BY_LINK,
    "bookings.calendar": BY_LINK,
    "bookings.undo": BY_LINK,
    "bookings.cancel": BY_LINK,
    "bookings.do_cancel": BY_LINK,
    "bookings.move": BY_LINK,
    "bookings.do_move": BY_LINK,
    "bookings.acknowledge": BY_LINK,
    "bookings.mine": Rule(Who.SIGNED_IN),
    "studio.today": Rule(Who.STAFF),
    "studio.day": Rule(Who.STAFF),
    "studio.mark": OF_PRACTITIONER,
    "studio.cancel": OF_PRACTITIONER,
    "studio.do_cancel": OF_PRACTITIONER,
}

# Filled by create_app: each look-up gets the route's values and says whether it is theirs.
OwnerLookup = Callable[[dict[str, Any]], bool]


def init_app(app: Flask, owners: dict[str, OwnerLookup]) -> None:
    """Guard every route by the table; `owners` are the look-ups the rooms offer."""
    app.extensions["access_owners"] = owners

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # No route: the router's own 404 or 405 follows.
        rule = RULES.get(request.endpoint)
        if rule is None:
            abort(404)
        return enforce(rule, owners)


def enforce(rule: Rule, owners: dict[str, OwnerLookup]) -> ResponseReturnValue | None:
    if rule.who is not Who.EVERYONE:
        if not current_user.is_authenticated:
            return redirect(url_for("accounts.sign_in", next=_where_to()), code=303)
        if not is_allowed(rule.who, current_user.role):
            abort(403)
    if rule.owner and not owners[rule.owner](request.view_args or {}):
        abort(404)
    return None


def is_allowed(who: Who, role: Role) -> bool:
    """Tell whether a signed-in `role` is among `who`."""
    return who in {Who.EVERYONE, Who.SIGNED_IN} or (
        role is Role.MANAGER or (who is Who.STAFF and role is Role.PRACTITIONER)
    )


def _where_to() -> str | None:
    """After signing in one goes back to a page; a form that was posted is not sent again."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def signed_in() -> Account | None:
    """Return the account behind this request, None for a visitor.

    The object itself, never Flask-Login's proxy, so that it can be handed on.
    """
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001

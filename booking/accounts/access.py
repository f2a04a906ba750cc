"""The guard before every route: it asks the table, and who is not in it does not come in."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from booking import clock
from booking.accounts import factor, sessions
from booking.accounts.access_rules import RULES, Rule, Who
from booking.accounts.audit import Actor, actor_of
from booking.accounts.models import Account, Role
from booking.practice import queries as practice

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
        account = half_way()
        if account is None:
            return redirect(url_for("accounts.sign_in", next=_where_to()), code=303)
        if not is_allowed(rule.who, account.role):
            abort(403)
        if _owes_factor(account, rule.who):
            return redirect(url_for("accounts.second_factor", next=_where_to()), code=303)
        if rule.is_fresh and not _is_fresh(account):
            return redirect(url_for("accounts.prove", next=_where_to()), code=303)
    if rule.owner and not owners[rule.owner](request.view_args or {}):
        abort(404)
    return None


def _owes_factor(account: Account, who: Who) -> bool:
    """Who has a second factor owes it everywhere; who still has to set one up, in the studio."""
    if who is Who.HALF_WAY or account.device is None or account.device.factor_at is not None:
        return False
    if who is Who.SIGNED_IN:
        return account.has_second_factor
    return factor.is_needed(account, practice.current().second_factor_days, clock.utcnow())


def _is_fresh(account: Account) -> bool:
    """A form that was opened in time may be sent a while later."""
    is_read = request.method in {"GET", "HEAD"}
    window = sessions.FRESH_TO_OPEN if is_read else sessions.FRESH_TO_SEND
    device = account.device
    return device is not None and sessions.is_fresh(device, clock.utcnow(), window)


def is_allowed(who: Who, role: Role) -> bool:
    """Tell whether a signed-in `role` is among `who`."""
    return who in {Who.EVERYONE, Who.HALF_WAY, Who.SIGNED_IN} or (
        role is Role.MANAGER or (who is Who.STAFF and role is Role.PRACTITIONER)
    )


def _where_to() -> str | None:
    """After signing in one goes back to a page; a form that was posted is not sent again.

    Most forms are posted to the address of their page, so that page is where one goes.
    """
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        current_app.url_map.bind_to_environ(request.environ).match(method="GET")
    except HTTPException:
        return None
    return request.path


def signed_in() -> Account | None:
    """Return the account behind this request; None for a visitor, and for who stopped half-way.

    Who still owes a second factor gets nothing of the account on the pages open to everyone.
    """
    account = half_way()
    if account is None or _owes_factor(account, Who.SIGNED_IN):
        return None
    return account


def this_account() -> Account:
    """Return who is signed in, where the table lets nobody else come; a visitor gets a 404."""
    return signed_in() or abort(404)


def this_actor() -> Actor:
    """Return who acts, as the audit trail names them."""
    return actor_of(signed_in())


def half_way() -> Account | None:
    """Return who has signed in, the second factor given or not.

    The object itself, never Flask-Login's proxy, so that it can be handed on.
    """
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001

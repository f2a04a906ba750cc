"""Who may come in where: one table, default deny, read by the guard and by the tests.

A route without a line answers 404 to everybody and fails the test that walks the URL map.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from booking import clock
from booking.accounts import factor, sessions
from booking.accounts.models import Account, Role
from booking.practice import queries as practice


class Who(Enum):
    EVERYONE = "everyone"
    HALF_WAY = "signed in, the second factor still to be given"
    SIGNED_IN = "signed in"
    STAFF = "practitioners and managers"
    MANAGER = "managers"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route and, with `owner`, the look-up that must find it theirs.

    A fresh route asks for a new proof of who sits there when the last one is a while ago.
    """

    who: Who
    owner: str | None = None
    is_fresh: bool = False


EVERYONE = Rule(Who.EVERYONE)
OF_VISITOR = Rule(Who.EVERYONE, owner="hold")
BY_LINK = Rule(Who.EVERYONE, owner="link")
BY_PLACES = Rule(Who.EVERYONE, owner="places")
BY_LINE = Rule(Who.EVERYONE, owner="waiting")
HALF_WAY = Rule(Who.HALF_WAY)
SIGNED_IN = Rule(Who.SIGNED_IN)
FRESH = Rule(Who.SIGNED_IN, is_fresh=True)
OF_ACCOUNT = Rule(Who.SIGNED_IN, owner="person")
OF_DEVICE = Rule(Who.SIGNED_IN, owner="device")
STAFF = Rule(Who.STAFF)
OF_PRACTITIONER = Rule(Who.STAFF, owner="booking")
OF_TEACHER = Rule(Who.STAFF, owner="class_session")
OF_SERIES = Rule(Who.STAFF, owner="series")
OF_CLIENT = Rule(Who.STAFF, owner="client")
MANAGER = Rule(Who.MANAGER)
FRESH_MANAGER = Rule(Who.MANAGER, is_fresh=True)

RULES: dict[str, Rule] = {
    "static": EVERYONE,
    "scheduling.home": EVERYONE,
    "scheduling.category": EVERYONE,
    "scheduling.service": EVERYONE,
    "classes.timetable": EVERYONE,
    "classes.series": EVERYONE,
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
    "accounts.sign_out": HALF_WAY,
    "accounts.sign_up": EVERYONE,
    "accounts.do_sign_up": EVERYONE,
    "accounts.my_address": EVERYONE,
    "accounts.do_my_address": EVERYONE,
    "accounts.forgotten": EVERYONE,
    "accounts.do_forgotten": EVERYONE,
    "accounts.new_password": EVERYONE,
    "accounts.do_new_password": EVERYONE,
    "accounts.confirm_address": SIGNED_IN,
    "accounts.do_confirm_address": SIGNED_IN,
    "accounts.second_factor": HALF_WAY,
    "accounts.do_second_factor": HALF_WAY,
    "accounts.set_up_factor": Rule(Who.HALF_WAY, is_fresh=True),
    "accounts.do_set_up_factor": Rule(Who.HALF_WAY, is_fresh=True),
    "accounts.renew_codes": FRESH,
    "accounts.turn_off_factor": FRESH,
    "accounts.prove": HALF_WAY,
    "accounts.do_prove": HALF_WAY,
    "accounts.overview": SIGNED_IN,
    "accounts.change_details": SIGNED_IN,
    "accounts.password": FRESH,
    "accounts.change_password": FRESH,
    "accounts.address": FRESH,
    "accounts.change_address": FRESH,
    "accounts.devices": SIGNED_IN,
    "accounts.end_device": OF_DEVICE,
    "accounts.end_others": SIGNED_IN,
    "accounts.people": SIGNED_IN,
    "accounts.new_person": SIGNED_IN,
    "accounts.add_person": SIGNED_IN,
    "accounts.person": OF_ACCOUNT,
    "accounts.change_person": OF_ACCOUNT,
    "accounts.remove_person": OF_ACCOUNT,
    "accounts.do_remove_person": OF_ACCOUNT,
    "accounts.data": SIGNED_IN,
    "accounts.history": SIGNED_IN,
    "accounts.export": FRESH,
    "accounts.do_export": FRESH,
    "accounts.close": FRESH,
    "accounts.do_close": FRESH,
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
    "bookings.class_details": EVERYONE,
    "bookings.book_class": EVERYONE,
    "bookings.wait_for_class": EVERYONE,
    "bookings.term": EVERYONE,
    "bookings.book_term": EVERYONE,
    "bookings.enrolment": BY_PLACES,
    "bookings.undo_places": BY_PLACES,
    "bookings.wish": EVERYONE,
    "bookings.do_wish": EVERYONE,
    "bookings.waiting": BY_LINE,
    "bookings.take_offer": BY_LINE,
    "bookings.decline_offer": BY_LINE,
    "bookings.leave_line": BY_LINE,
    "bookings.mine": SIGNED_IN,
    "bookings.reminders": SIGNED_IN,
    "bookings.choose_reminders": SIGNED_IN,
    "studio.today": STAFF,
    "studio.day": STAFF,
    "studio.week": STAFF,
    "studio.week_of": STAFF,
    "studio.grid": STAFF,
    "studio.booking": OF_PRACTITIONER,
    "studio.note_done": OF_PRACTITIONER,
    "studio.move": OF_PRACTITIONER,
    "studio.do_move": OF_PRACTITIONER,
    "studio.late": OF_PRACTITIONER,
    "studio.undo": OF_PRACTITIONER,
    "studio.mark": OF_PRACTITIONER,
    "studio.cancel": OF_PRACTITIONER,
    "studio.do_cancel": OF_PRACTITIONER,
    "studio.classes": STAFF,
    "studio.new_series": STAFF,
    "studio.plan_series": STAFF,
    "studio.series": OF_SERIES,
    "studio.change_series": OF_SERIES,
    "studio.class_session": OF_TEACHER,
    "studio.mark_places": OF_TEACHER,
    "studio.walk_in": OF_TEACHER,
    "studio.change_class": OF_TEACHER,
    "studio.do_change_class": OF_TEACHER,
    "studio.cancel_class": OF_TEACHER,
    "studio.do_cancel_class": OF_TEACHER,
    "studio.write_class": OF_TEACHER,
    "studio.do_write_class": OF_TEACHER,
    "studio.class_rules": MANAGER,
    "studio.change_class_rules": MANAGER,
    "studio.clients": STAFF,
    "studio.new_client": STAFF,
    "studio.add_client": STAFF,
    "studio.client": OF_CLIENT,
    "studio.edit_client": OF_CLIENT,
    "studio.change_client": OF_CLIENT,
    "studio.team": MANAGER,
    "studio.invite": FRESH_MANAGER,
    "studio.do_invite": FRESH_MANAGER,
    "studio.withdraw": MANAGER,
    "studio.member": FRESH_MANAGER,
    "studio.change_role": FRESH_MANAGER,
    "studio.end_member": FRESH_MANAGER,
    "studio.resume_member": FRESH_MANAGER,
    "studio.reset_factor": FRESH_MANAGER,
    "studio.invitation": EVERYONE,
    "studio.accept": EVERYONE,
    "studio.security": FRESH_MANAGER,
    "studio.change_security": FRESH_MANAGER,
    "studio.trail": MANAGER,
    "settings.index": STAFF,
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


def half_way() -> Account | None:
    """Return who has signed in, the second factor given or not.

    The object itself, never Flask-Login's proxy, so that it can be handed on.
    """
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001

"""Joining the team: the page behind an invitation."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import passwords, staff, tokens
from booking.accounts.forms import MemberForm
from booking.accounts.models import Account, Invitation
from booking.accounts.operations import Browser, Newcomer
from booking.accounts.views import enter, read_newcomer, show_spent, this_browser
from booking.catalog import operations as catalog
from booking.database import transact
from booking.domain.errors import LinkSpent
from booking.studio.views import bp
from booking.web.limits import limiter


def find_invitation(token: str) -> Invitation | None:
    found = tokens.peek(tokens.INVITATION, token, clock.utcnow())
    return staff.invited(found.about) if found else None


@bp.get("/invitation/<signed:token>")
def invitation(token: str) -> ResponseReturnValue:
    found = find_invitation(token)
    return show_invitation(token, found, MemberForm()) if found else show_spent()


def show_invitation(token: str, found: Invitation, form: MemberForm) -> str:
    return render_template(
        "studio/invitation.html",
        token=token,
        invitation=found,
        form=form,
        least=passwords.LEAST,
    )


@bp.post("/invitation/<signed:token>")
@limiter.limit("30/minute")
def accept(token: str) -> ResponseReturnValue:
    found = find_invitation(token)
    if found is None:
        return show_spent()
    form = MemberForm()
    newcomer = read_newcomer(form, found.email)
    if newcomer is None:
        return show_invitation(token, found, form), 422
    try:
        account, key = transact(_accept, token, newcomer, this_browser())
    except LinkSpent:
        return show_spent()
    flash(_("Welcome to the team."), "success")
    return enter(account, key)


def _accept(token: str, newcomer: Newcomer, browser: Browser) -> tuple[Account, str]:
    account, key, used = staff.accept(token, newcomer, browser, clock.utcnow())
    if used.practitioner_id is not None:
        catalog.give_account(used.practitioner_id, account.id)
    return account, key

"""The team: who works here, with which role, and what happened. For managers."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.accounts import audit, staff
from booking.accounts.access import this_account, this_actor
from booking.accounts.models import Account, Role
from booking.accounts.trail_words import trail_words
from booking.bookings.forms import ConfirmForm
from booking.catalog import queries as catalog
from booking.database import transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice
from booking.settings import operations as settings
from booking.studio.client_views import words_argument
from booking.studio.forms import InviteForm, RoleForm, SecurityForm
from booking.studio.views import bp
from booking.web.addresses import number_argument
from booking.web.filters import refusal_words
from booking.web.forms import SelectChoice


@bp.app_template_filter()
def role_words(role: Role) -> str:
    """A role as a person would say it."""
    return {
        Role.CLIENT: _("client"),
        Role.PRACTITIONER: _("practitioner"),
        Role.MANAGER: _("manager"),
    }[role]


def offer_roles(form: InviteForm | RoleForm, *roles: Role) -> None:
    told = {
        Role.PRACTITIONER: _("Practitioner: their own calendar and clients"),
        Role.MANAGER: _("Manager: everybody’s, the team and the settings"),
        Role.CLIENT: _("Client: no longer on the team"),
    }
    form.role.choices = [SelectChoice(role.value, told[role]) for role in roles]


@bp.get("/team")
def team() -> ResponseReturnValue:
    return render_template(
        "studio/team.html",
        team=staff.team(),
        names=staff.names() | catalog.names_by_account(),
        invitations=staff.open_invitations(clock.utcnow()),
        form=ConfirmForm(),
    )


@bp.get("/team/invite")
def invite() -> ResponseReturnValue:
    return show_invite(InviteForm(role=Role.PRACTITIONER.value, practitioner=0))


def show_invite(form: InviteForm, message: str = "") -> str:
    offer_invite(form)
    return render_template("studio/invite.html", form=form, message=message)


def offer_invite(form: InviteForm) -> None:
    offer_roles(form, Role.PRACTITIONER, Role.MANAGER)
    free = catalog.practitioners_without_account()
    form.practitioner.choices = [
        SelectChoice("0", _("Nobody’s")),
        *(SelectChoice(str(one.id), one.name) for one in free),
    ]


@bp.post("/team/invite")
def do_invite() -> ResponseReturnValue:
    form = InviteForm()
    offer_invite(form)
    if not form.validate_on_submit():
        return show_invite(form), 422
    try:
        transact(
            staff.invite, this_account(), form.email.data or "", Role(form.role.data),
            form.practitioner.data or None, clock.utcnow(),
        )  # fmt: skip
    except Refusal as refusal:
        return show_invite(form, refusal_words(refusal)), refusal.status
    flash(_("The invitation goes to %(email)s.", email=form.email.data), "success")
    return redirect(url_for("studio.team"), code=303)


@bp.post("/team/invitations/<id:invitation_id>/withdraw")
def withdraw(invitation_id: int) -> ResponseReturnValue:
    transact(staff.withdraw, invitation_id, this_actor(), clock.utcnow())
    flash(_("The invitation is withdrawn."), "success")
    return redirect(url_for("studio.team"), code=303)


@bp.get("/team/<id:account_id>")
def member(account_id: int) -> ResponseReturnValue:
    found = staff.find(account_id) or abort(404)
    return show_member(found, RoleForm(role=found.role.value))


def show_member(found: Account, form: RoleForm, message: str = "") -> str:
    offer_roles(form, Role.PRACTITIONER, Role.MANAGER, Role.CLIENT)
    return render_template(
        "studio/member.html",
        member=found,
        names=staff.names() | catalog.names_by_account(),
        form=form,
        message=message,
    )


@bp.post("/team/<id:account_id>/role")
def change_role(account_id: int) -> ResponseReturnValue:
    found, form = staff.find(account_id) or abort(404), RoleForm()
    offer_roles(form, Role.PRACTITIONER, Role.MANAGER, Role.CLIENT)
    if not form.validate_on_submit():
        return show_member(found, form), 422
    return _do(account_id, _("Saved. They sign in again."), staff.change_role, Role(form.role.data))


@bp.post("/team/<id:account_id>/end")
def end_member(account_id: int) -> ResponseReturnValue:
    return _do(account_id, _("They can no longer sign in."), staff.end)


@bp.post("/team/<id:account_id>/resume")
def resume_member(account_id: int) -> ResponseReturnValue:
    return _do(account_id, _("They can sign in again."), staff.resume)


@bp.post("/team/<id:account_id>/reset-factor")
def reset_factor(account_id: int) -> ResponseReturnValue:
    done = _("The second step is taken away. They set it up anew at their next sign-in.")
    return _do(account_id, done, staff.reset_factor)


def _do(account_id: int, done: str, operation, *values: object) -> ResponseReturnValue:  # noqa: ANN001 - one of staff's
    """Carry out one of the operations on a member of the team, and say so."""
    found = staff.find(account_id) or abort(404)
    try:
        transact(operation, account_id, *values, this_actor(), clock.utcnow())
    except Refusal as refusal:
        found = staff.find(account_id) or abort(404)
        page = show_member(found, RoleForm(formdata=None, role=found.role.value),
                           refusal_words(refusal))  # fmt: skip
        return page, refusal.status
    flash(done, "success")
    return redirect(url_for("studio.team"), code=303)


@bp.get("/security")
def security() -> ResponseReturnValue:
    days = practice.current().second_factor_days
    return show_security(SecurityForm(days="never" if days is None else str(days)))


def show_security(form: SecurityForm) -> str:
    offer_grace(form)
    return render_template("studio/security.html", form=form)


def offer_grace(form: SecurityForm) -> None:
    told = {
        "0": _("At the first sign-in"),
        "3": _("Within three days of the first sign-in"),
        "7": _("Within a week of the first sign-in"),
        "14": _("Within two weeks of the first sign-in"),
        "never": _("Never asked for: only for trying things out"),
    }
    form.days.choices = [SelectChoice(value, words) for value, words in told.items()]


@bp.post("/security")
def change_security() -> ResponseReturnValue:
    form = SecurityForm()
    offer_grace(form)
    if not form.validate_on_submit():
        return show_security(form), 422
    transact(_change_security, None if form.days.data == "never" else int(form.days.data))
    flash(_("Saved."), "success")
    return redirect(url_for("studio.security"), code=303)


def _change_security(days: int | None) -> None:
    values = {"second_factor_days": days}
    settings.change(settings.locked(), values, this_actor(), clock.utcnow())


@bp.get("/trail")
def trail() -> ResponseReturnValue:
    """All that was done, by whom, newest first."""
    subject = words_argument("about")
    rows = audit.page(number_argument("before"), subject or None)
    return render_template(
        "studio/trail.html",
        rows=rows,
        subject=subject,
        names=staff.addresses({row.actor.partition(":")[2] for row in rows}),
        trail_words=trail_words,
        is_first=number_argument("before") is None,
        has_more=len(rows) == audit.PAGE,
    )

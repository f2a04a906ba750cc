"""What went to whom: the log of mails, one of them as it was sent, and sending one again."""

import secrets
from collections.abc import Callable
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from booking import clock
from booking.accounts import access
from booking.accounts.access import this_account, this_actor
from booking.accounts.models import Account, Person, Role
from booking.bookings import resending
from booking.catalog import queries as catalog
from booking.clients import clients
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.domain.policies import is_quiet
from booking.mail import health
from booking.mail.letter_kinds import kind_of
from booking.mail.masking import is_masked, mask
from booking.mail.models import MailState, OutgoingMail
from booking.mail.reasons import Reason
from booking.practice import queries as practice
from booking.studio import mail_queries, planned_queries
from booking.studio.client_views import words_argument
from booking.studio.mail_queries import PAGE, RECENT, STATES
from booking.studio.mail_words import events_of
from booking.studio.planned_queries import Planned
from booking.studio.planned_words import planned_line
from booking.studio.views import bp
from booking.web.addresses import number_argument
from booking.web.filters import refusal_words
from booking.web.forms import Form
from booking.web.limits import limiter
from booking.web.mail_preview import mail_answer, with_frame


class AgainForm(Form):
    """A press; the page's token makes one mail of two presses."""

    token = HiddenField(validators=[InputRequired(), Length(16, 48)])


def sees_mail(values: dict) -> bool:
    """Owner look-up for the access table: managers see all mails, others what concerns them."""
    account = access.signed_in()
    return account is not None and mail_queries.find(values["mail_id"], account) is not None


@bp.get("/mails", endpoint="mails")
def show_mails() -> ResponseReturnValue:
    account, now = this_account(), clock.utcnow()
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    words, before = words_argument("q"), number_argument("before")
    person = _client_argument(account)
    found = mail_queries.search(account, state, words, person.id if person else None, before)
    is_start = person is not None and not (state or words or before)
    return render_template(
        "studio/mails.html",
        lines=found[:PAGE],
        has_more=len(found) > PAGE,
        is_first=before is None,
        state=state,
        states=STATES,
        words=words,
        person=person,
        planned=_planned(account, person, now) if person and is_start else None,
        planned_line=planned_line,
        health=health.look(now),
        is_manager=account.role is Role.MANAGER,
        now=now,
    )


def _client_argument(account: Account) -> Person | None:
    """Return the client in the address whose mails are wanted, None for everybody's."""
    number = number_argument("client")
    if number is None:
        return None
    return clients.find(number, account) or abort(404)


def _planned(account: Account, person: Person, now: datetime) -> dict[str, list[Planned]]:
    """Return what is ahead of a client and what follows, as far as no mail tells of it."""
    own = catalog.practitioner_of(account.id)
    only = None if account.role is Role.MANAGER else (own.id if own else 0)
    return {
        "ahead": planned_queries.reminders(person.id, only, practice.current(), now),
        "after": planned_queries.follow_ups(person.id, only, now),
    }


@bp.app_template_global()
def recent_mails(person_id: int) -> list[mail_queries.Line]:
    """Give a client's record the last mails to them that this member of staff may see."""
    account = this_account()
    return mail_queries.search(account, person_id=person_id, most=RECENT)[:RECENT]


@bp.get("/mails/<id:mail_id>")
def mail(mail_id: int) -> ResponseReturnValue:
    return show_mail(mail_id)


def show_mail(mail_id: int, status: int = 200, problem: str = "") -> ResponseReturnValue:
    mail, now = this_mail(mail_id), clock.utcnow()
    person = db.session.get(Person, mail.person_id) if mail.person_id else None
    openable = clients.openable([person.id], this_account()) if person else set()
    page = render_template(
        "studio/mail.html",
        mail=mail,
        person=person if person is None or person.id in openable else None,
        name=person.name if person else "",
        text=mask(mail.body_text),
        is_masked=is_masked(mail.body_html),
        events=events_of(mail),
        form=AgainForm(formdata=None, data={"token": secrets.token_urlsafe(24)}),
        address_now=resending.address_now(mail),
        may_go_again=_may_go_again(mail),
        why_not=_why_not(resending.judge_again, mail),
        why_not_retry=_why_not(resending.judge_retry, mail),
        is_at_night=kind_of(mail.kind).quiet
        and is_quiet(now, practice.current().policy, practice.current().zone),
        problem=problem,
        now=now,
    )
    return with_frame(page, status)


def this_mail(mail_id: int) -> OutgoingMail:
    return mail_queries.find(mail_id, this_account()) or abort(404)


def _may_go_again(mail: OutgoingMail) -> bool:
    """Tell whether a mail has left, got stuck, or did not go for its address alone."""
    if mail.state is MailState.VOID:
        return mail.void_reason == Reason.REFUSED
    return mail.state is not MailState.WAITING


def _why_not(judge: Callable[[OutgoingMail, datetime], None], mail: OutgoingMail) -> str:
    """Return the sentence that says why a press would be refused; empty when it would not."""
    try:
        judge(mail, clock.utcnow())
    except Refusal as refusal:
        return refusal_words(refusal)
    return ""


@bp.get("/mails/<id:mail_id>/html")
def mail_html(mail_id: int) -> ResponseReturnValue:
    """The HTML as it was sent, shut off from the site, for the frame of its page."""
    return mail_answer(mask(this_mail(mail_id).body_html))


@bp.post("/mails/<id:mail_id>/again")
@limiter.limit("20/minute")
def mail_again(mail_id: int) -> ResponseReturnValue:
    form = AgainForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        fresh = transact(
            resending.send_again,
            mail_id,
            form.token.data or "",
            this_actor(),
            clock.utcnow(),
        )
    except Refusal as refusal:
        return show_mail(mail_id, refusal.status, refusal_words(refusal))
    flash(_("It is on its way to %(address)s.", address=fresh.to_address), "success")
    return redirect(url_for("studio.mail", mail_id=fresh.id), code=303)


@bp.post("/mails/<id:mail_id>/retry")
def retry_mail(mail_id: int) -> ResponseReturnValue:
    try:
        transact(resending.retry, mail_id, this_actor(), clock.utcnow())
    except Refusal as refusal:
        return show_mail(mail_id, refusal.status, refusal_words(refusal))
    flash(_("It is tried again now."), "success")
    return redirect(url_for("studio.mail", mail_id=mail_id), code=303)


@bp.post("/mails/retry")
def retry_mails() -> ResponseReturnValue:
    done = transact(resending.retry_all, this_actor(), clock.utcnow())
    again = ngettext(
        "%(num)s mail is tried again now.", "%(num)s mails are tried again now.", done.tried
    )
    ended = ngettext(
        "%(num)s told what no longer holds and was closed.",
        "%(num)s told what no longer holds and were closed.",
        done.closed,
    )
    left = ngettext(
        "%(num)s stays, because its address has refused mails.",
        "%(num)s stay, because their addresses have refused mails.",
        done.left,
    )
    counted = ((done.tried, again), (done.closed, ended), (done.left, left))
    said = [words for count, words in counted if count]
    flash(" ".join(said) or _("Nothing was stuck."), "success")
    return redirect(url_for("studio.mails"), code=303)

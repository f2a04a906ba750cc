"""Stopping mails that one may do without, by the link that stands in each of them."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from booking import clock
from booking.accounts.views import bp
from booking.database import transact
from booking.mail import unsubscribing
from booking.mail.list_links import Stop, read_unsubscribe
from booking.web.extensions import csrf


def this_stop(link: str) -> Stop:
    """Return what the link says, or answer 404."""
    return read_unsubscribe(link) or abort(404)


def may_stop(values: dict) -> bool:
    """Owner look-up for the access table: the link is one that we signed."""
    return read_unsubscribe(values["link"]) is not None


@bp.get("/mails/stop/<signed:link>")
def unsubscribe(link: str) -> ResponseReturnValue:
    """Ask, with one button: scanners open every link."""
    return render_template("accounts/unsubscribe.html", stop=this_stop(link), link=link)


# The one route without a CSRF token: RFC 8058 has the mail program send the POST by itself, with no
# page, no cookie and no session behind it. The signature in the address is the proof, and the most
# that somebody who has it can do is to stop one kind of mail, which is switched on again at will.
@bp.post("/mails/stop/<signed:link>")
@csrf.exempt
def do_unsubscribe(link: str) -> ResponseReturnValue:
    stop = this_stop(link)
    transact(unsubscribing.stop, stop.address_hash, stop.kind, clock.utcnow())
    return render_template("accounts/unsubscribe.html", stop=stop, link=link, is_done=True)

"""Where the links that work once lead: a page with a button, one for each purpose."""

from booking.accounts import tokens
from booking.web.links import absolute_url

PAGES = {
    tokens.SIGN_IN: "accounts.open_link",
    tokens.PASSWORD: "accounts.new_password",
    tokens.ADDRESS: "accounts.confirm_address",
    tokens.GUEST: "accounts.my_address",
    tokens.INVITATION: "studio.invitation",
}


def one_time_url(purpose: str, secret: str) -> str:
    """Return the whole address of a one-time link, made while its mail is being sent."""
    return absolute_url(PAGES[purpose], token=secret)

"""Money in words."""

from flask_babel import gettext as _

from booking.payments.models import Method


def method_words(method: Method) -> str:
    """How something was paid, as a person would say it."""
    return {
        Method.CASH: _("Cash"),
        Method.CARD: _("Card"),
        Method.TRANSFER: _("Transfer"),
        Method.OTHER: _("Other"),
        Method.LET_GO: _("Let go"),
    }[method]

"""A page for each kind of work, service, person and room; prices as the locale writes them."""

import pytest

from booking.database import db, transact
from booking.practice.models import Practice
from tests.web.pages import words


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/kinds/massage", "Massage"),
        ("/services/training", "Training"),
        ("/practitioners", "Lena Hartmann"),
        ("/practitioners/lena", "Book with Lena Hartmann"),
        ("/rooms/room", "What happens here"),
        ("/about", "Where to find us"),
    ],
)
def test_each_has_a_page(client, studio, path, sentence):
    page = client.get(path)
    assert page.status_code == 200
    assert sentence in words(page)


@pytest.mark.parametrize(
    "path", ["/kinds/x", "/services/x", "/practitioners/x", "/practitioners/room", "/rooms/lena"]
)
def test_what_is_not_there_is_not_found(client, studio, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("locale", "currency", "shown"),
    [("en_US", "USD", ["$95", "$135.50"]), ("de_DE", "EUR", ["95 €", "135,50 €"]),
     ("es_US", "USD", ["USD 95", "USD 135.50"])],
)  # fmt: skip
def test_prices_follow_currency_and_locale(client, studio, locale, currency, shown):
    def change() -> None:
        row = db.session.get_one(Practice, 1)
        row.locale, row.currency = locale, currency

    transact(change)
    page = words(client.get("/kinds/massage")).replace("\xa0", " ")
    assert all(price in page or price.replace("USD ", "$") in page for price in shown), page

"""A form that is sent twice: the second answer leads where the first one did."""

import pytest
from sqlalchemy import func, select

from booking.bookings.models import Booking
from booking.database import db
from booking.web.fields import instant_text
from tests.cast import at

TYPED = {"name": "Grace Hill", "email": "grace@example.com", "policy": "y"}


@pytest.mark.parametrize("chosen", ["hour", "long"])
def test_a_second_press_leads_to_the_same_booking_whatever_length_was_chosen(
    chosen, studio, client, now
):
    """With a longer session than the one held, the booking itself now stands in that time."""
    pressed = {"option": studio.hour, "start": instant_text(at(10))}
    location = client.post("/book", data=pressed).location
    sent = {**TYPED, "option": getattr(studio, chosen)}
    answers = [client.post(location, data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count(Booking.id))) == 1

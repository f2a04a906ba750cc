"""What a page has read of a row does not keep it from being locked: PostgreSQL joins no less."""

from datetime import date

from booking.accounts.audit import GUEST
from booking.bookings import changes, line, waiting
from booking.bookings.links import enrolment_link, waiting_link
from booking.bookings.models import Booking, Status
from booking.bookings.waiting_models import WaitlistEntry, Waits
from booking.catalog.queries import find_option
from booking.database import db, transact
from booking.practice import queries as practice
from tests.cast import at, book
from tests.cast_classes import guests, plan_class, take


def wait_for_a_time(studio, now) -> WaitlistEntry:
    """Grace waits for an hour with Lena in the morning that Tom has booked."""

    def join() -> WaitlistEntry:
        option = find_option(studio.hour)
        assert option is not None
        wish = line.Wish(option, studio.lena, 127, ("morning",), date(2026, 11, 24))
        return waiting.join_times(wish, "t", guests("Grace"), None, practice.current(), now())

    return transact(join)


def fill_the_mornings(studio, now) -> list[int]:
    """Book Lena's mornings until Tuesday; return the bookings' ids."""
    return [
        book(studio.long, at(hour, minute, day), now(), practitioner=studio.lena, visitor=f"{n}").id
        for n, (hour, minute, day) in enumerate([(10, 0, 23), (9, 0, 24), (11, 0, 24)])
    ]


def test_places_that_were_booked_together_are_undone_on_their_page(studio, client, now):
    enrolment = take(plan_class(studio, now())[0], now(), "Grace Hill", "Tom Wexler")
    link, revision = enrolment_link(enrolment), enrolment.revision
    db.session.remove()
    answer = client.post(f"/places/{link}/undo", data={"revision": revision})
    assert answer.status_code == 303
    assert set(db.session.scalars(db.select(Booking.status))) == {Status.UNDONE}


def test_a_time_that_becomes_free_is_offered_and_the_line_is_left_on_its_page(studio, client, now):
    booked = fill_the_mornings(studio, now)
    entry_id = wait_for_a_time(studio, now).id
    transact(changes.cancel, booked[1], GUEST, practice.current(), now())
    entry = db.session.get_one(WaitlistEntry, entry_id)
    assert [offer.starts_at for offer in entry.offers] == [at(9)]
    link = waiting_link(entry)
    db.session.remove()
    assert client.post(f"/waiting/{link}/leave").status_code == 303
    assert db.session.get_one(WaitlistEntry, entry_id).state is Waits.LEFT

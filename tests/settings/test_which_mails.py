"""Which mails go: the settings' pages, and reminders that are planned anew."""

import pytest
from sqlalchemy import select

from booking.accounts.models import Account
from booking.bookings import messages
from booking.bookings.follow_models import Replan
from booking.bookings.links import make_link
from booking.bookings.models import Booking, Reminder, ReminderOutcome
from booking.catalog.models import Practitioner, Service
from booking.database import db, transact
from booking.practice import queries as practice
from booking.upkeep.check import findings
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.web.pages import filled, soup

REMINDERS = "/studio/settings/services/1/reminders"


def save(browser, page: str, **values: str):
    """Open a page, change what is in its form and press "Save"."""
    data = filled(soup(browser.get(page)).select_one(f"form[method=post][action='{page}']"))
    return browser.post(page, data={**data, **values})


def leads(**rows: tuple[int | str, str]) -> dict[str, str]:
    return {
        f"leads-{place}-{name}": str(value)
        for place, row in enumerate(rows.values())
        for name, value in zip(("number", "unit"), row, strict=True)
    }


def planned(booking_id: int) -> set[int]:
    db.session.rollback()
    query = select(Reminder.lead_minutes).where(
        Reminder.booking_id == booking_id, Reminder.done_at.is_(None)
    )
    return set(db.session.scalars(query))


def test_a_service_reminds_in_its_own_way_also_of_what_is_booked(mara, studio, now):
    massage = book(studio.hour, at(14, day=30), now(), visitor="a").id
    training = book(studio.training, at(10, day=30), now(), visitor="b").id
    own = {"way": "own", **leads(one=(3, "days"), two=(5, "hours"), three=(90, "minutes"))}
    assert save(mara, REMINDERS, **own).status_code == 303
    turn()
    assert planned(massage) == {3 * 1440, 300, 90}
    assert planned(training) == {2880, 180}
    shown = soup(mara.get(REMINDERS)).select_one("#leads-0-number")
    assert shown["value"] == "3"
    assert save(mara, REMINDERS, way="usual").status_code == 303
    turn()
    assert planned(massage) == {2880, 180}
    assert findings(now()) == []


def test_the_clients_own_way_counts_before_the_services(mara, studio, now):
    ada = book(studio.hour, at(14, day=30), now(), account="ada", studio=studio).id
    transact(choose, studio)
    save(mara, REMINDERS, way="own", **leads(one=(5, "hours")))
    turn()
    assert planned(ada) == {1440}


def test_a_guest_is_reminded_as_the_studio_sets_or_as_they_choose_themselves(
    app, mara, studio, now
):
    booking = book(studio.hour, at(14, day=30), now())
    save(mara, f"/studio/clients/{booking.person_id}/edit", way="own", **leads(one=(4, "days")))
    turn()
    assert planned(booking.id) == {4 * 1440}
    guest, page = app.test_client(), f"/manage/{make_link(booking)}"
    shown = soup(guest.get(page))
    assert shown.select_one("[name=way][checked]")["value"] == "set"
    for way, left in (("last", {180}), ("none", set()), ("usual", {2880, 180})):
        assert guest.post(f"{page}/reminders", data={"way": way}).status_code == 303
        turn()
        assert planned(booking.id) == left
        assert soup(guest.get(page)).select_one("[name=way][checked]")["value"] == way
    assert guest.post(f"{page}/reminders", data={"way": "set"}).status_code == 400
    ada = book(studio.training, at(10, day=30), now(), account="ada", studio=studio)
    assert (
        guest.post(f"/manage/{make_link(ada)}/reminders", data={"way": "none"}).status_code == 404
    )


def choose(studio) -> None:
    db.session.get_one(Account, studio.accounts["ada"]).reminder_leads = [1440]


@pytest.mark.parametrize("typed", ["x", "0", "-2", "1.5", "61", "١", "9" * 9])
def test_a_row_that_says_nothing_is_refused_and_kept(mara, studio, typed):
    answer = save(mara, REMINDERS, way="own", **leads(one=(typed, "days"), two=(2, "hours")))
    assert answer.status_code == 422
    assert soup(answer).select_one("#leads-0-number")["value"] == typed
    assert soup(answer).select_one("#leads-1-number")["value"] == "2"
    db.session.rollback()
    assert db.session.get_one(Service, studio.massage).reminder_leads is None


def test_another_setting_plans_anew_without_a_double(mara, studio, now, monkeypatch):
    written = []
    write = messages.reminder

    def note(booking, lead, moment) -> None:
        written.append(lead)
        write(booking, lead, moment)

    monkeypatch.setattr(messages, "reminder", note)
    booking = book(studio.hour, at(14, day=27), now(), visitor="a").id
    now.set(at(14, day=25))
    sign_in(mara, studio.accounts["mara"], now())
    turn()
    changed = {"remind_1": "1", "remind_1_unit": "days", "remind_2": "2", "remind_2_unit": "days",
               "remind_3": "3", "remind_3_unit": "days"}  # fmt: skip
    assert save(mara, "/studio/settings/policies", **changed).status_code == 303
    assert db.session.scalars(select(Replan.booking_id)).all() == [booking]
    turn()
    assert planned(booking) == {1440}
    assert db.session.scalars(select(Replan)).all() == []
    now.set(at(14, day=26))
    turn()
    assert written == [2880, 1440]


def test_a_reminder_that_is_no_longer_wanted_does_not_slip_out_before(studio, now):
    booking = book(studio.hour, at(14, day=27), now(), visitor="a").id
    now.set(at(14, day=25))
    transact(lambda: db.session.add(Replan(booking_id=booking, asked_at=now())))
    from booking.bookings import reminders

    assert transact(lambda: reminders.handle_next(practice.current(), now()))
    assert ReminderOutcome.SENT not in set(db.session.scalars(select(Reminder.outcome)))


def test_the_which_mails_page_saves_what_may_be_left_out(mara, studio):
    answer = save(mara, "/studio/settings/which-mails", come_back="y", aftercare_at="16:30")
    assert answer.status_code == 303
    db.session.rollback()
    studio = practice.current()
    assert (studio.come_back, studio.aftercare, studio.aftercare_at) == (True, True, 990)
    assert save(mara, "/studio/settings/which-mails", aftercare_days="900").status_code == 422


def test_a_practitioner_chooses_for_themselves_and_only_with_a_sheet(app, studio, now):
    lena, page = app.test_client(), f"/studio/settings/notices/{studio.lena}"
    sign_in(lena, studio.accounts["lena"], now())
    assert lena.get(f"/studio/settings/notices/{studio.marco}").status_code == 404
    assert save(lena, page, news="sheet").status_code == 422
    assert save(lena, page, news="sheet", has_sheet="y").status_code == 303
    db.session.rollback()
    giver = db.session.get_one(Practitioner, studio.lena)
    assert (giver.has_sheet, giver.news_in_sheet) == (True, True)
    # The morning's time had passed when it was chosen.
    assert giver.sheet_on is not None


def test_classes_are_reminded_of_as_often_as_is_wanted(mara, studio):
    page = "/studio/classes/rules"
    rows = {"reminders-0-number": "1", "reminders-0-unit": "days",
            "reminders-1-number": "2", "reminders-1-unit": "hours"}  # fmt: skip
    assert save(mara, page, **rows).status_code == 303
    db.session.rollback()
    assert practice.current().class_reminder_leads == [1440, 120]
    assert db.session.scalar(select(Booking.id)) is None

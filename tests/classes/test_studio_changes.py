"""Classes as the studio changes them: moved, given away, called off, written about."""

from booking.bookings.models import Booking
from booking.classes.models import ClassSession, SessionState
from booking.mail.models import OutgoingMail
from booking.worker import turn
from tests.cast import at, book, sign_in
from tests.cast_classes import take, wait
from tests.rows import fresh
from tests.web.pages import press, send, soup, words


def change(browser, session_id: int, **typed):
    page = soup(browser.get(f"/studio/classes/{session_id}/change"))
    form = press(page, "Save")
    for select in page.select("form select"):
        chosen = select.select_one("option[selected]")
        form.data[select["name"]] = chosen["value"]
    return send(browser, form, **typed)


def test_a_class_moves_by_a_form(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    assert change(lena, first, start="19:00").status_code == 303
    assert fresh(ClassSession)[0].starts_at == at(19)
    assert fresh(Booking)[0].starts_at == at(19)


def test_all_that_follow_move_by_the_same_form(lena, studio, now, first):
    assert change(lena, first, start="19:00", scope="following").status_code == 303
    assert {one.local_start.hour for one in fresh(ClassSession)} == {19}


def test_a_form_sent_as_it_was_changes_nothing(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    before = len(fresh(OutgoingMail))
    assert change(lena, first).status_code == 303
    assert len(fresh(OutgoingMail)) == before
    assert fresh(Booking)[0].revision == 1


def test_a_move_into_a_massage_is_refused_with_the_date(lena, studio, now, first):
    book(studio.hour, at(16), now(), practitioner=studio.lena)
    answer = change(lena, first, start="16:00")
    assert answer.status_code == 409
    assert "Tue, Nov 24" in words(answer)
    assert soup(answer).select_one("#start")["value"] == "16:00"


def test_fewer_places_than_are_taken_need_a_word(lena, studio, now, first):
    take(first, now(), "Grace Hill", "Tom Wexler")
    answer = change(lena, first, capacity="1")
    assert (answer.status_code, "2 places are taken" in words(answer)) == (409, True)
    assert change(lena, first, capacity="1", may_overbook="y").status_code == 303
    assert fresh(ClassSession)[0].overbooked == 1


def test_a_class_is_called_off_with_everything_after_it(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}/cancel"))
    answer = send(lena, press(page, "Cancel the class"), scope="following")
    assert answer.status_code == 303
    assert {one.state for one in fresh(ClassSession)} == {SessionState.CANCELLED}
    assert "cancelled" in words(lena.get("/studio/classes"))


def test_a_message_goes_to_each_alone_and_once(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    take(first, now(), "Tom Wexler")
    wait(first, now(), "Ines Rocha")
    page = soup(lena.get(f"/studio/classes/{first}/write"))
    form = press(page, "Send")
    for _press in range(2):
        answer = send(lena, form, subject="Bring socks", text="It is cold.", waiting="y")
        assert answer.status_code == 303
    mails = [one for one in fresh(OutgoingMail) if one.kind == "class_message"]
    assert sorted(one.to_address for one in mails) == [
        "grace@example.com", "ines@example.com", "tom@example.com",
    ]  # fmt: skip
    assert not [one for one in mails if one.body_text.count("@example.com")]


def test_an_empty_message_is_not_sent(lena, studio, now, first):
    page = soup(lena.get(f"/studio/classes/{first}/write"))
    assert send(lena, press(page, "Send"), subject="", text="").status_code == 422


def test_a_substitute_changes_and_calls_off_this_one_alone(app, lena, studio, now, first):
    assert change(lena, first, practitioner=str(studio.lena)).status_code == 303
    manager = app.test_client()
    sign_in(manager, studio.accounts["mara"], now())
    assert change(manager, first, practitioner=str(studio.marco)).status_code == 303
    marco = app.test_client()
    sign_in(marco, studio.accounts["marco"], now())
    answer = marco.post(f"/studio/classes/{first}/cancel", data={"scope": "following"})
    assert answer.status_code == 422
    assert {one.state for one in fresh(ClassSession)} == {SessionState.PLANNED}
    assert marco.post(f"/studio/classes/{first}/cancel", data={"scope": "this"}).status_code == 303


def test_a_class_that_grows_longer_is_told(lena, studio, now, first):
    take(first, now(), "Grace Hill")
    now.forward(minutes=4)
    turn()
    assert change(lena, first, minutes="90").status_code == 303
    (mail,) = [one for one in fresh(OutgoingMail) if one.kind == "changed"]
    assert "90 minutes" in mail.body_text

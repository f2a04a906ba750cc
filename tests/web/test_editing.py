"""Two people who edit the same thing: the second is told, and nothing is lost."""

import pytest
from wtforms import StringField

from booking.web.editing import EditForm


class NameForm(EditForm):
    name = StringField()
    about = StringField()


@pytest.fixture
def send(app):
    def sent(**typed):
        with app.test_request_context(method="POST", data=typed):
            return NameForm(meta={"csrf": False})

    return sent


@pytest.fixture
def opened(app):
    with app.test_request_context():
        form = NameForm(data={"name": "Lena", "about": ""}, meta={"csrf": False})
        form.opened_on({"name": "Lena", "about": None})
        return form.seen.data


def test_nobody_else_has_changed_it(send, opened):
    form = send(name="Lena Ortiz", about="", seen=opened)
    assert form.is_current({"name": "Lena", "about": ""})
    assert form.theirs == {}


def test_who_saves_second_sees_what_the_first_made_of_it(send, opened):
    now = {"name": "Lena O.", "about": ""}
    form = send(name="Lena Ortiz", about="", seen=opened)
    assert not form.is_current(now)
    assert form.theirs == {"name": "Lena O."}
    assert form.name.data == "Lena Ortiz"
    again = send(name="Lena Ortiz", about="", seen=form.seen.data)
    assert again.is_current(now)


def test_both_typed_the_same(send, opened):
    assert send(name="Lena O.", about="", seen=opened).is_current({"name": "Lena O.", "about": ""})


def test_a_form_without_the_mark_is_no_newer(send):
    assert not send(name="Lena", about="").is_current({"name": "Lena O.", "about": ""})

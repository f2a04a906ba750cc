"""Who mails are from, and the mail that shows whether they arrive."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import func, select

from booking.database import db
from booking.mail.answers import FinalProblem, ServerProblem, TemporaryProblem
from booking.mail.models import OutgoingMail
from booking.mail.outlet import SmtpOutlet
from booking.worker import turn
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words

PAGE = "/studio/settings/mail"


def test_the_test_mail_goes_once_to_who_asked_and_its_fate_is_shown(mara, app, typed):
    names = {"sender_name": "Mara at Heron Lane", "reply_to": "front@heronlane.example"}
    assert mara.post(PAGE, data=typed(mara, PAGE, **names)).status_code == 303
    pressed = press(soup(mara.get(PAGE)), "Send a test mail to mara@heronlane.example")
    for _twice in range(2):
        assert send(mara, pressed).status_code == 303
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 1
    assert "On its way" in words(mara.get(PAGE))
    db.session.rollback()
    turn()
    assert "Written to a file at 8:00 AM." in words(mara.get(PAGE))
    (file,) = (Path(app.config["INSTANCE_PATH"]) / "mail").glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=default)
    assert mail["From"].addresses[0].display_name == "Mara at Heron Lane"
    assert mail["From"].addresses[0].addr_spec == "studio@heronlane.example"
    assert mail["Reply-To"] == "front@heronlane.example"
    assert mail["To"] == "mara@heronlane.example"
    assert mara.get(f"{PAGE}/words/test/en").status_code == 200  # Also when one has been written.


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (FinalProblem("550 <b>no such</b> box"), "refused it for good: 550 <b>no such</b> box"),
        (TemporaryProblem("451 later"), "is tried again at 8:01 AM: 451 later"),
        (
            ServerProblem("535 who?"),
            "every few minutes. What is in the way: 535 who?",
        ),
    ],
)
def test_what_went_wrong_is_said_and_the_password_never(make_app, studio, now, monkeypatch,
                                                        problem, said):  # fmt: skip
    app = make_app(SMTP_URL="smtp://studio:hush-hush@mail.example:2525")
    client = app.test_client()
    sign_in(client, studio.accounts["mara"], now())

    def refuse(*_mail) -> None:
        raise problem

    monkeypatch.setattr(SmtpOutlet, "make_ready", lambda _outlet: None)
    monkeypatch.setattr(SmtpOutlet, "send", refuse)
    with app.app_context():
        send(client, press(soup(client.get(PAGE)), "Send a test mail"))
        turn()
    page = client.get(PAGE)
    assert "Mails leave through mail.example:2525" in words(page)
    assert said in words(page).replace("“", "").replace("”", "")
    assert "hush" not in page.get_data(as_text=True)
    assert "<b>no such" not in page.get_data(as_text=True)

"""Legal texts: a draft, versions that stay, and the policy that bookings name."""

from datetime import date

from sqlalchemy import select

from booking.database import db
from booking.practice import queries as practice
from booking.settings.models import LegalText
from tests.cast import sign_in
from tests.web.pages import soup, words

PAGE, POLICY = "/studio/settings/legal/privacy", "/studio/settings/legal/policy"


def write(client, typed, text: str, do: str = "publish", path: str = PAGE):
    return client.post(path, data=typed(client, path, body=text, do=do))


def test_a_draft_is_for_staff_and_a_version_for_everybody(mara, app, studio, now, typed):
    visitor, lena = app.test_client(), app.test_client()
    sign_in(lena, studio.accounts["lena"], now())
    assert write(mara, typed, "We keep **little**.", "draft").status_code == 303
    assert "<strong>little</strong>" in mara.get(PAGE).get_data(as_text=True)
    assert visitor.get("/legal/privacy").status_code == 404
    assert "/legal/privacy" not in visitor.get("/").get_data(as_text=True)
    assert write(mara, typed, "We keep **little**.").status_code == 303
    write(mara, typed, "We keep [less](javascript:alert(1)).\n\n<script>alert(1)</script>")
    assert soup(visitor.get("/")).select("footer a[href='/legal/privacy']")
    page = visitor.get("/legal/privacy").get_data(as_text=True)
    assert "We keep" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<strong>little" in lena.get(f"{PAGE}/1").get_data(as_text=True)
    assert "no longer shown" in words(lena.get(f"{PAGE}/1"))
    assert "Version 2" in words(lena.get("/studio/settings/legal"))
    assert visitor.get("/legal/nothing").status_code == 404


def test_nothing_new_makes_no_version_and_nothing_at_all_takes_the_page_away(mara, typed):
    assert write(mara, typed, "").status_code == 422
    write(mara, typed, "First.")
    write(mara, typed, "First.", "draft")
    assert "is published already" in words(
        mara.get(write(mara, typed, "First.").location)
    )  # fmt: skip
    write(mara, typed, "")
    assert mara.get("/legal/privacy").status_code == 404
    assert mara.get(f"{PAGE}/1").status_code == 200
    rows = db.session.scalars(select(LegalText).order_by(LegalText.version)).all()
    assert [(row.version, row.body, row.published_at is None) for row in rows] == [
        (1, "First.", False), (2, "", False),
    ]  # fmt: skip
    assert {row.by.email for row in rows} == {"mara@heronlane.example"}


def test_other_words_of_the_policy_are_another_policy(mara, app, studio, typed):
    write(mara, typed, "Ill people are never charged.", path=POLICY)
    db.session.remove()
    row = practice.current()
    assert (row.policy_version, row.policy_on) == (2, date(2026, 11, 23))
    (text,) = db.session.scalars(select(LegalText))
    assert text.policy_version == 2
    visitor = app.test_client()
    said = words(visitor.get("/legal/policy"))
    assert "Sessions are free to cancel until 1 day before." in said
    assert "Ill people are never charged." in said
    held = visitor.post("/book", data={"option": studio.hour, "start": "2026-12-14T15:00Z"})
    assert soup(visitor.get(held.location)).select("main a[href='/legal/policy']")

"""Recovery codes, and taking the second step away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from booking.accounts import factor
from booking.accounts.models import RecoveryCode
from booking.cli import reset_second_factor
from booking.database import db
from tests.accounts.second_step import (
    ADA,
    GIVE,
    LENA,
    SET_UP,
    account_of,
    ask_after,
    codes_on,
    give,
    secret_on,
    set_up,
)
from tests.accounts.steps import by_password, count, letters, meet, set_password
from tests.cast import sign_in
from tests.web.pages import press, send, soup, words


@pytest.mark.parametrize("write", [str, str.lower, lambda code: code.replace("-", "")])
def test_a_recovery_code_counts_once_however_it_is_copied(app, half_way, phone, write):
    assert give(half_way, write(phone.codes[3])).location == "/studio/"
    thief = app.test_client()
    by_password(thief, LENA)
    assert give(thief, phone.codes[3]).status_code == 422
    assert give(thief, phone.codes[4]).status_code == 303
    assert "8 codes are left." in words(thief.get(SET_UP))


def test_anothers_recovery_code_is_refused_and_stays_good(app, half_way, phone, studio, now):
    marcos = app.test_client()
    sign_in(marcos, studio.accounts["marco"], now())
    code = set_up(marcos, now).codes[0]
    assert give(half_way, code).status_code == 422
    sign_in(marcos, studio.accounts["marco"], now())
    assert give(marcos, code).status_code == 303


def test_new_codes_kill_the_old_ones(lena, half_way, phone):
    new = codes_on(send(lena, press(soup(lena.get(SET_UP)), "Make ten new codes")))
    assert len(new) == 10
    assert set(new).isdisjoint(phone.codes)
    assert give(half_way, phone.codes[0]).status_code == 422
    assert give(half_way, new[0]).status_code == 303
    assert count(RecoveryCode) == 10


@pytest.mark.parametrize("is_recovery", [False, True], ids=["app", "recovery"])
def test_of_two_who_use_one_code_at_once_one_passes(app, half_way, phone, monkeypatch, is_recovery):
    other, code = app.test_client(), phone.codes[0] if is_recovery else phone.code()
    by_password(other, LENA)
    meet(monkeypatch, factor, "_use_recovery_code" if is_recovery else "_use_step")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda browser: give(browser, code).status_code, (half_way, other)))
    assert sorted(both) == [303, 422]
    in_studio = [browser.get("/studio/").status_code for browser in (half_way, other)]
    assert sorted(in_studio) == [200, 303]


def test_who_needs_it_cannot_turn_it_off(lena, phone, studio):
    ask_after(14)
    assert "Do without the second step" not in words(lena.get(SET_UP))
    answer = lena.post("/second-factor/off")
    assert "can be set up anew but not removed" in words(lena.get(answer.location))
    assert account_of(studio, "lena").totp_secret == phone.totp.secret
    assert count(RecoveryCode) == 10


def test_a_client_may_turn_it_off(app, client, studio, now):
    ask_after(0)
    set_password(studio.accounts["ada"])
    by_password(client, ADA)
    set_up(client, now)
    answer = send(client, press(soup(client.get(SET_UP)), "Do without the second step"))
    assert answer.location == "/account"
    assert not account_of(studio, "ada").has_second_factor
    assert count(RecoveryCode) == 0
    by_password(client, ADA)
    assert client.get("/my/bookings").status_code == 200


def test_a_manager_takes_it_away_and_it_is_set_up_anew(
    app, lena, half_way, phone, studio, tmp_path, now
):
    ask_after(0)
    maras, member = app.test_client(), f"/studio/team/{studio.accounts['lena']}"
    sign_in(maras, studio.accounts["mara"], now())
    set_up(maras, now)
    assert lena.post(f"{member}/reset-factor").status_code == 403
    assert account_of(studio, "lena").has_second_factor
    form = press(soup(maras.get(member)), "Take the second step away")
    assert send(maras, form).location == "/studio/team"
    check_taken_away(lena, half_way, phone, studio, tmp_path)
    assert maras.get("/studio/").status_code == 200


def check_taken_away(lena, half_way, phone, studio, tmp_path) -> None:
    account = account_of(studio, "lena")
    assert (account.totp_secret, account.totp_since, account.totp_step) == (None, None, None)
    of_lena = select(RecoveryCode).filter_by(account_id=account.id)
    assert db.session.scalars(of_lena).all() == []
    assert [browser.get("/account").status_code for browser in (lena, half_way)] == [303, 303]
    subjects = [letter["Subject"] for letter in letters(tmp_path, LENA)]
    assert subjects == ["Your second step has been changed", "Your second step was taken away"]
    by_password(lena, LENA)
    assert lena.get("/studio/").location == f"{GIVE}?next=/studio/"
    assert lena.get(GIVE).location == SET_UP
    for old in (phone.code(), phone.codes[0]):
        assert give(lena, old).status_code == 422
    assert secret_on(lena.get(SET_UP)) != phone.totp.secret


def test_the_command_line_takes_it_away_when_no_manager_can(
    app, lena, half_way, phone, studio, tmp_path
):
    ask_after(0)
    run = app.test_cli_runner().invoke
    refused = run(reset_second_factor, ["nobody@example.com"])
    assert (refused.exit_code, "has no account" in refused.output) == (1, True)
    assert account_of(studio, "lena").has_second_factor
    assert run(reset_second_factor, ["Lena@HeronLane.example"]).exit_code == 0
    check_taken_away(lena, half_way, phone, studio, tmp_path)

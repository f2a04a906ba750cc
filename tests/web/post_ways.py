"""How forms come to be sent: who sends them, from which page, about what."""

from collections.abc import Callable
from typing import Any

from pyotp.totp import TOTP
from sqlalchemy import func, select

from booking.accounts import tokens
from booking.accounts.audit import GUEST, Actor
from booking.bookings import changes
from booking.bookings.links import enrolment_link, make_link, waiting_link
from booking.bookings.waiting_models import Offer, WaitlistEntry
from booking.database import db, transact
from booking.practice import queries as practice
from booking.web.editing import digest
from tests.cast_classes import take, wait
from tests.web.pages import filled, press, soup
from tests.web.post_ground import NEW, Sent
from tests.web.post_world import KEY, TOKEN, World


def over(name: str, path: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda world: (world.visit(name), path, data)


def as_shown(page: str, action: str = "", /, **data: Any) -> Callable[[World], Sent]:
    """A form of the settings as its page shows it, with changes: it has to be the newest."""

    def prepare(world: World) -> Sent:
        client, path = world.visit("mara"), f"/studio/settings/{action or page}"
        shown = soup(client.get(f"/studio/settings/{page}"))
        form = shown.select_one(f"form[method=post][action='{path}']")
        kept = {name: value for name, value in filled(form).items() if name != "csrf_token"}
        return client, path, kept | data

    return prepare


def as_written(world: World, number: int | str, path: str = "", /, **typed: Any) -> Sent:
    """The editor's form of a piece, or of a new one, with what is typed into it."""
    client, root = world.visit("mara"), "/studio/articles"
    form = soup(client.get(f"{root}/{number or 'new'}")).select_one("form.editor")
    assert form is not None
    kept = {name: value for name, value in filled(form).items() if name != "csrf_token"}
    asked = {"body": "Text.", "press": "save", "is_guest": "", "no_picture": "", "key": KEY}
    action = f"{root}{path.format(number)}" if path else str(form["action"])
    return client, action, kept | asked | typed


def free(path: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda world: (world.app.test_client(), path, data)


def opened(path: str, name: str = "mara", /, **data: Any) -> Callable[[World], Sent]:
    """The form of a page that is opened first: it is sent with what the page had in it."""

    def prepare(world: World) -> Sent:
        client = world.visit(name)
        return client, path, {**press(soup(client.get(path)), "Save").data, **data}

    return prepare


def by_link(path: str, purpose: str, email: str, /, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"{path}/{w.link(purpose, email)}", data)


def of_booking(do: str, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.app.test_client(), f"/manage/{make_link(w.book())}/{do}", data)


def in_studio(do: str, day: int = 0, **data: Any) -> Callable[[World], Sent]:
    return lambda w: (w.visit("lena"), f"/studio/bookings/{w.book(day).id}/{do}", data)


def moved_by_staff(world: World) -> Sent:
    booking = world.book()
    is_now = {"day": booking.local_start.date(), "time": booking.local_start.time(), "minutes": 60,
              "practitioner": booking.practitioner_id, "room": booking.room_id}  # fmt: skip
    wanted = {**is_now, "day": "2026-12-22", "time": "10:10", "minutes": 50, "tell": "yes"}
    typed, path = wanted | {"seen": digest(is_now)}, f"/studio/bookings/{booking.id}/move"
    return world.visit("lena"), path, typed


def undone_by_staff(world: World) -> Sent:
    booking_id, actor = world.book().id, Actor("staff", world.studio.accounts["lena"])
    transact(changes.cancel, booking_id, actor, practice.current(), world.now())
    return world.visit("lena"), f"/studio/bookings/{booking_id}/undo", {"revision": 2}


def book(world: World) -> Sent:
    client = world.visit("bob")
    return client, world.held(client), {"option": world.studio.long, "policy": "y"}


def book_as_guest(world: World) -> Sent:
    client = world.app.test_client()
    typed = {"name": "Grace", "email": "grace@example.com", "policy": "y"}
    return client, world.held(client), {"option": world.studio.hour, **typed}


def in_class(path: str, *taken: str, who: str = "bob", **data: Any) -> Callable[[World], Sent]:
    """A form of a class's page, sent when people of these names have taken their places."""

    def prepare(world: World) -> Sent:
        session_id = world.class_of(*taken)
        return world.visit(who), path.format(session_id), {"attempt": TOKEN, **data}

    return prepare


def of_places(world: World) -> Sent:
    session_id = world.class_of()
    made = take(session_id, world.now(), *map(world.guest, ("Grace Hill", "Tom Wexler")))
    link = enrolment_link(made)
    return world.app.test_client(), f"/places/{link}/undo", {"revision": 1}


def waiting(do: str, *, is_offered: bool = True) -> Callable[[World], Sent]:
    """A press on the page of somebody in line, to whom a place is offered."""

    def prepare(world: World) -> Sent:
        session_id = world.class_of()
        names = map(world.guest, ("Grace Hill", "Tom Wexler"))
        taken = take(session_id, world.now(), *names).places[0].id
        entry = wait(session_id, world.now(), world.guest("Ines Rocha")).id
        if is_offered:
            transact(changes.cancel, taken, GUEST, practice.current(), world.now())
        link = waiting_link(db.session.get_one(WaitlistEntry, entry))
        data = {"offer": latest_offer()} if is_offered else {}
        return world.app.test_client(), f"/waiting/{link}/{do}", data

    return prepare


def latest_offer() -> int:
    return db.session.scalar(select(func.max(Offer.id))) or 0


def tell_me(world: World) -> Sent:
    """A wish that nothing free suits: nobody works on a Sunday."""
    data = {
        "attempt": TOKEN, "option": world.studio.hour, "practitioner": 0,
        "until": "2026-12-10", "sunday": "y", "policy": "y", "person": world.person("bob"),
    }  # fmt: skip
    return world.visit("bob"), "/services/massage/tell-me", data


def let_go(world: World) -> Sent:
    client = world.app.test_client()
    return client, f"{world.held(client)}/let-go", {}


def accept(world: World) -> Sent:
    about = world.invited("zoe@example.com").about
    link = world.link(tokens.INVITATION, "zoe@example.com", about)
    return world.app.test_client(), f"/studio/invitation/{link}", {"name": "Zoe", "password": NEW}


def confirm_address(world: World) -> Sent:
    link = world.link(tokens.ADDRESS, "bob@new.example", world.account("bob").about)
    return world.visit("bob"), f"/address/{link}", {}


def end_device(world: World) -> Sent:
    client = world.visit("ada")
    forms = soup(client.get("/account/devices")).select("form[action$='/end']")
    return client, str(forms[0]["action"]), {}


def set_up(world: World) -> Sent:
    client, path = world.visit("bob"), "/second-factor/set-up"
    secret = soup(client.get(path)).select_one(".secret code").get_text()
    return client, path, {"code": TOTP("".join(secret.split())).at(world.now())}

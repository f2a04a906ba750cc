"""One valid post for each form of each route that clients, guests and everybody use."""

from collections.abc import Callable

from booking.accounts import tokens
from booking.bookings.links import make_link
from booking.mail.list_links import unsubscribe_link
from tests.web.post_ground import NEW, OLD, Sent
from tests.web.post_ways import (
    book,
    book_as_guest,
    by_link,
    confirm_address,
    end_device,
    free,
    in_class,
    let_go,
    of_booking,
    of_places,
    over,
    set_up,
    tell_me,
    waiting,
)
from tests.web.post_world import TOKEN, World

CLIENTS: dict[str, Callable[[World], Sent]] = {
    "accounts.send_link": free("/sign-in/link", email="ada@example.com"),
    "accounts.by_password": free("/sign-in/password", email="ada@example.com", password=OLD),
    "accounts.use_link": by_link("/sign-in", tokens.SIGN_IN, "new@example.com", name="Neo"),
    "accounts.do_sign_up": free("/sign-up", email="newer@example.com"),
    "accounts.do_my_address": by_link("/this-is-me", tokens.GUEST, "me@example.com", name="Me"),
    "accounts.do_forgotten": free("/password", email="lena@heronlane.example"),
    "accounts.do_new_password": by_link(
        "/password", tokens.PASSWORD, "lena@heronlane.example", password=NEW
    ),
    "accounts.do_prove": over("ada", "/account/prove", password=OLD),
    "accounts.change_details": over("ada", "/account", name="Ada B", phone="", language=""),
    "accounts.change_password": over("bob", "/account/password", password=NEW),
    "accounts.change_address": over("bob", "/account/address", email="b@elsewhere.example"),
    "accounts.do_confirm_address": confirm_address,
    "accounts.end_device": end_device,
    "accounts.end_others": over("ada", "/account/devices/end-others"),
    "accounts.add_person": over("ada", "/account/people/new", name="Dora"),
    "accounts.change_person": lambda w: (
        w.visit("ada"), f"/account/people/{w.child()}", {"name": "Cleo B"},
    ),
    "accounts.do_remove_person": lambda w: (
        w.visit("ada"), f"/account/people/{w.child()}/remove", {},
    ),
    "accounts.do_export": over("ada", "/account/export"),
    "bookings.hold": lambda w: (
        w.app.test_client(), "/book", {"option": w.studio.hour, "start": "2026-12-14T15:00Z"},
    ),
    "bookings.let_go": let_go,
    "bookings.book": book,
    "bookings.book, by a guest": book_as_guest,
    "bookings.undo": of_booking("undo", revision=1),
    "bookings.do_cancel": of_booking("cancel"),
    "bookings.do_move": of_booking("move", start="2026-12-15T15:00Z"),
    "bookings.acknowledge": of_booking("acknowledge"),
    "bookings.choose_guest_reminders": lambda w: (
        w.app.test_client(), f"/manage/{make_link(w.book(account=None))}/reminders", {"way": "none"}
    ),
    "accounts.do_unsubscribe": lambda w: (
        w.app.test_client(), f"/mails/stop/{unsubscribe_link('ada@example.com', 'aftercare')}", {},
    ),
    "bookings.choose_reminders": over("ada", "/account/reminders", way="own", day="y"),
    "bookings.book_class": in_class("/classes/book/{}", kind="drop_in", who_2="y", policy="y"),
    "bookings.book_class, by a guest": lambda w: (
        w.app.test_client(), f"/classes/book/{w.class_of()}",
        {"attempt": TOKEN, "kind": "drop_in", "name": "Grace", "email": "grace@example.com",
         "companion_1": "Tom", "policy": "y"},
    ),
    "bookings.wait_for_class": in_class(
        "/classes/book/{}/wait", "Grace Hill", "Tom Wexler", who_2="y", policy="y"
    ),
    "bookings.book_term": lambda w: (
        w.visit("bob"), f"/classes/{w.term()}/term",
        {"attempt": TOKEN, "who_2": "y", "policy": "y"},
    ),
    "bookings.undo_places": of_places,
    "bookings.take_offer": waiting("take"),
    "bookings.decline_offer": waiting("decline"),
    "bookings.leave_line": waiting("leave", is_offered=False),
    "bookings.do_wish": tell_me,
    "accounts.do_set_up_factor": set_up,
    "accounts.do_second_factor": World.at_second_step,
    "accounts.renew_codes": lambda w: w.past_second_step("/second-factor/codes"),
    "accounts.turn_off_factor": lambda w: w.past_second_step("/second-factor/off"),
    "accounts.sign_out": over("ada", "/sign-out"),
    "accounts.do_close": over("ada", "/account/close", sure="y"),
}  # fmt: skip

"""Every page of the site and the way to it; what must hold everywhere is tested along this list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser import caller_steps, class_steps
from tests.browser.world import World


@dataclass(frozen=True)
class At:
    """A page at an address, which may name what `make_world` has made, or what one does there."""

    path: str
    who: str = "guest"
    then: Callable[[Page, World], None] | None = None
    status: int = 200

    def address(self, world: World) -> str:
        return self.path.format_map(world.made)

    def open(self, page: Page, world: World) -> None:
        """Go there; what answers has to be this very page, not one that it leads on to."""
        address = self.address(world)
        answer = page.goto(address)
        assert answer is not None
        came_to = (urlsplit(answer.url).path, answer.status)
        assert came_to == (urlsplit(address).path, self.status), came_to

    def visit(self, page: Page, world: World) -> None:
        """Go there and do what one does there."""
        self.open(page, world)
        if self.then is not None:
            self.then(page, world)


def pressing(button: str, **typed: str) -> Callable[[Page, World], None]:
    """Type into the fields of these names, press the button and wait for what is wrong."""

    def press(page: Page, world: World) -> None:
        pressed = page.get_by_role("button", name=button, exact=True)
        form = page.locator("form").filter(has=pressed)
        for name, words in typed.items():
            form.locator(f"[name={name}]").fill(words)
        pressed.click()
        page.get_by_role("alert").wait_for()

    return press


def ask_for_a_link(page: Page, world: World) -> None:
    page.get_by_label("E-mail address").first.fill("somebody@example.com")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()


def wrong_password(page: Page, world: World) -> None:
    page.get_by_text("Sign in with a password").click()
    page.get_by_role("group").get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def choose_a_password_too(page: Page, world: World) -> None:
    page.get_by_text("Also choose a password").click()
    page.get_by_label("Password (optional)").fill("short")
    page.get_by_role("button", name="Show").click()


def taken(page: Page, world: World) -> None:
    """Press a time that somebody else has taken since the page was opened."""
    rival = world.browser.new_context(base_url=world.base_url)
    faster = rival.new_page()
    faster.goto(page.url)
    faster.locator("button.time").first.click()
    page.locator("button.time").first.click()
    page.get_by_text("The nearest free times").wait_for()
    rival.close()


def without_camera(page: Page, world: World) -> None:
    page.get_by_text("No camera? Type it").click()


def too_long_a_note(page: Page, world: World) -> None:
    """The field holds back what is too long; a script that fills it does not ask."""
    page.get_by_label("Private note").evaluate("field => { field.value = 'x'.repeat(5001) }")
    page.get_by_role("button", name="Save Private note").click()
    page.get_by_role("alert").wait_for()


def wish_for_what_is_free(page: Page, world: World) -> None:
    class_steps.wish_for_a_time(page, "therapeutic-massage", "Monday")
    page.get_by_text("These times suit").wait_for()


def book_a_caller(page: Page, world: World) -> None:
    caller_steps.book(page, "Walter Caller")
    page.get_by_role("button", name="Undo").wait_for()


def book_at_night(page: Page, world: World) -> None:
    """Ask for a time at which nobody works: what speaks against it is listed."""
    caller_steps.who_calls(page, "Wanda Nightingale")
    caller_steps.type_a_time(page, weeks=1, time="04:40")
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("alert").wait_for()


def every_other_week(page: Page, world: World) -> None:
    caller_steps.who_calls(page, "Wanda Nightingale")
    caller_steps.type_a_time(page, weeks=1, time="10:00")
    caller_steps.repeat(page, "every 2 weeks", times=5)
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("heading", name="Book a series").wait_for()


def new_codes(page: Page, world: World) -> None:
    page.get_by_role("button", name="Make ten new codes").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()


def look_at_zone(page: Page, world: World) -> None:
    page.get_by_label("Chicago").check()
    page.get_by_role("button", name="See what it moves").click()
    page.get_by_role("heading", name="What this moves").wait_for()


def try_rules(page: Page, world: World) -> None:
    page.locator("[name=cancel]").fill("3")
    page.get_by_role("button", name="See what clients read").click()
    page.get_by_role("heading", name="What clients would read").wait_for()


def look_ahead(page: Page, world: World) -> None:
    page.locator("[name=day_0-0-opens]").fill("11:00")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet").wait_for()


def take_weeks_off(page: Page, world: World) -> None:
    """Lena is booked within the coming weeks."""
    today = date.today()
    page.locator("[name=from-day]").fill((today + timedelta(days=1)).isoformat())
    page.locator("[name=until-day]").fill((today + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Enter it").click()
    page.get_by_role("heading", name="What stands in the way").wait_for()


def ask_the_doctor(page: Page, world: World) -> None:
    page.get_by_role("button", name="Ask the mail server and the name service").click()
    page.get_by_role("button", name="Ask again").wait_for()


def preview(page: Page, world: World) -> None:
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def try_a_mail(page: Page, world: World) -> None:
    page.get_by_label("How it begins").fill("Dear {client},\n\nbring socks.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is saved yet.").wait_for()


def type_on(page: Page, world: World) -> None:
    """Type into a piece: it is kept and shown, and offered when the page is opened again."""
    page.get_by_label("Text", exact=True).fill("## Ankles\n\n**Typed** and not saved.")
    page.locator("[data-shown] strong").get_by_text("Typed").wait_for()
    page.reload()
    page.get_by_text("See what was not saved").click()


PAGES: dict[str, At] = {
    "home": At("/"),
    "kind": At("/kinds/massage"),
    "service": At("/services/therapeutic-massage"),
    "details": At("{details}"),
    "details with errors": At("{details}", then=pressing("Book this session")),
    "details of a family": At("{family_details}", "ada"),
    "taken": At("/services/private-tai-chi", then=taken),
    "done": At("{done}"),
    "receipt of a guest": At("{receipt_by_link}"),
    "move": At("{done}/move"),
    "cancel": At("{done}/cancel"),
    "cancelled": At("{cancelled}"),
    # Classes, and lines that people wait in.
    "timetable": At("/classes"),
    "timetable of nothing": At("/classes?level=advanced"),
    "class of every week": At("/classes/tai-chi-from-the-beginning"),
    "class": At("/classes/book/{class}"),
    "class with errors": At("/classes/book/{class}", then=pressing("Book")),
    "class of a family": At("/classes/book/{class}", "ada"),
    "full class": At("/classes/book/{full}"),
    "full class with errors": At("/classes/book/{full}", then=pressing("Put me on the list")),
    "full class of a family": At("/classes/book/{full}", "ada"),
    "term": At("/classes/tai-chi-from-the-beginning/term"),
    "term with errors": At(
        "/classes/tai-chi-from-the-beginning/term", then=pressing("Book the term")
    ),
    "places": At("{places}"),
    "in line": At("{in_line}"),
    "in line as a family": At("{family_in_line}", "ada"),
    "offered": At("{offered}"),
    "no longer in line": At("{left}"),
    "wish": At("/services/therapeutic-massage/tell-me"),
    "wish of a family": At("/services/therapeutic-massage/tell-me", "ada"),
    "wish with errors": At("/services/therapeutic-massage/tell-me", then=pressing("Tell me")),
    "wish for what is free": At(
        "/services/therapeutic-massage/tell-me", then=wish_for_what_is_free
    ),
    "wish in line": At("{wish_in_line}"),
    "month": At("/services/therapeutic-massage/month/{month}"),
    "service in groups": At("/services/yoga-in-a-group"),
    "where does it hurt": At("/where-does-it-hurt"),
    "region of the body": At("/where-does-it-hurt/hip"),
    "articles": At("/read"),
    "article": At("/read/gluteus-medius"),
    "found in articles": At("/read?q=hip+pelv"),
    "nothing found in articles": At("/read?q=zebra"),
    "about": At("/about"),
    "practitioners": At("/practitioners"),
    "practitioner": At("/practitioners/lena-hartmann"),
    "room": At("/rooms/quiet-room"),
    "not found": At("/nowhere", status=404),
    "not for you": At("/studio/", "ada", status=403),
    # The way in.
    "sign in": At("/sign-in"),
    "sign in with errors": At("/sign-in", then=wrong_password),
    "link sent": At("/sign-in", then=ask_for_a_link),
    "link spent": At("/sign-in/some-link", status=422),
    "sign up": At("/sign-up"),
    "sign up with errors": At("/sign-up", then=pressing("Send me a link")),
    "link of a client": At("{sign_in_link}"),
    "link of a newcomer": At("{newcomer_link}"),
    "link with a password": At("{newcomer_link}", then=choose_a_password_too),
    "link with errors": At("{newcomer_link}", then=pressing("Make my account")),
    "forgotten password": At("/password"),
    "new password": At("{password_link}"),
    "new password too weak": At(
        "{password_link}", then=pressing("Save and sign in", password="password")
    ),
    "this is my address": At("{guest_link}"),
    "new address": At("{address_link}", "nora"),
    "invitation": At("{invitation}"),
    "invitation with errors": At("{invitation}", then=pressing("Join", password="123")),
    # The account.
    "my bookings": At("/my/bookings", "ada"),
    "my bookings, none yet": At("/my/bookings", "nora"),
    "my receipt": At("{my_receipt}", "ada"),
    "account": At("/account", "ada"),
    "account with errors": At("/account", "ada", then=pressing("Save", name="", phone="a phone")),
    "account of staff": At("/account", "lena"),
    "account in Spanish": At("/account", "nora"),
    "address": At("/account/address", "ada"),
    "address with errors": At(
        "/account/address", "ada", then=pressing("Send the link", email="ada at example")
    ),
    "password": At("/account/password", "ada"),
    "password too weak": At("/account/password", "ada", then=pressing("Save", password="short")),
    "devices": At("/account/devices", "ada"),
    "family": At("/account/people", "ada"),
    "add somebody": At("/account/people/new", "ada"),
    "add somebody with errors": At("/account/people/new", "ada", then=pressing("Add")),
    "edit somebody": At("{child}", "ada"),
    "remove somebody": At("{child}/remove", "ada"),
    "no more mails": At("{stop}"),
    "reminders": At("/account/reminders", "ada"),
    "my data": At("/account/data", "ada"),
    "my data in Spanish": At("/account/data", "nora"),
    "history": At("/account/history", "ada"),
    "export": At("/account/export", "ada"),
    "close": At("/account/close", "ada"),
    "close with errors": At("/account/close", "ada", then=pressing("Close my account")),
    "is it you": At("/account/prove", "ada"),
    "is it you, with errors": At(
        "/account/prove", "ada", then=pressing("Go on", password="not her password")
    ),
    "set up the second step": At("/second-factor/set-up", "lena"),
    "set up without a camera": At("/second-factor/set-up", "lena", then=without_camera),
    "set up with a wrong code": At(
        "/second-factor/set-up", "lena", then=pressing("Switch it on", code="12 34")
    ),
    "set up anew": At("/second-factor/set-up", "rosa"),
    "recovery codes": At("/second-factor/set-up", "rosa", then=new_codes),
    "code": At("/second-factor", "rosa"),
    "wrong code": At("/second-factor", "rosa", then=pressing("Go on", code="123456 7")),
    # The studio.
    "studio today": At("/studio/", "lena"),
    "studio day": At("/studio/day/{day}", "lena"),
    "studio day of all": At("/studio/day/{day}", "mara"),
    "just booked": At("/studio/book", "lena", then=book_a_caller),
    "book for a caller": At("/studio/book", "lena"),
    "book for a caller, with errors": At(
        "/studio/book", "mara", then=pressing("Book", client="Nobody Known")
    ),
    "book for a caller, against the hours": At("/studio/book", "mara", then=book_at_night),
    "book a series": At("/studio/book", "mara", then=every_other_week),
    "studio cancel": At("{studio_cancel}", "lena"),
    "studio week": At("/studio/week", "lena"),
    "studio week of another": At("/studio/week/{day}?practitioner=4", "mara"),
    "studio day side by side": At("/studio/grid/{day}", "mara"),
    "studio rooms": At("/studio/grid/{day}?by=room", "lena"),
    "studio booking": At("{studio_booking}", "lena"),
    "studio move": At("{studio_booking}/move?at=2001-01-01T07:00Z", "lena"),
    "studio move with errors": At(
        "{studio_booking}/move", "lena", then=pressing("Move it", time="", minutes="1")
    ),
    "studio classes": At("/studio/classes", "mara"),
    "studio classes, none": At("/studio/classes", "lena"),
    "plan a class": At("/studio/classes/new", "mara"),
    "plan a class with errors": At("/studio/classes/new", "mara", then=pressing("Plan it")),
    "series": At("{series}", "mara"),
    "series with errors": At("{series}", "mara", then=pressing("Save", name="", price="-1")),
    "roster": At("/studio/classes/{begun}", "mei"),
    "roster of a full class": At("/studio/classes/{full}", "mara"),
    "walk-in with errors": At(
        "/studio/classes/{full}", "mara", then=pressing("Give a place", phone="a phone")
    ),
    "change a class": At("/studio/classes/{full}/change", "mara"),
    "change a class with errors": At(
        "/studio/classes/{full}/change", "mara", then=pressing("Save", minutes="1", day="")
    ),
    "change a class to a taken time": At(
        "/studio/classes/{next_to_another}/change", "mara", then=pressing("Save", start="19:00")
    ),
    "cancel a class": At("/studio/classes/{full}/cancel", "mara"),
    "write to a class": At("/studio/classes/{full}/write", "mara"),
    "write to a class with errors": At(
        "/studio/classes/{full}/write", "mara", then=pressing("Send")
    ),
    "rules for classes": At("/studio/classes/rules", "mara"),
    "rules for classes with errors": At(
        "/studio/classes/rules", "mara", then=pressing("Save", offer_minutes="1")
    ),
    "money": At("/studio/money", "mara"),
    "money of nothing": At("/studio/money?day=2019-02-01", "lena"),
    "unpaid": At("/studio/money/unpaid", "mara"),
    "payment": At("{part_paid}", "mara"),
    "payment with errors": At("{part_paid}", "mara", then=pressing("Write it down", amount="0")),
    "receipt": At("{receipt}", "mara"),
    "writing": At("/studio/articles/", "mara"),
    "writing, nothing found": At("/studio/articles/?q=nothing+at+all", "mara"),
    "write an article": At("/studio/articles/new", "mara"),
    "write an article, with errors": At(
        "/studio/articles/new", "mara", then=pressing("Save", title="")
    ),
    "piece": At("{piece}", "mara"),
    "piece planned for the past": At(
        "{piece}", "mara", then=pressing("Publish then", day="2020-01-02", time="10:00")
    ),
    "piece as it is typed": At("{piece}", "mara", then=type_on),
    "versions of a piece": At("{piece}/versions", "mara"),
    "version of a piece": At("{piece}/versions/1", "mara"),
    "piece by its link": At("{piece_by_link}"),
    "pictures": At("/studio/articles/pictures", "mara"),
    "pictures with errors": At(
        "/studio/articles/pictures", "mara", then=pressing("Add the picture", alt="")
    ),
    "topics": At("/studio/articles/topics", "mara"),
    "topics with errors": At(
        "/studio/articles/topics", "mara", then=pressing("Add a topic", name="Hip")
    ),
    "clients": At("/studio/clients", "mara"),
    "clients not found": At("/studio/clients?q=nobody+at+all", "mara"),
    "new client": At("/studio/clients/new", "mara"),
    "new client with errors": At(
        "/studio/clients/new", "mara", then=pressing("Save", email="no address")
    ),
    "child of a client": At("/studio/clients/new?guardian={guardian}", "mara"),
    "child without consent": At(
        "/studio/clients/new?guardian={guardian}", "mara", then=pressing("Save", name="Ida")
    ),
    "mails": At("/studio/mails", "mara"),
    "mails that are stuck, none": At("/studio/mails?state=stuck", "lena"),
    "mails to a client": At("/studio/mails?client={guardian}", "mara"),
    "mail as it was sent": At("{mail}", "mara"),
    "doctor": At("/studio/settings/doctor", "mara"),
    "doctor who has asked": At("/studio/settings/doctor", "mara", then=ask_the_doctor),
    "client": At("{client}", "mara"),
    "client under 18": At("{ward}", "mara"),
    "client who reads no mail": At("{unreached}", "mara"),
    "client with a long note": At("{client}", "mara", then=too_long_a_note),
    "edit a client": At("{client}/edit", "mara"),
    "flags": At("/studio/clients/flags", "mara"),
    "flags with errors": At(
        "/studio/clients/flags", "mara", then=pressing("Add the flag", name="")
    ),
    "entries of one person": At("/studio/clients/duplicates", "mara"),
    "one person": At("{one_person}", "mara"),
    "two accounts": At("{two_accounts}", "mara"),
    "take in a list": At("/studio/clients/import", "mara"),
    "take in no list": At("/studio/clients/import", "mara", then=pressing("Look at it first")),
    "look at a list": At("{import}", "mara"),
    "look at a strange list": At("{strange_import}", "mara"),
    "take out all clients": At("/studio/clients/export", "mara"),
    "settings": At("/studio/settings/", "mara"),
    "which times are offered": At("/studio/settings/openings", "mara"),
    "times with errors": At(
        "/studio/settings/openings", "mara", then=pressing("Save", gap_minutes="4")
    ),
    "limits": At("/studio/settings/limits", "mara"),
    "limits of one": At("{limits}", "mara"),
    "limits with errors": At("{limits}", "mara", then=pressing("Save", day_sessions="99")),
    "which mails go": At("/studio/settings/mails", "mara"),
    "which mails go with errors": At(
        "/studio/settings/mails", "mara", then=pressing("Save", aftercare_days="999")
    ),
    "reminders of a service": At("/studio/settings/services/1/reminders", "mara"),
    "reminders of a service with errors": At(
        "/studio/settings/services/1/reminders",
        "mara",
        then=pressing("Save", **{"leads-0-number": "soon"}),
    ),
    "what practitioners hear of": At("/studio/settings/notices", "mara"),
    "what one hears of": At("{notices}", "mara"),
    "requests": At("/studio/requests", "mara"),
    "settings of a practitioner": At("/studio/settings/", "lena"),
    "practice": At("/studio/settings/practice", "mara"),
    "practice with errors": At(
        "/studio/settings/practice", "mara", then=pressing("Save", name="", phone="call me")
    ),
    "money and languages": At("/studio/settings/money", "mara"),
    "zone": At("/studio/settings/zone?q=chicago", "mara"),
    "zone that moves bookings": At("/studio/settings/zone?q=chicago", "mara", then=look_at_zone),
    "rules of time": At("/studio/settings/policies", "mara"),
    "rules of time, tried": At("/studio/settings/policies", "mara", then=try_rules),
    "rules of time with errors": At(
        "/studio/settings/policies", "mara", then=pressing("Save", cancel="9999")
    ),
    "look": At("/studio/settings/look", "mara"),
    "look with errors": At(
        "/studio/settings/look", "mara", then=pressing("Save the colour", accent="green")
    ),
    "look without a picture": At("/studio/settings/look", "mara", then=pressing("Save the logo")),
    "mail": At("/studio/settings/mail", "mara"),
    "mail with errors": At(
        "/studio/settings/mail", "mara", then=pressing("Save", reply_to="nobody")
    ),
    "what mails say": At("/studio/settings/mail/texts", "mara"),
    "what a mail says": At("/studio/settings/mail/texts/confirmed/en", "mara"),
    "what a mail says, tried": At(
        "/studio/settings/mail/texts/reminder/en", "mara", then=try_a_mail
    ),
    "what a mail says, with errors": At(
        "/studio/settings/mail/texts/confirmed/es",
        "mara",
        then=pressing("Save", subject="{klient}"),
    ),
    "legal texts": At("/studio/settings/legal", "mara"),
    "legal text": At("/studio/settings/legal/policy", "mara"),
    "legal text, nothing to publish": At(
        "/studio/settings/legal/imprint", "mara", then=pressing("Publish", body="")
    ),
    "old legal text": At("/studio/settings/legal/privacy/1", "lena"),
    "legal page": At("/legal/privacy"),
    "hours of all": At("/studio/hours", "mara"),
    "hours": At("/studio/hours/{lena}", "lena"),
    "hours of the week": At("/studio/hours/{lena}/week", "lena"),
    "hours of the week, looked at": At("/studio/hours/{lena}/week", "lena", then=look_ahead),
    "hours of the week with errors": At(
        "/studio/hours/{lena}/week", "lena", then=pressing("Save", **{"day_0-0-opens": "21:00"})
    ),
    "hours of a date": At("/studio/hours/{lena}/date", "lena"),
    "hours of a date with errors": At("/studio/hours/{lena}/date", "lena", then=pressing("Save")),
    "new break": At("/studio/hours/{lena}/breaks/new", "lena"),
    "new break with errors": At("/studio/hours/{lena}/breaks/new", "lena", then=pressing("Save")),
    "break": At("/studio/hours/breaks/{break}", "mara"),
    "closed days": At("/studio/closed-days", "mara"),
    "closed days with errors": At(
        "/studio/closed-days", "mara", then=pressing("Close on this day")
    ),
    "time off": At("/studio/time-off", "mara"),
    "new time off": At("/studio/time-off/new", "mara"),
    "new time off with errors": At("/studio/time-off/new", "mara", then=pressing("Enter it")),
    "in the way of time off": At("/studio/time-off/new?who={lena}", "mara", then=take_weeks_off),
    "note of time off": At("{time_off}", "mara"),
    "services": At("/studio/settings/services", "mara"),
    "add a service": At("/studio/settings/services/new", "mara"),
    "service to edit": At("/studio/settings/services/1", "mara"),
    "service to edit, with errors": At(
        "/studio/settings/services/1",
        "mara",
        then=pressing("Save", name="", minutes_1="4", price_1="much"),
    ),
    "service in preview": At("/studio/settings/services/1", "mara", then=preview),
    "regions of the body": At("/studio/settings/body", "mara"),
    "region to edit": At("/studio/settings/body/1", "mara"),
    "region with errors": At("/studio/settings/body/1", "mara", then=pressing("Save", name="")),
    "kinds of work": At("/studio/settings/kinds", "mara"),
    "add a kind of work": At("/studio/settings/kinds/new", "mara"),
    "kind of work to edit": At("/studio/settings/kinds/1", "mara"),
    "practitioners to edit": At("/studio/settings/practitioners", "mara"),
    "add a practitioner": At("/studio/settings/practitioners/new", "mara"),
    "add a practitioner with errors": At(
        "/studio/settings/practitioners/new", "mara", then=pressing("Save", email="no address")
    ),
    "practitioner to edit": At("{offered_practitioner}", "mara"),
    "rooms to edit": At("/studio/settings/rooms", "mara"),
    "add a room": At("/studio/settings/rooms/new", "mara"),
    "room to edit": At("{offered_room}", "mara"),
    "my page": At("/studio/settings/profile", "lena"),
    "team": At("/studio/team", "mara"),
    "invite": At("/studio/team/invite", "mara"),
    "invite with errors": At("/studio/team/invite", "mara", then=pressing("Send the invitation")),
    "member": At("{member}", "mara"),
    "member with a second step": At("{safe_member}", "mara"),
    "signing in": At("/studio/security", "mara"),
    "what happened": At("/studio/trail", "mara"),
}

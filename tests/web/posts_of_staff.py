"""One valid post for each form of each route that the studio uses."""

from collections.abc import Callable

from booking.mail.models import MailState
from booking.studio.hours_forms import date_values
from booking.web.editing import digest
from tests import cast
from tests.web.post_ground import Sent
from tests.web.post_ways import (
    accept,
    as_written,
    in_studio,
    moved_by_staff,
    opened,
    over,
    undone_by_staff,
)
from tests.web.post_world import TOKEN, World

STAFF: dict[str, Callable[[World], Sent]] = {
    "studio.plan_series": over(
        "mara", "/studio/classes/new", name="Tai Chi", service=2, practitioner=2, room=0,
        first_on="2026-12-06", start="07:00", minutes=20, capacity=4, price="18", level="all",
        waitlist_mode="offer",
    ),
    "studio.change_series": lambda w: (
        w.visit("mara"), f"/studio/classes/series/{w.series()}",
        {"name": "Yoga again", "price": "20", "level": "all", "waitlist_mode": "offer"},
    ),
    "studio.mark_places": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_today()}/mark", {"status": "arrived"},
    ),
    "studio.walk_in": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of()}/walk-in",
        {"token": TOKEN, "regular": 0, "name": "Hugo"},
    ),
    "studio.do_change_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/change", w.a_change(),
    ),
    "studio.mail_again": lambda w: (
        w.visit("lena"), f"/studio/mails/{w.mail(MailState.SENT)}/again", {"token": TOKEN},
    ),
    "studio.retry_mail": lambda w: (
        w.visit("lena"), f"/studio/mails/{w.mail(MailState.PARKED)}/retry", {},
    ),
    "studio.retry_mails": lambda w: (
        w.visit("mara"), "/studio/mails/retry", {"mail": w.mail(MailState.FAILED)},
    ),
    "studio.do_cancel_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/cancel", {"scope": "this"},
    ),
    "studio.do_write_class": lambda w: (
        w.visit("lena"), f"/studio/classes/{w.class_of('Grace Hill')}/write",
        {"token": TOKEN, "subject": "Bring socks", "text": "It is cold."},
    ),
    "studio.change_class_rules": opened(
        "/studio/classes/rules", cancel_hours=6, offer_minutes=20, quiet_from="21:00",
        quiet_until="07:30", weeks=8, **{"reminders-0-number": 12, "reminders-0-unit": "hours"},
    ),
    "studio.do_book_for": over(
        "lena", "/studio/book", token=TOKEN, client="Hugo Bell", person="new", option=3,
        practitioner=2, start="2026-12-16T20:00Z", weeks=0, press="book",
    ),
    "studio.book_dates": over(
        "lena", "/studio/book/dates", token=TOKEN + "s", client="Hugo Bell", person="new",
        name="Hugo Bell", option=3, practitioner=2, weeks=1, times=2, first="2026-12-17T20:00Z",
        take_0="y", at_0="2026-12-17T20:00Z", seen_0="", take_1="y", at_1="2026-12-24T20:00Z",
    ),
    "studio.undo_booked": in_studio("undo-booked", revision=1),
    "studio.mark": in_studio("mark", day=23, status="arrived"),
    "studio.accept_request": lambda w: (
        w.visit("lena"), f"/studio/bookings/{w.request()}/accept", {},
    ),
    "studio.decline_request": lambda w: (
        w.visit("lena"), f"/studio/bookings/{w.request()}/decline", {"words": "Not then."},
    ),
    "studio.do_cancel": in_studio("cancel"),
    "payments.take": in_studio(
        "money", amount="30.50", method="card", paid_on="2026-11-22", seen=0, back="day"
    ),
    "payments.let_go": in_studio("money/let-go", amount_cents=8000, seen=0, back="money"),
    "payments.take_back": lambda w: (w.visit("lena"), *w.paid()),
    "studio.late": in_studio("late", day=23, tell="y"),
    "studio.note_done": in_studio(
        "done", done="The left hip, slowly.", seen=digest({"done": ""})
    ),
    "studio.do_move": moved_by_staff,
    "studio.undo": undone_by_staff,
    "studio.add_client": over("lena", "/studio/clients/new", name="Hugo", phone="", email=""),
    "studio.change_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/edit",
        {
            "name": "Cleo C", "phone": "", "way": "usual",
            "seen": digest({"name": "Cleo", "phone": "", "way": "usual", "leads": []}),
        },
    ),
    "studio.save_week_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/week", w.week(),
    ),
    "studio.save_date_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/date",
        {"day": "2026-12-24", "spells-0-opens": "10:00", "spells-0-closes": "12:00",
         "seen": digest(date_values(None))},
    ),
    "studio.remove_date_hours": lambda w: (
        w.visit("lena"), f"/studio/hours/{w.studio.lena}/date/remove", {"day": "2026-12-24"},
    ),
    "studio.add_break": lambda w: (
        w.visit("mara"), f"/studio/hours/{w.studio.lena}/breaks/new",
        {"on_3": "y", "starts": "12:00", "ends": "12:30", "note": "Lunch"},
    ),
    "studio.change_break": lambda w: (
        w.visit("lena"), f"/studio/hours/breaks/{cast.add_break(w.studio, w.now())}",
        {"on_2": "y", "starts": "12:00", "ends": "12:45", "seen": w.seen_break()},
    ),
    "studio.remove_break": lambda w: (
        w.visit("lena"), f"/studio/hours/breaks/{cast.add_break(w.studio, w.now())}/remove", {},
    ),
    "studio.add_absence": lambda w: (
        w.visit("lena"), "/studio/time-off/new",
        {"who": w.studio.lena, "from-day": "2027-06-02", "until-day": "2027-06-03"},
    ),
    "studio.change_absence": lambda w: (
        w.visit("lena"), f"/studio/time-off/{w.time_off()}",
        {"note": "Away", "seen": digest({"note": "The dentist"})},
    ),
    "studio.remove_absence": lambda w: (
        w.visit("lena"), f"/studio/time-off/{w.time_off()}/remove", {},
    ),
    "studio.choose_holidays": over(
        "mara", "/studio/closed-days/holidays?country=US&region=FL&year=2026", day_20261225="y"
    ),
    "studio.close_day": lambda w: (
        w.visit("mara"), "/studio/closed-days", {"day": w.another_day(), "name": "Cleaning"},
    ),
    "studio.open_day": lambda w: (w.visit("mara"), f"/studio/closed-days/{w.closed()}/open", {}),
    "studio.note_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/note", {"note": "Sits badly."} | w.no_mark(),
    ),
    "studio.invite_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/invitations",
        {f"service_{w.by_invitation()}": "y"},
    ),
    "studio.flag_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/flags", {f"flag_{w.flag()}": "y"},
    ),
    "studio.block_client": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/block", {"block": "y"},
    ),
    "studio.retry_address": lambda w: (
        w.visit("mara"), f"/studio/clients/{w.child()}/address", {"refused": w.refused()},
    ),
    "studio.add_flag": over("mara", "/studio/clients/flags", name="Deposit", colour="gold"),
    "studio.change_flag": lambda w: (
        w.visit("mara"), f"/studio/clients/flags/{w.flag()}", {"name": "Late", "colour": "plum"},
    ),
    "studio.remove_flag": lambda w: (
        w.visit("mara"), f"/studio/clients/flags/{w.flag()}/remove", {},
    ),
    "studio.two_people": lambda w: (
        w.visit("mara"), "/studio/clients/duplicates",
        dict(zip(("one", "other"), w.twins(), strict=True)),
    ),
    "studio.do_merge": lambda w: (
        w.visit("mara"), "/studio/clients/{}/merge/{}".format(*w.twins()), {},
    ),
    "studio.undo_merge": lambda w: (
        w.visit("mara"), f"/studio/clients/merges/{w.merged()}/undo", {},
    ),
    "studio.upload_clients": lambda w: (
        w.visit("mara"), "/studio/clients/import", {"file": (w.file(), "list.csv")},
    ),
    "studio.map_import": lambda w: (
        w.visit("mara"), f"/studio/clients/import/{w.list()}",
        {"column_0": "name", "column_1": "phone", "headings": "y"},
    ),
    "studio.run_import": lambda w: (
        w.visit("mara"), f"/studio/clients/import/{w.list()}/run", {},
    ),
    "studio.do_client_export": over("mara", "/studio/clients/export"),
    "studio.do_invite": over(
        "mara", "/studio/team/invite", email="yan@example.com", role="practitioner", practitioner=0
    ),
    "studio.withdraw": lambda w: (
        w.visit("mara"), f"/studio/team/invitations/{w.invited('x@example.com').id}/withdraw", {},
    ),
    "studio.accept": accept,
    "studio.reset_factor": lambda w: w.member("reset-factor"),
    "studio.change_role": lambda w: w.member("role", role="practitioner"),
    "studio.end_member": lambda w: w.member("end"),
    "studio.resume_member": lambda w: w.member("resume"),
    "studio.change_security": over("mara", "/studio/security", days="never"),
    "writing.add_article": lambda w: as_written(w, "", title="On knees", press="publish"),
    "writing.change_article": lambda w: as_written(w, w.article(), title="On knees, again"),
    "writing.keep_new": lambda w: as_written(w, "", "/new/draft", title="On feet", press=""),
    "writing.keep": lambda w: as_written(w, w.article(), "/{}/draft", title="Feet", press=""),
    "writing.archive": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/archive", {},
    ),
    "writing.bring_back": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article(is_archived=True)}/bring-back", {},
    ),
    "writing.discard": lambda w: (
        w.visit("mara"), f"/studio/articles/drafts/{w.typed()}/discard", {},
    ),
    "writing.restore": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/versions/1/restore", {},
    ),
    "writing.make_link": lambda w: (
        w.visit("mara"), f"/studio/articles/{w.article()}/links", {},
    ),
    "writing.end_link": lambda w: (
        w.visit("mara"), "/studio/articles/{}/links/{}/end".format(*w.preview()), {},
    ),
    "writing.add_picture": lambda w: (
        w.visit("mara"), "/studio/articles/pictures",
        {"file": (w.picture(), "field.png"), "alt": "A field"},
    ),
    "writing.change_picture": lambda w: (
        w.visit("mara"), f"/studio/articles/pictures/{w.kept_picture()}", {"alt": "A meadow"},
    ),
    "writing.add_topic": over("mara", "/studio/articles/topics", name="Sleep"),
    "writing.change_topic": lambda w: (
        w.visit("mara"), f"/studio/articles/topics/{w.topic('Elbow')}", {"name": "The elbow"},
    ),
    "writing.merge_topic": lambda w: (
        w.visit("mara"), f"/studio/articles/topics/{w.topic('Wrist')}/join",
        {"into": w.topic("Hand")},
    ),
}  # fmt: skip

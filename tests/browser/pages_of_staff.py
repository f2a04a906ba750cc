"""The pages of those who work here."""

from tests.browser.page_ways import (
    At,
    ask_the_doctor,
    book_a_caller,
    book_at_night,
    every_other_week,
    look_ahead,
    look_at_zone,
    pressing,
    preview,
    take_weeks_off,
    too_long_a_note,
    try_a_mail,
    try_rules,
    type_on,
)

STAFF: dict[str, At] = {
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
    "which mails go": At("/studio/settings/which-mails", "mara"),
    "which mails go with errors": At(
        "/studio/settings/which-mails", "mara", then=pressing("Save", aftercare_days="999")
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
    "what mails say": At("/studio/settings/mail/words", "mara"),
    "what a mail says": At("/studio/settings/mail/words/confirmed/en", "mara"),
    "what a mail says, tried": At(
        "/studio/settings/mail/words/reminder/en", "mara", then=try_a_mail
    ),
    "what a mail says, with errors": At(
        "/studio/settings/mail/words/confirmed/es",
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

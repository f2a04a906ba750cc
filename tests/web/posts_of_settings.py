"""One valid post for each form of each route of the settings."""

from collections.abc import Callable

from tests.web.post_ground import Sent
from tests.web.post_ways import (
    as_shown,
    opened,
    over,
)
from tests.web.post_world import TOKEN, World

SETTINGS: dict[str, Callable[[World], Sent]] = {
    "settings.change_openings": as_shown(
        "openings", gap_mode="prefer", gap_minutes=45, day_1="y", new_notice_hours=48,
        new_from="09:00", new_until="15:00", new_approval="y", answer_hours=12,
    ),
    "settings.change_which_mails": as_shown("which-mails", come_back="y"),
    "settings.change_service_reminders": as_shown(
        "services/1/reminders", way="own", **{"leads-0-number": 2, "leads-0-unit": "days"}
    ),
    "settings.change_notices": lambda w: opened(
        f"/studio/settings/notices/{w.studio.lena}", "lena", has_sheet="y"
    )(w),
    "settings.change_limits": lambda w: opened(
        f"/studio/settings/limits/{w.studio.lena}", "lena", day_sessions=4
    )(w),
    "settings.add_service": over(
        "mara", "/studio/settings/services/new", category=1, name="Foot massage", drawing="leaf",
        before=0, after=10, order="n1", minutes_n1=40, price_n1="62.50", press="",
    ),
    "settings.change_service": opened(
        "/studio/settings/services/1", name="Long massage", press="", summary="", about="",
        preparation="", drawing="leaf", after=20, price_1="99",
    ),
    "settings.add_kind": over(
        "mara", "/studio/settings/kinds/new", name="Reiki", drawing="leaf",
    ),
    "settings.change_kind": opened(
        "/studio/settings/kinds/1", name="Massages", drawing="leaf", summary="", about="",
    ),
    "settings.add_practitioner": over(
        "mara", "/studio/settings/practitioners/new", name="Mei Tan", email="m@example.com",
    ),
    "settings.change_practitioner": lambda w: opened(
        f"/studio/settings/practitioners/{w.studio.marco}", name="Marco R", title="Masseur",
        about="", licence="", email="",
    )(w),
    "settings.add_room": over("mara", "/studio/settings/rooms/new", name="Loft", about="Up."),
    "settings.change_room": lambda w: opened(
        f"/studio/settings/rooms/{w.studio.hall}", name="The hall", about="",
    )(w),
    "settings.begin_body": over("mara", "/studio/settings/body/begin"),
    "settings.switch_body": lambda w: (w.regions(), as_shown("body")(w))[1],
    "settings.change_region": lambda w: (
        w.regions(), opened("/studio/settings/body/1", name="Head", about="", doctor="")(w),
    )[1],
    "settings.place_region": lambda w: (
        w.regions(), over("mara", "/studio/settings/body/1/place", before=0)(w),
    )[1],
    "settings.place_row": over("mara", "/studio/settings/kinds/1/place", before=0),
    "settings.archive_row": over("mara", "/studio/settings/services/2/archive"),
    "settings.bring_back_row": over("mara", "/studio/settings/services/2/bring-back"),
    "settings.change_profile": opened(
        "/studio/settings/profile", "lena", title="Trainer", about="Strong.", licence="",
    ),
    "settings.change_practice": as_shown("practice", name="Quiet House"),
    "settings.change_money": as_shown("money", currency="EUR"),
    "settings.change_zone": as_shown(
        "zone", zone="America/Chicago", looked_at="America/Chicago", sure="y"
    ),
    "settings.change_policies": as_shown("policies", cancel=2),
    "settings.change_accent": as_shown("look", "look/accent", accent="#7a1fa2"),
    "settings.change_logo": lambda w: (
        w.visit("mara"), "/studio/settings/look/logo", {"logo": (w.picture(), "logo.png")},
    ),
    "settings.remove_logo": over("mara", "/studio/settings/look/logo/remove"),
    "settings.change_mail": as_shown("mail", sender_name="Mara"),
    "settings.run_doctor": over("mara", "/studio/settings/doctor"),
    "settings.trust_clock": lambda w: (
        w.visit("mara"), "/studio/settings/doctor/clock", w.clock_back(),
    ),
    "settings.change_own_words": as_shown("mail/words/confirmed/en", subject="See you, {client}"),
    "settings.retry_address": lambda w: (
        w.visit("mara"), f"/studio/settings/mail/addresses/{w.refused()}", {},
    ),
    "settings.send_test": over("mara", "/studio/settings/mail/test", token=TOKEN),
    "settings.change_legal_text": as_shown("legal/privacy", body="Little.", do="publish"),
}  # fmt: skip

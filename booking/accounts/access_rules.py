"""The table of who may come in where, read by the guard and by the tests.

A route without a line answers 404 to everybody and fails the test that walks the URL map.
"""

from dataclasses import dataclass
from enum import Enum


class Who(Enum):
    EVERYONE = "everyone"
    HALF_WAY = "signed in, the second factor still to be given"
    SIGNED_IN = "signed in"
    STAFF = "practitioners and managers"
    MANAGER = "managers"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route and, with `owner`, the look-up that must find it theirs.

    A fresh route asks for a new proof of who sits there when the last one is a while ago.
    """

    who: Who
    owner: str | None = None
    is_fresh: bool = False


EVERYONE = Rule(Who.EVERYONE)
OF_VISITOR = Rule(Who.EVERYONE, owner="hold")
BY_LINK = Rule(Who.EVERYONE, owner="link")
BY_PLACES = Rule(Who.EVERYONE, owner="places")
BY_LINE = Rule(Who.EVERYONE, owner="waiting")
HALF_WAY = Rule(Who.HALF_WAY)
SIGNED_IN = Rule(Who.SIGNED_IN)
FRESH = Rule(Who.SIGNED_IN, is_fresh=True)
OF_ACCOUNT = Rule(Who.SIGNED_IN, owner="person")
OF_DEVICE = Rule(Who.SIGNED_IN, owner="device")
STAFF = Rule(Who.STAFF)
OF_PRACTITIONER = Rule(Who.STAFF, owner="booking")
OF_TEACHER = Rule(Who.STAFF, owner="class_session")
OF_SERIES = Rule(Who.STAFF, owner="series")
OF_GIVER = Rule(Who.STAFF, owner="giver")
OF_CLIENT = Rule(Who.STAFF, owner="client")
OF_HOURS = Rule(Who.STAFF, owner="hours")
OF_BREAK = Rule(Who.STAFF, owner="break")
OF_ABSENCE = Rule(Who.STAFF, owner="absence")
OF_RECEIPT = Rule(Who.STAFF, owner="receipt")
OWN_RECEIPT = Rule(Who.SIGNED_IN, owner="own_receipt")
OF_PROFILE = Rule(Who.STAFF, owner="profile")
MANAGER = Rule(Who.MANAGER)
FRESH_MANAGER = Rule(Who.MANAGER, is_fresh=True)

# The editors of what is offered: each has a list, a page for a new one and one for a change.
OFFERED = ("kind", "service", "practitioner", "room")
EDITED = ("{}s", "new_{}", "add_{}", "{}", "change_{}")

RULES: dict[str, Rule] = {
    "static": EVERYONE,
    "house.look": EVERYONE,
    "house.logo": EVERYONE,
    "house.legal_page": EVERYONE,
    "scheduling.home": EVERYONE,
    "scheduling.category": EVERYONE,
    "scheduling.service": EVERYONE,
    "scheduling.month": EVERYONE,
    "classes.timetable": EVERYONE,
    "classes.series": EVERYONE,
    "catalog.practitioners": EVERYONE,
    "catalog.practitioner": EVERYONE,
    "catalog.room": EVERYONE,
    "catalog.about": EVERYONE,
    "articles.index": EVERYONE,
    "articles.show": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.send_link": EVERYONE,
    "accounts.by_password": EVERYONE,
    "accounts.open_link": EVERYONE,
    "accounts.use_link": EVERYONE,
    "accounts.sign_out": HALF_WAY,
    "accounts.sign_up": EVERYONE,
    "accounts.do_sign_up": EVERYONE,
    "accounts.my_address": EVERYONE,
    "accounts.do_my_address": EVERYONE,
    "accounts.forgotten": EVERYONE,
    "accounts.do_forgotten": EVERYONE,
    "accounts.new_password": EVERYONE,
    "accounts.do_new_password": EVERYONE,
    "accounts.confirm_address": SIGNED_IN,
    "accounts.do_confirm_address": SIGNED_IN,
    "accounts.second_factor": HALF_WAY,
    "accounts.do_second_factor": HALF_WAY,
    "accounts.set_up_factor": Rule(Who.HALF_WAY, is_fresh=True),
    "accounts.do_set_up_factor": Rule(Who.HALF_WAY, is_fresh=True),
    "accounts.renew_codes": FRESH,
    "accounts.turn_off_factor": FRESH,
    "accounts.prove": HALF_WAY,
    "accounts.do_prove": HALF_WAY,
    "accounts.overview": SIGNED_IN,
    "accounts.change_details": SIGNED_IN,
    "accounts.password": FRESH,
    "accounts.change_password": FRESH,
    "accounts.address": FRESH,
    "accounts.change_address": FRESH,
    "accounts.devices": SIGNED_IN,
    "accounts.end_device": OF_DEVICE,
    "accounts.end_others": SIGNED_IN,
    "accounts.people": SIGNED_IN,
    "accounts.new_person": SIGNED_IN,
    "accounts.add_person": SIGNED_IN,
    "accounts.person": OF_ACCOUNT,
    "accounts.change_person": OF_ACCOUNT,
    "accounts.remove_person": OF_ACCOUNT,
    "accounts.do_remove_person": OF_ACCOUNT,
    "accounts.data": SIGNED_IN,
    "accounts.history": SIGNED_IN,
    "accounts.export": FRESH,
    "accounts.do_export": FRESH,
    "accounts.close": FRESH,
    "accounts.do_close": FRESH,
    "bookings.hold": EVERYONE,
    "bookings.details": OF_VISITOR,
    "bookings.book": OF_VISITOR,
    "bookings.let_go": OF_VISITOR,
    "bookings.manage": BY_LINK,
    "bookings.calendar": BY_LINK,
    "bookings.undo": BY_LINK,
    "bookings.cancel": BY_LINK,
    "bookings.do_cancel": BY_LINK,
    "bookings.move": BY_LINK,
    "bookings.do_move": BY_LINK,
    "bookings.acknowledge": BY_LINK,
    "bookings.class_details": EVERYONE,
    "bookings.book_class": EVERYONE,
    "bookings.wait_for_class": EVERYONE,
    "bookings.term": EVERYONE,
    "bookings.book_term": EVERYONE,
    "bookings.enrolment": BY_PLACES,
    "bookings.undo_places": BY_PLACES,
    "bookings.wish": EVERYONE,
    "bookings.do_wish": EVERYONE,
    "bookings.waiting": BY_LINE,
    "bookings.take_offer": BY_LINE,
    "bookings.decline_offer": BY_LINE,
    "bookings.leave_line": BY_LINE,
    "bookings.mine": SIGNED_IN,
    "bookings.reminders": SIGNED_IN,
    "bookings.choose_reminders": SIGNED_IN,
    "payments.my_receipt": OWN_RECEIPT,
    "payments.receipt_by_link": BY_LINK,
    "payments.booking": OF_PRACTITIONER,
    "payments.take": OF_PRACTITIONER,
    "payments.let_go": OF_PRACTITIONER,
    "payments.take_back": OF_PRACTITIONER,
    "payments.receipt": OF_RECEIPT,
    "payments.book": STAFF,
    "payments.unpaid": STAFF,
    "payments.download": STAFF,
    "studio.today": STAFF,
    "studio.day": STAFF,
    "studio.week": STAFF,
    "studio.week_of": STAFF,
    "studio.grid": STAFF,
    "studio.booking": OF_PRACTITIONER,
    "studio.note_done": OF_PRACTITIONER,
    "studio.move": OF_PRACTITIONER,
    "studio.do_move": OF_PRACTITIONER,
    "studio.late": OF_PRACTITIONER,
    "studio.undo": OF_PRACTITIONER,
    "studio.book_for": STAFF,
    "studio.do_book_for": STAFF,
    "studio.book_dates": STAFF,
    "studio.callers": STAFF,
    "studio.undo_booked": OF_PRACTITIONER,
    "studio.mark": OF_PRACTITIONER,
    "studio.requests": STAFF,
    "studio.accept_request": OF_PRACTITIONER,
    "studio.decline_request": OF_PRACTITIONER,
    "studio.cancel": OF_PRACTITIONER,
    "studio.do_cancel": OF_PRACTITIONER,
    "studio.classes": STAFF,
    "studio.new_series": STAFF,
    "studio.plan_series": STAFF,
    "studio.series": OF_SERIES,
    "studio.change_series": OF_SERIES,
    "studio.class_session": OF_TEACHER,
    "studio.mark_places": OF_TEACHER,
    "studio.walk_in": OF_TEACHER,
    "studio.change_class": OF_TEACHER,
    "studio.do_change_class": OF_TEACHER,
    "studio.cancel_class": OF_TEACHER,
    "studio.do_cancel_class": OF_TEACHER,
    "studio.write_class": OF_TEACHER,
    "studio.do_write_class": OF_TEACHER,
    "studio.class_rules": MANAGER,
    "studio.change_class_rules": MANAGER,
    "studio.hours_index": STAFF,
    "studio.hours": OF_HOURS,
    "studio.week_hours": OF_HOURS,
    "studio.save_week_hours": OF_HOURS,
    "studio.date_hours": OF_HOURS,
    "studio.save_date_hours": OF_HOURS,
    "studio.remove_date_hours": OF_HOURS,
    "studio.new_break": OF_HOURS,
    "studio.add_break": OF_HOURS,
    "studio.edit_break": OF_BREAK,
    "studio.change_break": OF_BREAK,
    "studio.remove_break": OF_BREAK,
    "studio.absences": STAFF,
    "studio.new_absence": STAFF,
    "studio.add_absence": STAFF,
    "studio.absence": OF_ABSENCE,
    "studio.change_absence": OF_ABSENCE,
    "studio.remove_absence": OF_ABSENCE,
    "studio.closed_days": MANAGER,
    "studio.choose_holidays": MANAGER,
    "studio.close_day": MANAGER,
    "studio.open_day": MANAGER,
    "studio.clients": STAFF,
    "studio.new_client": STAFF,
    "studio.add_client": STAFF,
    "studio.client": OF_CLIENT,
    "studio.edit_client": OF_CLIENT,
    "studio.change_client": OF_CLIENT,
    "studio.note_client": OF_CLIENT,
    "studio.flag_client": OF_CLIENT,
    "studio.invite_client": OF_CLIENT,
    "studio.block_client": OF_CLIENT,
    "studio.retry_address": OF_CLIENT,
    "studio.client_flags": MANAGER,
    "studio.add_flag": MANAGER,
    "studio.change_flag": MANAGER,
    "studio.remove_flag": MANAGER,
    "studio.duplicates": MANAGER,
    "studio.two_people": MANAGER,
    "studio.merge": MANAGER,
    "studio.do_merge": MANAGER,
    "studio.undo_merge": MANAGER,
    "studio.import_clients": MANAGER,
    "studio.upload_clients": MANAGER,
    "studio.client_import": MANAGER,
    "studio.map_import": MANAGER,
    "studio.run_import": MANAGER,
    "studio.client_export": FRESH_MANAGER,
    "studio.do_client_export": FRESH_MANAGER,
    "studio.team": MANAGER,
    "studio.invite": FRESH_MANAGER,
    "studio.do_invite": FRESH_MANAGER,
    "studio.withdraw": MANAGER,
    "studio.member": FRESH_MANAGER,
    "studio.change_role": FRESH_MANAGER,
    "studio.end_member": FRESH_MANAGER,
    "studio.resume_member": FRESH_MANAGER,
    "studio.reset_factor": FRESH_MANAGER,
    "studio.invitation": EVERYONE,
    "studio.accept": EVERYONE,
    "studio.security": FRESH_MANAGER,
    "studio.change_security": FRESH_MANAGER,
    "studio.trail": MANAGER,
    "settings.index": STAFF,
    "settings.openings": MANAGER,
    "settings.change_openings": MANAGER,
    "settings.limits": STAFF,
    "settings.limits_of": OF_GIVER,
    "settings.change_limits": OF_GIVER,
    "settings.legal": STAFF,
    "settings.legal_version": STAFF,
    **{f"settings.{way.format(one)}": MANAGER for one in OFFERED for way in EDITED},
    "settings.place_row": MANAGER,
    "settings.archive_row": MANAGER,
    "settings.bring_back_row": MANAGER,
    "settings.profile": OF_PROFILE,
    "settings.change_profile": OF_PROFILE,
} | dict.fromkeys(
    (
        "settings.practice", "settings.change_practice", "settings.money", "settings.change_money",
        "settings.zone", "settings.change_zone", "settings.policies", "settings.change_policies",
        "settings.look", "settings.change_accent", "settings.change_logo", "settings.remove_logo",
        "settings.mail", "settings.change_mail", "settings.send_test", "settings.retry_address",
        "settings.legal_text", "settings.change_legal_text",
    ),
    MANAGER,
)  # fmt: skip

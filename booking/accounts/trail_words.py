"""The audit trail in words."""

from flask_babel import gettext as _

from booking.accounts.models import Audit


def trail_words(row: Audit) -> str:
    """Say what one row tells, as a person would."""
    return _actions().get(row.action, row.action.replace("_", " "))


def _actions() -> dict[str, str]:
    return {
        "created": _("Added"),
        "changed": _("Details changed"),
        "adopted": _("A guest’s bookings came into the account"),
        "merged": _("Two entries for one person became one"),
        "unmerged": _("One entry became two again"),
        "note_changed": _("Private note changed"),
        "flags_changed": _("Flags changed"),
        "blocked": _("Blocked"),
        "invited_to": _("Invited to services that are by invitation"),
        "unblocked": _("No longer blocked"),
        "imported": _("A list of clients taken in"),
        "removed": _("Taken away"),
        "erased": _("Person erased"),
        "looked": _("Record opened"),
        "signed_in": _("Signed in"),
        "signed_out": _("Signed out"),
        "password_changed": _("Password changed"),
        "address_asked": _("A new address was asked for"),
        "mails_chosen": _("Mails chosen"),
        "address_changed": _("Address changed"),
        "address_retried": _("Mails are sent again to an address that was refused"),
        "language_changed": _("Language changed"),
        "reminders_changed": _("Reminders changed"),
        "second_factor_on": _("Second step set up"),
        "second_factor_changed": _("Second step set up anew"),
        "second_factor_off": _("Second step taken away"),
        "recovery_code_used": _("Recovery code used"),
        "recovery_codes_renewed": _("New recovery codes made"),
        "exported": _("Data taken out"),
        "closed": _("Account closed"),
        "role": _("Role changed"),
        "invited": _("Invited"),
        "withdrawn": _("Invitation withdrawn"),
        "ended": _("Left the team"),
        "resumed": _("Came back to the team"),
        "setting": _("Setting changed"),
        "published": _("Legal text published"),
        "article_written": _("Article written"),
        "article_changed": _("Article changed"),
        "article_draft": _("Article made a draft again"),
        "article_planned": _("Article planned"),
        "article_published": _("Article published"),
        "article_archived": _("Article archived"),
        "article_restored": _("Earlier text of an article brought back"),
        "preview_linked": _("Link made to show an article"),
        "preview_ended": _("Link to an article ended"),
        "picture_described": _("Words of a picture changed"),
        "topic_added": _("Topic added"),
        "topic_renamed": _("Topic called otherwise"),
        "topics_joined": _("Two topics became one"),
        "archived": _("Archived"),
        "brought_back": _("Brought back"),
        "ordered": _("Put in another place of its list"),
        "booked": _("Booked"),
        "moved": _("Moved"),
        "move_undone": _("Move undone"),
        "undone": _("Undone"),
        "restored": _("Taken back that it was cancelled"),
        "done_noted": _("What was done was written down"),
        "cancelled": _("Cancelled"),
        "joined": _("Joined a waiting list"),
        "offered": _("Offered what became free"),
        "declined": _("Said no to an offer"),
        "line_served": _("Got what they waited for"),
        "line_left": _("Left a waiting list"),
        "line_ended": _("A waiting list came to its end"),
        "planned": _("Class planned"),
        "ends": _("Class comes to an end"),
        "written": _("Message sent to a class"),
        "mail_again": _("A mail sent again"),
        "mail_retried": _("A mail that was stuck tried again"),
        "clock_trusted": _("The clock of the machine was said to be right"),
        "hours_changed": _("Hours changed"),
        "date_changed": _("Hours of one date changed"),
        "breaks_changed": _("Breaks changed"),
        "closed_days": _("Closed days changed"),
        "time_off": _("Time off entered"),
        "time_off_changed": _("Words for time off changed"),
        "time_off_removed": _("Time off removed"),
        "late_cancelled": _("Cancelled late"),
        "acknowledged": _("“I’ll be there”"),
        "arrived": _("Marked as arrived"),
        "no_show": _("Marked as not come"),
        "paid": _("Paid"),
        "paid_back": _("Payment taken back"),
        "let_go": _("Let go of what was still open"),
    }


def actor_words(row: Audit) -> str:
    """Say who did it, by kind: who of the staff it was is for the manager's page."""
    kind = row.actor.partition(":")[0]
    known = {
        "staff": _("the studio"),
        "client": _("the account’s owner"),
        "account": _("the account’s owner"),
        "guest": _("a guest with a link"),
        "system": _("the system"),
    }
    return known.get(kind, kind)


def table_words(name: str) -> str:
    """Say what a table of the export holds."""
    known = {
        "account": _("Your account"),
        "person": _("You and your people"),
        "account_session": _("Devices"),
        "recovery_code": _("Recovery codes (without the codes)"),
        "one_time_token": _("Links sent to you (without the links)"),
        "invitation": _("Invitations to the team"),
        "outgoing_mail": _("Mails"),
        "refused_address": _("Address at which mails did not arrive"),
        "booking": _("Bookings"),
        "agreed_time": _("Times agreed"),
        "booking_move": _("Moves"),
        "booking_repeat": _("Sessions booked at once"),
        "reminder": _("Reminders planned"),
        "enrolment": _("Places booked together"),
        "payment": _("Payments"),
        "receipt": _("Receipts"),
        "waitlist_entry": _("Waiting lists"),
        "offer": _("Offers from waiting lists"),
        "client_note": _("Notes about you"),
        "person_flag": _("Flags"),
        "person_merge": _("Entries that became one"),
        "two_people": _("Entries that look alike"),
        "audit": _("What happened"),
    }
    return known.get(name, name.replace("_", " "))

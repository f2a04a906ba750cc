"""The practice: one row of what the owner decides, from its name to its policies."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Integer, false
from sqlalchemy.orm import Mapped, mapped_column

from booking.columns import CleanText, check, choice
from booking.database import Model
from booking.domain.availability import Spell, WeeklyHours
from booking.domain.policies import GapMode, Newcomer, Policy
from booking.domain.zones import load_zone


class Practice(Model):
    """Exactly one row (id 1); lengths are minutes unless the name says days."""

    __tablename__ = "practice"
    __table_args__ = (
        check("one_row", "id = 1"),
        check("grid", "grid_minutes BETWEEN 5 AND 240"),
        check("furthest", "furthest_days BETWEEN 1 AND 730"),
        check("hold", "hold_minutes BETWEEN 1 AND 60"),
        check("offer", "offer_minutes BETWEEN 5 AND 720"),
        check("class_days", "class_days BETWEEN 7 AND 400"),
        check("gap_minutes", "gap_minutes BETWEEN 5 AND 240"),
        check("answer_minutes", "answer_minutes BETWEEN 30 AND 10080"),
        check("aftercare_at", "aftercare_at BETWEEN 0 AND 1439"),
        check("aftercare_days", "aftercare_days BETWEEN 0 AND 730"),
        check("sheet_at", "sheet_at BETWEEN 0 AND 1439"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(CleanText(120))
    headline: Mapped[str] = mapped_column(CleanText(160), default="")
    introduction: Mapped[str] = mapped_column(CleanText(), default="")
    about: Mapped[str] = mapped_column(CleanText(), default="")
    address: Mapped[str] = mapped_column(CleanText(), default="")
    directions: Mapped[str] = mapped_column(CleanText(), default="")
    phone: Mapped[str] = mapped_column(CleanText(40), default="")
    email: Mapped[str] = mapped_column(CleanText(254), default="")
    licence: Mapped[str] = mapped_column(CleanText(120), default="")

    zone_name: Mapped[str] = mapped_column(CleanText(64), default="America/New_York")
    currency: Mapped[str] = mapped_column(CleanText(3), default="USD")
    locale: Mapped[str] = mapped_column(CleanText(16), default="en_US")
    # The languages that people may choose for themselves.
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en", "es"])

    # A colour of the practice's own as #rrggbb, empty for ours.
    accent: Mapped[str] = mapped_column(CleanText(7), default="")
    # The logo, whose bytes are in a table of their own: their digest (empty for none), its pixels,
    # whether the name stands in it, and the paper it needs behind it: light, dark or either.
    logo_version: Mapped[str] = mapped_column(CleanText(16), default="")
    logo_width: Mapped[int] = mapped_column(default=0)
    logo_height: Mapped[int] = mapped_column(default=0)
    logo_has_name: Mapped[bool] = mapped_column(default=False)
    logo_paper: Mapped[str] = mapped_column(CleanText(5), default="")

    # Who mails are from, when it is not simply the practice, and where answers go.
    sender_name: Mapped[str] = mapped_column(CleanText(120), default="")
    reply_to: Mapped[str] = mapped_column(CleanText(254), default="")
    # Whether clients are shown the figure of the body, "Where does it hurt?".
    shows_body: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Subjects and calendar files say "Appointment": others may see a telephone's locked screen.
    discreet_mails: Mapped[bool] = mapped_column(default=False)
    # The published version of each legal text, by its kind: the footer asks on every page.
    legal_versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    notice_minutes: Mapped[int] = mapped_column(default=120)
    furthest_days: Mapped[int] = mapped_column(default=60)
    grid_minutes: Mapped[int] = mapped_column(default=30)
    hold_minutes: Mapped[int] = mapped_column(default=10)
    undo_minutes: Mapped[int] = mapped_column(default=3)
    cancel_minutes: Mapped[int] = mapped_column(default=24 * 60)
    move_minutes: Mapped[int] = mapped_column(default=12 * 60)
    open_bookings: Mapped[int] = mapped_column(default=5)
    reminder_leads: Mapped[list[int]] = mapped_column(JSON, default=lambda: [48 * 60, 3 * 60])
    quiet_from: Mapped[int] = mapped_column(default=21 * 60)
    quiet_until: Mapped[int] = mapped_column(default=8 * 60)
    class_cancel_minutes: Mapped[int] = mapped_column(default=8 * 60)
    class_reminder_leads: Mapped[list[int]] = mapped_column(JSON, default=lambda: [12 * 60])
    # Mails that are a matter of choice, and the minutes of the day at which they go: what to read
    # the day after a session (the same service within so many days brings none again), a word to
    # who stays away, notes of a late cancellation and of a missed session, the morning sheet.
    aftercare: Mapped[bool] = mapped_column(default=True)
    aftercare_at: Mapped[int] = mapped_column(default=10 * 60)
    aftercare_days: Mapped[int] = mapped_column(default=28)
    come_back: Mapped[bool] = mapped_column(default=False)
    late_note: Mapped[bool] = mapped_column(default=False)
    no_show_note: Mapped[bool] = mapped_column(default=False)
    sheet_at: Mapped[int] = mapped_column(default=7 * 60)
    # How long a freed place or time stays offered to who waited for it, and how far ahead the
    # sessions of a class are planned.
    offer_minutes: Mapped[int] = mapped_column(default=30)
    class_days: Mapped[int] = mapped_column(default=70)
    # What becomes of times that would leave a stretch too short to be of use.
    gap_mode: Mapped[GapMode] = mapped_column(choice(GapMode, "gap_mode"), default=GapMode.OFF)
    gap_minutes: Mapped[int] = mapped_column(default=30)
    # First-time clients: their notice, the weekdays (Monday 0) and hours offered to them (none is
    # any), whether the practitioner is asked first, and how long that may take.
    new_notice_minutes: Mapped[int] = mapped_column(default=0)
    new_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    new_from: Mapped[int] = mapped_column(default=0)
    new_until: Mapped[int] = mapped_column(default=24 * 60)
    new_approval: Mapped[bool] = mapped_column(default=False)
    answer_minutes: Mapped[int] = mapped_column(default=24 * 60)
    # Days after their first sign-in that staff may work without a second factor: 0 is at once,
    # None is never asked, which is for a demo. (Without evaluates_none, the default would take
    # the place of a None that is meant.)
    second_factor_days: Mapped[int | None] = mapped_column(Integer().evaluates_none(), default=0)
    policy_version: Mapped[int] = mapped_column(Integer, default=1)
    policy_on: Mapped[date | None] = mapped_column(default=None)

    @property
    def zone(self) -> ZoneInfo:
        return load_zone(self.zone_name)

    @property
    def newcomer(self) -> Newcomer:
        """What holds for first-time clients."""
        is_limited = self.new_days or (self.new_from, self.new_until) != (0, 24 * 60)
        spell = Spell(self.new_from, self.new_until)
        days = (self.new_days or range(7)) if is_limited else ()
        return Newcomer(
            notice_minutes=self.new_notice_minutes,
            hours=tuple(WeeklyHours(day, spell) for day in days),
            needs_approval=self.new_approval,
        )

    @property
    def policy(self) -> Policy:
        """The rules in the form the domain reads."""
        return Policy(
            notice_minutes=self.notice_minutes,
            furthest_days=self.furthest_days,
            grid_minutes=self.grid_minutes,
            hold_minutes=self.hold_minutes,
            undo_minutes=self.undo_minutes,
            cancel_minutes=self.cancel_minutes,
            move_minutes=self.move_minutes,
            open_bookings=self.open_bookings,
            reminder_leads=tuple(self.reminder_leads),
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            class_reminder_leads=tuple(self.class_reminder_leads),
            gap_mode=self.gap_mode,
            gap_minutes=self.gap_minutes,
            newcomer=self.newcomer,
        )

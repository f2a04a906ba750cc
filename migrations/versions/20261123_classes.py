"""Classes: series and their sessions, places in them, waiting lists and offers.

Revision: 20261123_classes
Follows: 20261122_accounts

SQLite changes a CHECK only by copying the table. `booking` carries no trigger, and `env.py`
switches the foreign keys off around migrations and asks them afterwards, so nothing is lost.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from booking.columns import Cents, CleanText, UTCDateTime, WallTime

revision = "20261123_classes"
down_revision = "20261122_accounts"
branch_labels = None
depends_on = None

LIVE = "status IN ('requested', 'booked', 'arrived', 'no_show')"
OPEN = "state IN ('waiting', 'offered')"
IS_OPEN = "state = 'open'"
# The house named its CHECKs twice over.
OLD_CHECK = "ck_booking_ck_booking_claim"

NEW_TABLES = (
    "offer", "waitlist_entry", "skipped_date", "enrolment", "class_session", "class_series",
)  # fmt: skip

# The same words on both engines; SQLite keeps a CHECK that stands with its column.
PRACTICE = {
    "class_cancel_minutes": "INTEGER DEFAULT 480 NOT NULL",
    "class_reminder_leads": "JSON DEFAULT '[720]' NOT NULL",
    "offer_minutes": "INTEGER DEFAULT 30 NOT NULL "
    "CONSTRAINT ck_practice_offer CHECK (offer_minutes BETWEEN 5 AND 720)",
    "class_days": "INTEGER DEFAULT 70 NOT NULL "
    "CONSTRAINT ck_practice_class_days CHECK (class_days BETWEEN 7 AND 400)",
}


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _only(condition: str) -> dict[str, Any]:
    """An index over some of the rows."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    for column, kind in PRACTICE.items():
        op.execute(f"ALTER TABLE practice ADD COLUMN {column} {kind}")
    _create_tables()
    _open_bookings()


def _create_tables() -> None:
    op.create_table(
        "class_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", CleanText(60), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column(
            "level",
            _one_of("all", "beginners", "improvers", "advanced", name="level"),
            nullable=False,
        ),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("price_cents", Cents(), nullable=False),
        sa.Column("trial_cents", Cents(), nullable=True),
        sa.Column("term_cents", Cents(), nullable=True),
        sa.Column(
            "waitlist_mode", _one_of("offer", "automatic", name="waitlist_mode"), nullable=False
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("planned_until", sa.Date(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 500", name="capacity"),
        sa.CheckConstraint("last_on >= first_on", name="dates"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        sa.CheckConstraint(
            "price_cents >= 0 AND trial_cents >= 0 AND term_cents >= 0",
            name="prices",
        ),
        sa.CheckConstraint("start_minute BETWEEN 0 AND 1439", name="start"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_class_series_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_class_series_room_id_room"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_class_series_service_id_service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_class_series"),
        sa.UniqueConstraint("slug", name="uq_class_series_slug"),
    )
    op.create_index("ix_class_series_practitioner_id", "class_series", ["practitioner_id"])
    op.create_index("ix_class_series_service_id", "class_series", ["service_id"])
    op.create_table(
        "class_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("state", _one_of("planned", "cancelled", "clash", name="state"), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("local_start", WallTime(), nullable=False),
        sa.Column("zone_name", CleanText(64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("overbooked", sa.Integer(), nullable=False),
        sa.Column("is_moved", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(claim_id IS NOT NULL) = (state = 'planned')", name="claim"),
        sa.CheckConstraint("capacity BETWEEN 0 AND 500", name="capacity"),
        sa.CheckConstraint("overbooked >= 0", name="overbooked"),
        sa.CheckConstraint("starts_at < ends_at", name="order"),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity + overbooked", name="taken"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_class_session_claim_id_claim"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_class_session_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_class_session_room_id_room"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["class_series.id"], name="fk_class_session_series_id_class_series"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_class_session"),
        sa.UniqueConstraint("claim_id", name="uq_class_session_claim_id"),
        sa.UniqueConstraint("series_id", "on_date", name="uq_class_session_series_id_on_date"),
    )
    op.create_index("ix_class_session_practitioner_id", "class_session", ["practitioner_id"])
    op.create_index("ix_class_session_starts_at", "class_session", ["starts_at"])
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor", CleanText(64), nullable=False),
        sa.Column("token", CleanText(64), nullable=False),
        sa.Column("kind", _one_of("drop_in", "trial", "term", name="kind"), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("undo_until", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_enrolment_person_id_person"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["class_series.id"], name="fk_enrolment_series_id_class_series"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment"),
        sa.UniqueConstraint("visitor", "token", name="uq_enrolment_visitor_token"),
    )
    op.create_index("ix_enrolment_person_id", "enrolment", ["person_id"])
    op.create_table(
        "skipped_date",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["class_series.id"],
            name="fk_skipped_date_series_id_class_series",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "on_date", name="pk_skipped_date"),
    )
    op.create_table(
        "waitlist_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", CleanText(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_by_id", sa.Integer(), nullable=True),
        sa.Column("class_session_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("parts", CleanText(40), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            _one_of("waiting", "offered", "served", "left", "ended", name="state"),
            nullable=False,
        ),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(class_session_id IS NULL) = (option_id IS NOT NULL)", name="what"),
        sa.CheckConstraint("(until_on IS NULL) = (option_id IS NULL)", name="until"),
        sa.CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
        sa.ForeignKeyConstraint(
            ["class_session_id"],
            ["class_session.id"],
            name="fk_waitlist_entry_class_session_id_class_session",
        ),
        sa.ForeignKeyConstraint(
            ["joined_by_id"], ["account.id"], name="fk_waitlist_entry_joined_by_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["service_option.id"], name="fk_waitlist_entry_option_id_service_option"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_waitlist_entry_person_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_waitlist_entry_practitioner_id_practitioner",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waitlist_entry"),
        sa.UniqueConstraint("token", name="uq_waitlist_entry_token"),
    )
    op.create_index("ix_waitlist_entry_option", "waitlist_entry", ["option_id"], **_only(OPEN))
    op.create_index("ix_waitlist_entry_person", "waitlist_entry", ["person_id"])
    op.create_index(
        "uq_waitlist_entry_open",
        "waitlist_entry",
        ["class_session_id", "person_id"],
        unique=True,
        **_only(OPEN),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("is_time", sa.Boolean(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _one_of("open", "accepted", "declined", "expired", "withdrawn", name="state"),
            nullable=False,
        ),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("tell_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(claim_id IS NOT NULL) = (is_time AND state = 'open')", name="claim"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_offer_claim_id_claim"),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["waitlist_entry.id"], name="fk_offer_entry_id_waitlist_entry"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_offer_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_offer_room_id_room"),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sa.UniqueConstraint("claim_id", name="uq_offer_claim_id"),
    )
    op.create_index("ix_offer_entry_id", "offer", ["entry_id"])
    op.create_index("ix_offer_expires", "offer", ["expires_at"], **_only(IS_OPEN))
    op.create_index("uq_offer_open", "offer", ["entry_id"], unique=True, **_only(IS_OPEN))


def _booking() -> sa.Table:
    """The table as it stood, with its CHECKs, which reading it back from SQLite would lose."""
    return sa.Table(
        "booking",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("hold_token", CleanText(64), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("service_name", CleanText(120), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("local_start", WallTime(), nullable=False),
        sa.Column("zone_name", CleanText(64), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("price_cents", Cents(), nullable=False),
        sa.Column("currency", CleanText(3), nullable=False),
        sa.Column(
            "status",
            _one_of(
                "requested", "booked", "arrived", "no_show",
                "cancelled", "late_cancelled", "undone", "declined",
                name="ck_booking_status",
            ),
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cancel_until", UTCDateTime(), nullable=False),
        sa.Column("move_until", UTCDateTime(), nullable=False),
        sa.Column("undo_until", UTCDateTime(), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(f"(claim_id IS NOT NULL) = ({LIVE})", name=OLD_CHECK),
        sa.CheckConstraint("price_cents >= 0", name="ck_booking_price"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_booking_order"),
        *_keys({
            "booked_by_id": "account", "claim_id": "claim", "option_id": "service_option",
            "person_id": "person", "practitioner_id": "practitioner", "room_id": "room",
        }),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("claim_id", name="uq_booking_claim_id"),
        sa.UniqueConstraint("hold_token", name="uq_booking_hold_token"),
        sa.Index("ix_booking_option_id", "option_id"),
        sa.Index("ix_booking_person", "person_id", "starts_at"),
        sa.Index("ix_booking_practitioner_day", "practitioner_id", "starts_at"),
    )  # fmt: skip


def _keys(columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_booking_{column}_{table}")
        for column, table in columns.items()
    ]


NEW_KEYS = {
    "service_id": "service", "class_session_id": "class_session",
    "enrolment_id": "enrolment", "trial_of_id": "category",
}  # fmt: skip
CHECKS = {
    "claim": f"(claim_id IS NOT NULL) = (class_session_id IS NULL AND {LIVE})",
    "what": "(class_session_id IS NULL) = (option_id IS NOT NULL)",
    "enrolment": "(class_session_id IS NULL) = (enrolment_id IS NULL)",
}


def _open_bookings() -> None:
    """Let a booking be a place in a class, which has no option and no claim of its own."""
    op.add_column("booking", sa.Column("service_id", sa.Integer()))
    op.execute(
        "UPDATE booking SET service_id = "
        "(SELECT service_id FROM service_option WHERE service_option.id = booking.option_id)"
    )
    with op.batch_alter_table("booking", copy_from=_booking()) as booking:
        for column in list(NEW_KEYS)[1:]:
            booking.add_column(sa.Column(column, sa.Integer()))
        booking.alter_column("service_id", existing_type=sa.Integer(), nullable=False)
        booking.alter_column("option_id", existing_type=sa.Integer(), nullable=True)
        booking.drop_constraint(op.f(OLD_CHECK), type_="check")
        for name, condition in CHECKS.items():
            booking.create_check_constraint(op.f(f"ck_booking_{name}"), condition)
        for column, table in NEW_KEYS.items():
            booking.create_foreign_key(f"fk_booking_{column}_{table}", table, [column], ["id"])
    op.create_index("ix_booking_enrolment_id", "booking", ["enrolment_id"])
    for name, column in (("place", "class_session_id"), ("trial", "trial_of_id")):
        op.create_index(
            f"uq_booking_{name}", "booking", [column, "person_id"], unique=True, **_only(LIVE)
        )


def downgrade() -> None:
    """Take the classes away again, and with them what was booked in them."""
    of_class = "booking_id IN (SELECT id FROM booking WHERE class_session_id IS NOT NULL)"
    op.execute(f"DELETE FROM reminder WHERE {of_class}")  # noqa: S608 - the words above
    op.execute(f"DELETE FROM agreed_time WHERE {of_class}")  # noqa: S608
    op.execute("DELETE FROM booking WHERE class_session_id IS NOT NULL")
    for name in ("uq_booking_place", "uq_booking_trial", "ix_booking_enrolment_id"):
        op.drop_index(name, "booking")
    with op.batch_alter_table("booking", copy_from=_new_booking()) as booking:
        for name in CHECKS:
            booking.drop_constraint(op.f(f"ck_booking_{name}"), type_="check")
        for column, table in NEW_KEYS.items():
            booking.drop_constraint(f"fk_booking_{column}_{table}", type_="foreignkey")
            booking.drop_column(column)
        booking.alter_column("option_id", existing_type=sa.Integer(), nullable=False)
        booking.create_check_constraint(op.f(OLD_CHECK), f"(claim_id IS NOT NULL) = ({LIVE})")
    for table in NEW_TABLES:
        op.drop_table(table)
    for column in PRACTICE:
        op.drop_column("practice", column)


def _new_booking() -> sa.Table:
    """The table as this migration leaves it."""
    table = _booking()
    for column in list(NEW_KEYS)[1:]:
        table.append_column(sa.Column(column, sa.Integer()))
    table.c.option_id.nullable = True
    old = next(one for one in table.constraints if one.name == OLD_CHECK)
    table.constraints.remove(old)
    for name, condition in CHECKS.items():
        table.append_constraint(sa.CheckConstraint(condition, name=f"ck_booking_{name}"))
    for key in _keys(NEW_KEYS):
        table.append_constraint(key)
    return table

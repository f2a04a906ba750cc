"""The house: people, catalog, time, bookings, mail, articles, audit.

Revision: 20261122_the_house
Follows: None
"""

import sqlalchemy as sa
from alembic import op

from booking import guards
from booking.columns import Cents, CleanText, UTCDateTime, WallTime

revision = "20261122_the_house"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", CleanText(254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "client",
                "practitioner",
                "manager",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", CleanText(255), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", CleanText(120), nullable=False),
        sa.Column("title", CleanText(200), nullable=False),
        sa.Column("summary", CleanText(300), nullable=False),
        sa.Column("author", CleanText(120), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("author_note", CleanText(), nullable=False),
        sa.Column("body_markdown", CleanText(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("topic_words", CleanText(300), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("slug", name="uq_article_slug"),
    )
    op.create_index("ix_article_published", "article", ["published_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", CleanText(40), nullable=False),
        sa.Column("subject", CleanText(60), nullable=False),
        sa.Column("action", CleanText(40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"], unique=False)

    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", CleanText(60), nullable=False),
        sa.Column("name", CleanText(80), nullable=False),
        sa.Column("summary", CleanText(200), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column("drawing", CleanText(40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("slug", name="uq_category_slug"),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hold",
                "booking",
                "class",
                "offer",
                "block",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(expires_at IS NOT NULL) = (kind IN ('hold', 'offer'))", name="ck_claim_expiry"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_expires", "claim", ["expires_at"], unique=False)

    op.create_table(
        "limit_count",
        sa.Column("key", CleanText(200), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_limit_count"),
    )
    op.create_index("ix_limit_count_expires", "limit_count", ["expires"], unique=False)

    op.create_table(
        "one_time_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", CleanText(64), nullable=False),
        sa.Column("purpose", CleanText(30), nullable=False),
        sa.Column("email", CleanText(254), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_token"),
        sa.UniqueConstraint("token_hash", name="uq_one_time_token_token_hash"),
    )
    op.create_index("ix_one_time_token_expires_at", "one_time_token", ["expires_at"], unique=False)

    op.create_table(
        "practice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("headline", CleanText(160), nullable=False),
        sa.Column("introduction", CleanText(), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column("address", CleanText(), nullable=False),
        sa.Column("directions", CleanText(), nullable=False),
        sa.Column("phone", CleanText(40), nullable=False),
        sa.Column("email", CleanText(254), nullable=False),
        sa.Column("licence", CleanText(120), nullable=False),
        sa.Column("zone_name", CleanText(64), nullable=False),
        sa.Column("currency", CleanText(3), nullable=False),
        sa.Column("locale", CleanText(16), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("furthest_days", sa.Integer(), nullable=False),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("undo_minutes", sa.Integer(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("move_minutes", sa.Integer(), nullable=False),
        sa.Column("open_bookings", sa.Integer(), nullable=False),
        sa.Column("reminder_leads", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("policy_on", sa.Date(), nullable=True),
        sa.CheckConstraint("furthest_days BETWEEN 1 AND 730", name="ck_practice_furthest"),
        sa.CheckConstraint("grid_minutes BETWEEN 5 AND 240", name="ck_practice_grid"),
        sa.CheckConstraint("hold_minutes BETWEEN 1 AND 60", name="ck_practice_hold"),
        sa.CheckConstraint("id = 1", name="ck_practice_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_practice"),
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "practitioner",
                "room",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("slug", CleanText(60), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_resource"),
        sa.UniqueConstraint("kind", "slug", name="uq_resource_kind_slug"),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", CleanText(60), nullable=False),
        sa.Column("name", CleanText(80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "work", "body", name="kind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
        sa.UniqueConstraint("slug", name="uq_topic_slug"),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", CleanText(64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device", CleanText(200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_used_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name="fk_account_session_account_id_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account_session"),
        sa.UniqueConstraint("key_hash", name="uq_account_session_key_hash"),
    )
    op.create_index(
        "ix_account_session_account_id", "account_session", ["account_id"], unique=False
    )

    op.create_table(
        "article_topic",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="fk_article_topic_article_id_article",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name="fk_article_topic_topic_id_topic", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "topic_id", name="pk_article_topic"),
    )
    op.create_index(
        "ix_article_topic_topic_id", "article_topic", ["topic_id", "article_id"], unique=False
    )

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("is_holder", sa.Boolean(), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("email", CleanText(254), nullable=True),
        sa.Column("phone", CleanText(40), nullable=True),
        sa.Column("locale", CleanText(16), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_person_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["person.id"], name="fk_person_guardian_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_account_id", "person", ["account_id"], unique=False)
    op.create_index("ix_person_email", "person", ["email"], unique=False)

    op.create_table(
        "practitioner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("title", CleanText(120), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column("licence", CleanText(120), nullable=False),
        sa.Column("email", CleanText(254), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_practitioner_account_id_account"
        ),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name="fk_practitioner_id_resource"),
        sa.PrimaryKeyConstraint("id", name="pk_practitioner"),
        sa.UniqueConstraint("account_id", name="uq_practitioner_account_id"),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["resource.id"], name="fk_room_id_resource"),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("slug", CleanText(60), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("summary", CleanText(200), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column("preparation", CleanText(), nullable=False),
        sa.Column("drawing", CleanText(40), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("after_minutes BETWEEN 0 AND 240", name="ck_service_after"),
        sa.CheckConstraint("before_minutes BETWEEN 0 AND 240", name="ck_service_before"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name="fk_service_category_id_category"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
        sa.UniqueConstraint("slug", name="uq_service_slug"),
    )
    op.create_index("ix_service_category_id", "service", ["category_id"], unique=False)

    op.create_table(
        "time_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ck_time_claim_order"),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name="fk_time_claim_claim_id_claim", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name="fk_time_claim_resource_id_resource"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_time_claim"),
    )
    op.create_index("ix_time_claim_claim_id", "time_claim", ["claim_id"], unique=False)
    op.create_index(
        "ix_time_claim_resource",
        "time_claim",
        ["resource_id", "starts_at", "ends_at"],
        unique=False,
    )

    op.create_table(
        "time_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("note", CleanText(200), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="ck_time_off_order"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_time_off_claim_id_claim"),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name="fk_time_off_resource_id_resource"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_time_off"),
        sa.UniqueConstraint("claim_id", name="uq_time_off_claim_id"),
    )
    op.create_index("ix_time_off_resource_id", "time_off", ["resource_id"], unique=False)

    op.create_table(
        "hours_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=True),
        sa.Column("closes_minute", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(opens_minute IS NULL AND closes_minute IS NULL) OR (0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440)",
            name="ck_hours_exception_spell",
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_hours_exception_practitioner_id_practitioner",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hours_exception"),
    )
    op.create_index(
        "ix_hours_exception_day", "hours_exception", ["practitioner_id", "on_date"], unique=False
    )

    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "0 <= opens_minute AND opens_minute < closes_minute AND closes_minute <= 1440",
            name="ck_opening_hours_spell",
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_opening_hours_weekday"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_opening_hours_practitioner_id_practitioner",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    op.create_index(
        "ix_opening_hours_practitioner_id", "opening_hours", ["practitioner_id"], unique=False
    )

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", CleanText(120), nullable=False),
        sa.Column("kind", CleanText(40), nullable=False),
        sa.Column("about", CleanText(60), nullable=False),
        sa.Column("about_revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("to_address", CleanText(254), nullable=False),
        sa.Column("subject", CleanText(250), nullable=False),
        sa.Column("body_text", CleanText(), nullable=False),
        sa.Column("body_html", CleanText(), nullable=False),
        sa.Column("calendar_text", CleanText(), nullable=True),
        sa.Column("calendar_method", CleanText(10), nullable=True),
        sa.Column("token_purpose", CleanText(30), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                "parked",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("lease", CleanText(40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("void_reason", CleanText(120), nullable=True),
        sa.Column("last_error", CleanText(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name="fk_outgoing_mail_person_id_person",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.UniqueConstraint("dedupe_key", name="uq_outgoing_mail_dedupe_key"),
    )
    op.create_index("ix_outgoing_mail_about", "outgoing_mail", ["about"], unique=False)
    op.create_index(
        "ix_outgoing_mail_due",
        "outgoing_mail",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "service_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_cents", Cents(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 720", name="ck_service_option_minutes"),
        sa.CheckConstraint("price_cents >= 0", name="ck_service_option_price"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_option_service_id_service"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_option"),
    )
    op.create_index("ix_service_option_service_id", "service_option", ["service_id"], unique=False)

    op.create_table(
        "service_practitioner",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_service_practitioner_practitioner_id_practitioner",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name="fk_service_practitioner_service_id_service",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "practitioner_id", name="pk_service_practitioner"),
    )
    op.create_table(
        "service_room",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_service_room_room_id_room", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name="fk_service_room_service_id_service",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "room_id", name="pk_service_room"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("hold_token", CleanText(64), nullable=True),
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
            sa.Enum(
                "requested",
                "booked",
                "arrived",
                "no_show",
                "cancelled",
                "late_cancelled",
                "undone",
                "declined",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=30,
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
        sa.CheckConstraint(
            "(claim_id IS NOT NULL) = (status IN ('requested', 'booked', 'arrived', 'no_show'))",
            name="ck_booking_claim",
        ),
        sa.CheckConstraint("price_cents >= 0", name="ck_booking_price"),
        sa.CheckConstraint("starts_at < ends_at", name="ck_booking_order"),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["account.id"], name="fk_booking_booked_by_id_account"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_booking_claim_id_claim"),
        sa.ForeignKeyConstraint(
            ["option_id"], ["service_option.id"], name="fk_booking_option_id_service_option"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_booking_person_id_person"),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_booking_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_booking_room_id_room"),
        sa.PrimaryKeyConstraint("id", name="pk_booking"),
        sa.UniqueConstraint("claim_id", name="uq_booking_claim_id"),
        sa.UniqueConstraint("hold_token", name="uq_booking_hold_token"),
    )
    op.create_index("ix_booking_option_id", "booking", ["option_id"], unique=False)
    op.create_index("ix_booking_person", "booking", ["person_id", "starts_at"], unique=False)
    op.create_index(
        "ix_booking_practitioner_day", "booking", ["practitioner_id", "starts_at"], unique=False
    )

    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", CleanText(64), nullable=False),
        sa.Column("visitor", CleanText(64), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name="fk_hold_claim_id_claim", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["option_id"], ["service_option.id"], name="fk_hold_option_id_service_option"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name="fk_hold_practitioner_id_practitioner"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name="fk_hold_room_id_room"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
        sa.UniqueConstraint("claim_id", name="uq_hold_claim_id"),
        sa.UniqueConstraint("token", name="uq_hold_token"),
    )
    op.create_index("ix_hold_expires_at", "hold", ["expires_at"], unique=False)
    op.create_index("ix_hold_visitor", "hold", ["visitor"], unique=False)

    op.create_table(
        "agreed_time",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_agreed_time_booking_id_booking"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_agreed_time_practitioner_id_practitioner",
        ),
        sa.PrimaryKeyConstraint("booking_id", "revision", name="pk_agreed_time"),
    )
    op.create_table(
        "booking_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kept_claim_id", sa.Integer(), nullable=True),
        sa.Column("from_starts_at", UTCDateTime(), nullable=False),
        sa.Column("from_ends_at", UTCDateTime(), nullable=False),
        sa.Column("from_practitioner_id", sa.Integer(), nullable=False),
        sa.Column("from_room_id", sa.Integer(), nullable=True),
        sa.Column("from_cancel_until", UTCDateTime(), nullable=False),
        sa.Column("from_move_until", UTCDateTime(), nullable=False),
        sa.Column("from_undo_until", UTCDateTime(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_booking_move_booking_id_booking"
        ),
        sa.ForeignKeyConstraint(
            ["from_practitioner_id"],
            ["practitioner.id"],
            name="fk_booking_move_from_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(
            ["from_room_id"], ["room.id"], name="fk_booking_move_from_room_id_room"
        ),
        sa.ForeignKeyConstraint(
            ["kept_claim_id"],
            ["claim.id"],
            name="fk_booking_move_kept_claim_id_claim",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_move"),
    )
    op.create_index("ix_booking_move_booking_id", "booking_move", ["booking_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "sent",
                "no_address",
                "called_off",
                "moved",
                "too_late",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="ck_reminder_done"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_reminder_booking_id_booking"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "booking_id",
            "revision",
            "lead_minutes",
            name="uq_reminder_booking_id_revision_lead_minutes",
        ),
    )
    op.create_index(
        "ix_reminder_due",
        "reminder",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    guards.install(op.get_bind())


def downgrade() -> None:
    guards.remove(op.get_bind())
    op.drop_index(
        "ix_reminder_due",
        table_name="reminder",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    op.drop_table("reminder")
    op.drop_index("ix_booking_move_booking_id", table_name="booking_move")

    op.drop_table("booking_move")
    op.drop_table("agreed_time")
    op.drop_index("ix_hold_visitor", table_name="hold")
    op.drop_index("ix_hold_expires_at", table_name="hold")

    op.drop_table("hold")
    op.drop_index("ix_booking_practitioner_day", table_name="booking")
    op.drop_index("ix_booking_person", table_name="booking")
    op.drop_index("ix_booking_option_id", table_name="booking")

    op.drop_table("booking")
    op.drop_table("service_room")
    op.drop_table("service_practitioner")
    op.drop_index("ix_service_option_service_id", table_name="service_option")

    op.drop_table("service_option")
    op.drop_index(
        "ix_outgoing_mail_due",
        table_name="outgoing_mail",
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_outgoing_mail_about", table_name="outgoing_mail")

    op.drop_table("outgoing_mail")
    op.drop_index("ix_opening_hours_practitioner_id", table_name="opening_hours")

    op.drop_table("opening_hours")
    op.drop_index("ix_hours_exception_day", table_name="hours_exception")

    op.drop_table("hours_exception")
    op.drop_index("ix_time_off_resource_id", table_name="time_off")

    op.drop_table("time_off")
    op.drop_index("ix_time_claim_resource", table_name="time_claim")
    op.drop_index("ix_time_claim_claim_id", table_name="time_claim")

    op.drop_table("time_claim")
    op.drop_index("ix_service_category_id", table_name="service")

    op.drop_table("service")
    op.drop_table("room")
    op.drop_table("practitioner")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_index("ix_person_account_id", table_name="person")

    op.drop_table("person")
    op.drop_index("ix_article_topic_topic_id", table_name="article_topic")

    op.drop_table("article_topic")
    op.drop_index("ix_account_session_account_id", table_name="account_session")

    op.drop_table("account_session")
    op.drop_table("topic")
    op.drop_table("resource")
    op.drop_table("practice")
    op.drop_index("ix_one_time_token_expires_at", table_name="one_time_token")

    op.drop_table("one_time_token")
    op.drop_index("ix_limit_count_expires", table_name="limit_count")

    op.drop_table("limit_count")
    op.drop_index("ix_claim_expires", table_name="claim")

    op.drop_table("claim")
    op.drop_table("category")
    op.drop_index("ix_audit_subject", table_name="audit")

    op.drop_table("audit")
    op.drop_index("ix_article_published", table_name="article")

    op.drop_table("article")
    op.drop_table("account")

"""More kinds of mail and when each is sent.

Revision: 20261125_mail_kinds
Follows: 20261125_mail_bounces
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261125_mail_kinds"
down_revision = "20261125_mail_bounces"
branch_labels = None
depends_on = None

MINUTE = "BETWEEN 0 AND 1439"
# The same words on both engines; SQLite keeps a CHECK that stands with its column.
PRACTICE = {
    "aftercare": "BOOLEAN DEFAULT TRUE NOT NULL",
    "aftercare_at": "INTEGER DEFAULT 600 NOT NULL "
    f"CONSTRAINT ck_practice_aftercare_at CHECK (aftercare_at {MINUTE})",
    "aftercare_days": "INTEGER DEFAULT 28 NOT NULL "
    "CONSTRAINT ck_practice_aftercare_days CHECK (aftercare_days BETWEEN 0 AND 730)",
    "come_back": "BOOLEAN DEFAULT FALSE NOT NULL",
    "late_note": "BOOLEAN DEFAULT FALSE NOT NULL",
    "no_show_note": "BOOLEAN DEFAULT FALSE NOT NULL",
    "sheet_at": "INTEGER DEFAULT 420 NOT NULL "
    f"CONSTRAINT ck_practice_sheet_at CHECK (sheet_at {MINUTE})",
}
PRACTITIONER = {
    "has_sheet": "BOOLEAN DEFAULT FALSE NOT NULL",
    "news_in_sheet": "BOOLEAN DEFAULT FALSE NOT NULL",
    "sheet_on": "DATE",
}
MAIL = {
    "unsubscribe_url": "VARCHAR",
    "bundle": "VARCHAR(40) DEFAULT '' NOT NULL",
}


def upgrade() -> None:
    for table, columns in (
        ("practice", PRACTICE), ("practitioner", PRACTITIONER), ("outgoing_mail", MAIL),
    ):  # fmt: skip
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    op.add_column("service", sa.Column("reminder_leads", sa.JSON(), nullable=True))
    only = sa.text("state = 'waiting' AND bundle <> ''")
    op.create_index(
        "ix_outgoing_mail_bundle", "outgoing_mail", ["bundle"],
        postgresql_where=only, sqlite_where=only,
    )  # fmt: skip
    _make_follow_ups()
    op.create_table(
        "unsubscribed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", CleanText(64), nullable=False),
        sa.Column("kind", CleanText(40), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unsubscribed"),
        sa.UniqueConstraint("address_hash", "kind", name="uq_unsubscribed_address_hash_kind"),
    )
    op.create_table(
        "replan",
        sa.Column("booking_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_replan_booking_id_booking"
        ),
        sa.PrimaryKeyConstraint("booking_id", name="pk_replan"),
    )
    # What is booked already is planned by the rules of this version: the worker does it.
    op.execute(
        "INSERT INTO replan (booking_id, asked_at) SELECT id, CURRENT_TIMESTAMP FROM booking "
        "WHERE status = 'booked' AND starts_at > CURRENT_TIMESTAMP"
    )


def _make_follow_ups() -> None:
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", "aftercare", "come_back"), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column(
            "outcome",
            _choice(
                "outcome", "sent", "off", "unwanted", "no_address", "not_kept", "nothing_to_say",
                "had_it", "booked_again", "no_rhythm", "too_late",
            ),
            nullable=True,
        ),
        sa.CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="ck_follow_up_done"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_follow_up_booking_id_booking"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.UniqueConstraint("booking_id", "kind", name="uq_follow_up_booking_id_kind"),
    )  # fmt: skip
    only = sa.text("done_at IS NULL")
    op.create_index(
        "ix_follow_up_due", "follow_up", ["due_at"], postgresql_where=only, sqlite_where=only
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def downgrade() -> None:
    op.drop_table("unsubscribed")
    op.drop_table("follow_up")
    op.drop_index("ix_outgoing_mail_bundle", "outgoing_mail")
    op.drop_table("replan")
    op.execute("ALTER TABLE service DROP COLUMN reminder_leads")
    for table, columns in (
        ("outgoing_mail", MAIL), ("practitioner", PRACTITIONER), ("practice", PRACTICE),
    ):  # fmt: skip
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")

"""Rules of availability: how much a day, gaps, first-time clients, who may book what.

Revision: 20261124_rules
Follows: 20261123_classes
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import UTCDateTime

revision = "20261124_rules"
down_revision = "20261123_classes"
branch_labels = None
depends_on = None

# The same words on both engines; SQLite keeps a CHECK that stands with its column.
PRACTICE = {
    "gap_mode": "VARCHAR(30) DEFAULT 'off' NOT NULL "
    "CONSTRAINT ck_practice_gap_mode CHECK (gap_mode IN ('off', 'prefer', 'only'))",
    "gap_minutes": "INTEGER DEFAULT 30 NOT NULL "
    "CONSTRAINT ck_practice_gap_minutes CHECK (gap_minutes BETWEEN 5 AND 240)",
    "new_notice_minutes": "INTEGER DEFAULT 0 NOT NULL",
    "new_days": "JSON DEFAULT '[]' NOT NULL",
    "new_from": "INTEGER DEFAULT 0 NOT NULL",
    "new_until": "INTEGER DEFAULT 1440 NOT NULL",
    "new_approval": "BOOLEAN DEFAULT FALSE NOT NULL",
    "answer_minutes": "INTEGER DEFAULT 1440 NOT NULL "
    "CONSTRAINT ck_practice_answer_minutes CHECK (answer_minutes BETWEEN 30 AND 10080)",
}
SERVICE = {
    "is_hands_on": "BOOLEAN DEFAULT TRUE NOT NULL",
    "audience": "VARCHAR(30) DEFAULT 'everyone' NOT NULL "
    "CONSTRAINT ck_service_audience CHECK (audience IN ('everyone', 'returning', 'invited'))",
}
LIMITS = ("day_sessions", "day_minutes", "week_sessions", "week_minutes")


def upgrade() -> None:
    for table, columns in (("practice", PRACTICE), ("service", SERVICE)):
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    for column in LIMITS:
        op.add_column("practitioner", sa.Column(column, sa.Integer(), nullable=True))
    op.add_column("claim", sa.Column("session_at", UTCDateTime(), nullable=True))
    op.execute("ALTER TABLE claim ADD COLUMN hands_on_minutes INTEGER DEFAULT 0 NOT NULL")
    op.add_column("booking", sa.Column("answer_by", UTCDateTime(), nullable=True))
    only = sa.text("status = 'requested'")
    op.create_index(
        "ix_booking_answer", "booking", ["answer_by"], postgresql_where=only, sqlite_where=only
    )
    op.create_table(
        "service_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_service_invitation_service_id_service",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_service_invitation_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_service_invitation"),
    )  # fmt: skip
    op.create_index("ix_service_invitation_person_id", "service_invitation", ["person_id"])
    _count_what_is_booked()


def _count_what_is_booked() -> None:
    """Let what is agreed already count against limits, as what will be agreed does."""
    op.execute(
        "UPDATE claim SET session_at = (SELECT booking.starts_at FROM booking "
        "WHERE booking.claim_id = claim.id) WHERE kind = 'booking'"
    )
    op.execute(
        "UPDATE claim SET session_at = (SELECT class_session.starts_at FROM class_session "
        "WHERE class_session.claim_id = claim.id) WHERE kind = 'class'"
    )
    op.execute(
        "UPDATE claim SET hands_on_minutes = COALESCE((SELECT service_option.minutes FROM booking "
        "JOIN service_option ON service_option.id = booking.option_id "
        "WHERE booking.claim_id = claim.id), 0) WHERE kind = 'booking'"
    )


def downgrade() -> None:
    op.drop_table("service_invitation")
    op.drop_index("ix_booking_answer", "booking")
    op.drop_column("booking", "answer_by")
    op.drop_column("claim", "hands_on_minutes")
    op.drop_column("claim", "session_at")
    for column in LIMITS:
        op.drop_column("practitioner", column)
    for table, columns in (("service", SERVICE), ("practice", PRACTICE)):
        for column in columns:
            op.drop_column(table, column)

"""Booking for a caller: bookings without mails, and several at once every few weeks.

Revision: 20261124_repeats
Follows: 20261124_desk
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import UTCDateTime

revision = "20261124_repeats"
down_revision = "20261124_desk"
branch_labels = None
depends_on = None

# The same words on both engines; SQLite keeps what stands with its column.
BOOKING = {
    "is_silent": "BOOLEAN DEFAULT false NOT NULL",
    "repeat_id": "INTEGER CONSTRAINT fk_booking_repeat_id_booking_repeat "
    "REFERENCES booking_repeat (id)",
    "repeat_number": "INTEGER",
}


def upgrade() -> None:
    op.create_table(
        "booking_repeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("undo_until", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("weeks BETWEEN 1 AND 8", name="weeks"),
        sa.CheckConstraint("times BETWEEN 1 AND 26", name="times"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name="fk_booking_repeat_created_by_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_booking_repeat_person_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_booking_repeat"),
    )
    op.create_index("ix_booking_repeat_person_id", "booking_repeat", ["person_id"])
    for column, kind in BOOKING.items():
        op.execute(f"ALTER TABLE booking ADD COLUMN {column} {kind}")
    op.create_index("ix_booking_repeat_id", "booking", ["repeat_id"])


def downgrade() -> None:
    op.drop_index("ix_booking_repeat_id", "booking")
    for column in reversed(BOOKING):
        op.execute(f"ALTER TABLE booking DROP COLUMN {column}")
    op.drop_table("booking_repeat")

"""Hours, recurring breaks, closed days and time off.

Revision: 20261124_absences
Follows: 20261124_repeats
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText

revision = "20261124_absences"
down_revision = "20261124_repeats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recurring_break",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_minute", sa.Integer(), nullable=False),
        sa.Column("ends_minute", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", CleanText(80), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint(
            "0 <= starts_minute AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="spell",
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_recurring_break_practitioner_id_practitioner",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recurring_break"),
    )
    op.create_index("ix_recurring_break_practitioner_id", "recurring_break", ["practitioner_id"])
    op.create_table(
        "closed_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", CleanText(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closed_day"),
        sa.UniqueConstraint("on_date", name="uq_closed_day_on_date"),
    )


def downgrade() -> None:
    op.drop_table("closed_day")
    op.drop_table("recurring_break")

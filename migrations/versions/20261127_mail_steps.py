"""Rows that a step of the worker has failed on wait; clients have reminders of their own.

Revision: 20261127_mail_steps
Follows: 20261126_erasing
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261127_mail_steps"
down_revision = "20261126_erasing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setback",
        sa.Column("step", CleanText(20), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("step", "row_id", name="pk_setback"),
    )
    op.add_column("person", sa.Column("reminder_leads", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE person DROP COLUMN reminder_leads")
    op.drop_table("setback")

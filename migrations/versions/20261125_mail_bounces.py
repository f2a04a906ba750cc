"""Addresses that a server has refused, and how fast mails may leave.

Revision: 20261125_mail_bounces
Follows: 20261125_service_reading
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261125_mail_bounces"
down_revision = "20261125_service_reading"
branch_labels = None
depends_on = None

# What the workers read in the order of time: by number as well, so that nothing is sorted.
QUEUES = {
    "outgoing_mail": ("ix_outgoing_mail_due", "state = 'waiting'"),
    "reminder": ("ix_reminder_due", "done_at IS NULL"),
}


def index_queues(*columns: str) -> None:
    for table, (name, waits) in QUEUES.items():
        op.drop_index(name, table)
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_where=sa.text(waits),
            sqlite_where=sa.text(waits),
        )


def upgrade() -> None:
    op.create_table(
        "mail_lane",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closed_until", UTCDateTime(), nullable=True),
        sa.Column("trouble", CleanText(), nullable=False),
        sa.Column("trouble_since", UTCDateTime(), nullable=True),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("free_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mail_lane"),
    )
    op.create_table(
        "refused_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", CleanText(254), nullable=False),
        sa.Column("answer", CleanText(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_address"),
        sa.UniqueConstraint("address", name="uq_refused_address_address"),
    )
    index_queues("due_at", "id")


def downgrade() -> None:
    index_queues("due_at")
    op.drop_table("refused_address")
    op.drop_table("mail_lane")

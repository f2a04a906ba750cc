"""What the worker did last, and mails sent again.

Revision: 20261125_mail_log
Follows: 20261125_mail_texts
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261125_mail_log"
down_revision = "20261125_mail_texts"
branch_labels = None
depends_on = None


# Indexes over some of the rows, by the condition on the rows.
PARTIAL = {
    "ix_outgoing_mail_useless": ("useless_after", "state = 'waiting'"),
    "ix_outgoing_mail_stuck": ("due_at", "state IN ('failed', 'parked')"),
}
WHOLE = {
    "ix_outgoing_mail_person": ["person_id", "id"],
    "ix_outgoing_mail_sent": ["sent_at"],
}


def upgrade() -> None:
    op.add_column("outgoing_mail", sa.Column("useless_after", UTCDateTime(), nullable=True))
    op.execute("ALTER TABLE outgoing_mail ADD COLUMN keeps_quiet BOOLEAN DEFAULT false NOT NULL")
    for name, columns in WHOLE.items():
        op.create_index(name, "outgoing_mail", columns)
    for name, (column, condition) in PARTIAL.items():
        op.create_index(
            name, "outgoing_mail", [column],
            postgresql_where=sa.text(condition), sqlite_where=sa.text(condition),
        )  # fmt: skip
    op.create_table(
        "worker_beat",
        sa.Column("name", CleanText(120), nullable=False),
        sa.Column("beat_at", UTCDateTime(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_worker_beat"),
    )


def downgrade() -> None:
    op.drop_table("worker_beat")
    for name in (*PARTIAL, *WHOLE):
        op.drop_index(name, "outgoing_mail")
    op.execute("ALTER TABLE outgoing_mail DROP COLUMN keeps_quiet")
    op.execute("ALTER TABLE outgoing_mail DROP COLUMN useless_after")

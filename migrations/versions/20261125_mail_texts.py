"""The owner's own words in mails.

Revision: 20261125_mail_texts
Follows: 20261125_mail_kinds
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText

revision = "20261125_mail_texts"
down_revision = "20261125_mail_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The same words on both engines.
    op.execute("ALTER TABLE practice ADD COLUMN discreet_mails BOOLEAN DEFAULT false NOT NULL")
    op.create_table(
        "mail_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", CleanText(40), nullable=False),
        sa.Column("language", CleanText(16), nullable=False),
        sa.Column("subject", CleanText(150), nullable=False),
        sa.Column("heading", CleanText(150), nullable=False),
        sa.Column("opening", CleanText(), nullable=False),
        sa.Column("closing", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_text"),
        sa.UniqueConstraint("kind", "language", name="uq_mail_text_kind_language"),
    )


def downgrade() -> None:
    op.drop_table("mail_text")
    op.execute("ALTER TABLE practice DROP COLUMN discreet_mails")

"""Find the few mails whose text is to be blanked without reading all of them.

Revision: 20261126_erasing
Follows: 20261125_article_imports
"""

from alembic import op
from sqlalchemy import text

revision = "20261126_erasing"
down_revision = "20261125_article_imports"
branch_labels = None
depends_on = None

STILL_THERE = text("erase_at IS NOT NULL AND to_address <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_outgoing_mail_erase", "outgoing_mail", ["erase_at"],
        postgresql_where=STILL_THERE, sqlite_where=STILL_THERE,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_outgoing_mail_erase", "outgoing_mail")

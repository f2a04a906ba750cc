"""Writing articles: states, drafts, pictures, sources.

Revision: 20261125_writing
Follows: 20261125_mail_log
"""

import sqlalchemy as sa
from alembic import op

from booking.database import CleanText, UTCDateTime

revision = "20261125_writing"
down_revision = "20261125_mail_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _pictures()


def _pictures() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", CleanText(20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("ending", CleanText(4), nullable=False),
        sa.Column("alt", CleanText(300), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
        sa.UniqueConstraint("digest", name="uq_picture_digest"),
    )
    op.create_table(
        "picture_file",
        sa.Column("name", CleanText(40), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"],
            name="fk_picture_file_picture_id_picture", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_picture_file"),
    )  # fmt: skip
    op.create_index("ix_picture_file_picture_id", "picture_file", ["picture_id"])


def downgrade() -> None:
    op.drop_table("picture_file")
    op.drop_table("picture")

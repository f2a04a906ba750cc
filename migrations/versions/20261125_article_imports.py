"""Where imported articles came from, and the addresses they had there.

Revision: 20261125_article_imports
Follows: 20261125_body_regions
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261125_article_imports"
down_revision = "20261125_body_regions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_source",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", CleanText(300), nullable=False),
        sa.Column("given", CleanText(64), nullable=False),
        sa.Column("kept", CleanText(64), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_source_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_article_source"),
        sa.UniqueConstraint("key", name="uq_article_source_key"),
    )  # fmt: skip
    op.create_table(
        "article_address",
        sa.Column("path", CleanText(300), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_address_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("path", name="pk_article_address"),
    )  # fmt: skip
    op.create_index("ix_article_address_article_id", "article_address", ["article_id"])


def downgrade() -> None:
    op.drop_table("article_address")
    op.drop_table("article_source")

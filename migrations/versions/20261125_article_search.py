"""The words of articles, for searching.

Articles that are there already are taken in by ``flask up``, or by ``flask articles index``.

Revision: 20261125_article_search
Follows: 20261125_writing
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_article_search"
down_revision = "20261125_writing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_term",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column(
            "term",
            sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_term_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "term", name="pk_article_term"),
    )  # fmt: skip
    op.create_index("ix_article_term_term", "article_term", ["term", "article_id", "weight"])


def downgrade() -> None:
    op.drop_table("article_term")

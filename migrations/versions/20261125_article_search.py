"""The words of articles, for searching.

Revision: 20261125_article_search
Follows: 20261125_writing
"""

revision = "20261125_article_search"
down_revision = "20261125_writing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

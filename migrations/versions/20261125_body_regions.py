"""Where it hurts: places of the body and what is said of them.

Revision: 20261125_body_regions
Follows: 20261125_article_search
"""

revision = "20261125_body_regions"
down_revision = "20261125_article_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

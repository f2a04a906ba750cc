"""Where imported articles came from.

Revision: 20261125_article_imports
Follows: 20261125_body_regions
"""

revision = "20261125_article_imports"
down_revision = "20261125_body_regions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""Writing articles: states, drafts, pictures, sources.

Revision: 20261125_writing
Follows: 20261125_mail_log
"""

revision = "20261125_writing"
down_revision = "20261125_mail_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

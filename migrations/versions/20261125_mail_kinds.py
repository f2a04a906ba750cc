"""More kinds of mail and when each is sent.

Revision: 20261125_mail_kinds
Follows: 20261125_mail_bounces
"""

revision = "20261125_mail_kinds"
down_revision = "20261125_mail_bounces"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""What the worker did last, and mails sent again.

Revision: 20261125_mail_log
Follows: 20261125_mail_texts
"""

revision = "20261125_mail_log"
down_revision = "20261125_mail_texts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""The owner's own words in mails.

Revision: 20261125_mail_texts
Follows: 20261125_mail_kinds
"""

revision = "20261125_mail_texts"
down_revision = "20261125_mail_kinds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

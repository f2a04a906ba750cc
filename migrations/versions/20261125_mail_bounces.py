"""Addresses that a server has refused, and how fast mails may leave.

Revision: 20261125_mail_bounces
Follows: 20261125_service_reading
"""

revision = "20261125_mail_bounces"
down_revision = "20261125_service_reading"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

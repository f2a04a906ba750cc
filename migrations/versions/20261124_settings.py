"""What the owner decides about the practice: look, words, legal texts.

Revision: 20261124_settings
Follows: 20261124_payments
"""

revision = "20261124_settings"
down_revision = "20261124_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

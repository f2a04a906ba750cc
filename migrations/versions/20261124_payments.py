"""Payments at the desk and their receipts.

Revision: 20261124_payments
Follows: 20261124_clients
"""

revision = "20261124_payments"
down_revision = "20261124_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

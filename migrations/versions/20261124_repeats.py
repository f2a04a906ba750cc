"""Booking for a caller: bookings without mails, and several at once every few weeks.

Revision: 20261124_repeats
Follows: 20261124_desk
"""

revision = "20261124_repeats"
down_revision = "20261124_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

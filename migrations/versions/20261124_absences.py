"""Hours, recurring breaks, closed days and time off.

Revision: 20261124_absences
Follows: 20261124_repeats
"""

revision = "20261124_absences"
down_revision = "20261124_repeats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

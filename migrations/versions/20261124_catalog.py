"""The editors of services, practitioners and rooms.

Revision: 20261124_catalog
Follows: 20261124_absences
"""

revision = "20261124_catalog"
down_revision = "20261124_absences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""The editors of services, practitioners and rooms.

Revision: 20261124_catalog
Follows: 20261124_absences
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_catalog"
down_revision = "20261124_absences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "category",
        sa.Column("is_archived", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("category", "is_archived")

"""The clients' record: notes, flags, blocks, merging.

Revision: 20261124_clients
Follows: 20261124_catalog
"""

revision = "20261124_clients"
down_revision = "20261124_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

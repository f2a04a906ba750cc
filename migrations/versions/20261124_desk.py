"""The desk: what was done in a session.

Revision: 20261124_desk
Follows: 20261124_rules
"""

revision = "20261124_desk"
down_revision = "20261124_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

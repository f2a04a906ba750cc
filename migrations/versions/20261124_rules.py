"""Rules of availability: how much a day, gaps, first-time clients, who may book what.

Revision: 20261124_rules
Follows: 20261123_classes
"""

revision = "20261124_rules"
down_revision = "20261123_classes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

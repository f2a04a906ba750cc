"""Who is blocked is found among the few who are, however many people there are.

Revision: 20261129_blocked_people
Follows: 20261128_names_by_letter
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_blocked_people"
down_revision = "20261128_names_by_letter"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_blocked = sa.text("blocked_at IS NOT NULL")
    op.create_index(
        "ix_person_blocked",
        "person",
        ["blocked_at"],
        postgresql_where=is_blocked,
        sqlite_where=is_blocked,
    )


def downgrade() -> None:
    op.drop_index("ix_person_blocked", "person")

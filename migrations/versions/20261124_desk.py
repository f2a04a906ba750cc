"""The desk: what was done in a session, and what staff may take back.

Revision: 20261124_desk
Follows: 20261124_rules
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261124_desk"
down_revision = "20261124_rules"
branch_labels = None
depends_on = None


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _columns() -> list[tuple[str, sa.Column]]:
    return [
        ("booking", sa.Column("done", CleanText(), nullable=False, server_default="")),
        ("booking", sa.Column("done_at", UTCDateTime(), nullable=True)),
        ("booking", sa.Column("restorable_until", UTCDateTime(), nullable=True)),
        ("booking_move", _flag("by_staff")),
        ("booking_move", _flag("is_silent")),
        ("agreed_time", _flag("is_own_doing")),
    ]


def upgrade() -> None:
    for table, column in _columns():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)

"""Names are sorted letter for letter on PostgreSQL too, by their index.

Revision: 20261128_names_by_letter
Follows: 20261127_mail_steps
"""

from alembic import op

revision = "20261128_names_by_letter"
down_revision = "20261127_mail_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sort('COLLATE "C"')


def downgrade() -> None:
    _sort("")


def _sort(collation: str) -> None:
    # SQLite does so already. PostgreSQL writes the index of the column anew along with it.
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE person ALTER folded_name TYPE VARCHAR(240) {collation}")

"""Where it hurts: places of the body and what is said of them.

Revision: 20261125_body_regions
Follows: 20261125_article_search
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText

revision = "20261125_body_regions"
down_revision = "20261125_article_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE practice ADD COLUMN shows_body BOOLEAN DEFAULT false NOT NULL")
    op.create_table(
        "body_region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", CleanText(30), nullable=False),
        sa.Column("name", CleanText(80), nullable=False),
        sa.Column("about", CleanText(), nullable=False),
        sa.Column("doctor", CleanText(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_body_region"),
        sa.UniqueConstraint("key", name="uq_body_region_key"),
    )
    for other in ("topic", "service"):
        table = f"body_region_{other}"
        op.create_table(
            table,
            sa.Column("region_id", sa.Integer(), nullable=False),
            sa.Column(f"{other}_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["region_id"], ["body_region.id"],
                name=f"fk_{table}_region_id_body_region", ondelete="CASCADE",
            ),
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"],
                name=f"fk_{table}_{other}_id_{other}", ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("region_id", f"{other}_id", name=f"pk_{table}"),
        )  # fmt: skip
        op.create_index(f"ix_{table}_{other}_id", table, [f"{other}_id"])


def downgrade() -> None:
    for table in ("body_region_service", "body_region_topic", "body_region"):
        op.drop_table(table)
    op.execute("ALTER TABLE practice DROP COLUMN shows_body")

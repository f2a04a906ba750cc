"""What is read before and after a service.

Revision: 20261125_service_reading
Follows: 20261124_settings
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_service_reading"
down_revision = "20261124_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_reading",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum(
                "before", "after", name="moment", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"],
            name="fk_service_reading_service_id_service", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_service_reading_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "moment", "article_id", name="pk_service_reading"),
    )  # fmt: skip
    op.create_index("ix_service_reading_article_id", "service_reading", ["article_id"])


def downgrade() -> None:
    op.drop_table("service_reading")

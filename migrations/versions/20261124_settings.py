"""What the owner decides about the practice: look, words, legal texts.

Revision: 20261124_settings
Follows: 20261124_payments
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261124_settings"
down_revision = "20261124_payments"
branch_labels = None
depends_on = None

# The same words on both engines.
PRACTICE = {
    "languages": """JSON DEFAULT '["en", "es"]' NOT NULL""",
    "accent": "VARCHAR(7) DEFAULT '' NOT NULL",
    "logo_version": "VARCHAR(16) DEFAULT '' NOT NULL",
    "logo_width": "INTEGER DEFAULT 0 NOT NULL",
    "logo_height": "INTEGER DEFAULT 0 NOT NULL",
    "logo_has_name": "BOOLEAN DEFAULT false NOT NULL",
    "logo_paper": "VARCHAR(5) DEFAULT '' NOT NULL",
    "sender_name": "VARCHAR(120) DEFAULT '' NOT NULL",
    "reply_to": "VARCHAR(254) DEFAULT '' NOT NULL",
    "legal_versions": "JSON DEFAULT '{}' NOT NULL",
}


def upgrade() -> None:
    for column, kind in PRACTICE.items():
        op.execute(f"ALTER TABLE practice ADD COLUMN {column} {kind}")
    op.create_table(
        "practice_file",
        sa.Column("name", CleanText(20), nullable=False),
        sa.Column("media_type", CleanText(40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_practice_file"),
    )
    op.create_table(
        "legal_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "imprint",
                "privacy",
                "policy",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", CleanText(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name="fk_legal_text_by_id_account", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_legal_text"),
        sa.UniqueConstraint("kind", "version", name="uq_legal_text_kind_version"),
    )


def downgrade() -> None:
    op.drop_table("legal_text")
    op.drop_table("practice_file")
    for column in reversed(PRACTICE):
        op.execute(f"ALTER TABLE practice DROP COLUMN {column}")

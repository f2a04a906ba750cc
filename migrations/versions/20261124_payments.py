"""Payments at the desk and their receipts.

Revision: 20261124_payments
Follows: 20261124_clients
"""

import sqlalchemy as sa
from alembic import op

from booking import guards
from booking.columns import Cents, CleanText, UTCDateTime

revision = "20261124_payments"
down_revision = "20261124_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", Cents(), nullable=False),
        sa.Column("currency", CleanText(3), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "cash", "card", "transfer", "other", "let_go",
                name="method", native_enum=False, create_constraint=True, length=30,
            ),
            nullable=False,
        ),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "amount_cents <> 0 AND (amount_cents > 0) = (reverses_id IS NULL)", name="amount"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_payment_booking_id_booking"
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_payment_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name="fk_payment_taken_by_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["payment.id"], name="fk_payment_reverses_id_payment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
        sa.UniqueConstraint("reverses_id", name="uq_payment_reverses_id"),
    )  # fmt: skip
    op.create_index("ix_payment_booking_id", "payment", ["booking_id"])
    op.create_index("ix_payment_day", "payment", ["paid_on", "practitioner_id"])
    op.create_table(
        "receipt_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_receipt_year"),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", Cents(), nullable=False),
        sa.Column("currency", CleanText(3), nullable=False),
        sa.Column("printed", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name="fk_receipt_payment_id_payment"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sa.UniqueConstraint("payment_id", name="uq_receipt_payment_id"),
        sa.UniqueConstraint("year", "number", name="uq_receipt_year_number"),
    )
    guards.seal(op.get_bind())


def downgrade() -> None:
    """Take the books away: what was paid is lost with them."""
    guards.unseal(op.get_bind())
    for table in ("receipt", "receipt_year", "payment"):
        op.drop_table(table)

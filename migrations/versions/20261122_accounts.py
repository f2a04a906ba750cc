"""Accounts that are their owners': second factor, devices, invitations, erasure.

Revision: 20261122_accounts
Follows: 20261122_the_house
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime
from booking.domain.names import fold

revision = "20261122_accounts"
down_revision = "20261122_the_house"
branch_labels = None
depends_on = None


def new_columns() -> dict[str, tuple[sa.Column, ...]]:
    """Return plain new columns only: SQLite adds them in place, so no trigger is lost."""
    return {
        "account": (
            sa.Column("first_signed_in_at", UTCDateTime()),
            sa.Column("locale", CleanText(16)),
            sa.Column("reminder_leads", sa.JSON()),
            sa.Column("totp_secret", CleanText(64)),
            sa.Column("totp_since", UTCDateTime()),
            sa.Column("totp_step", sa.BigInteger()),
        ),
        "account_session": (
            sa.Column("is_remembered", sa.Boolean(), nullable=False, server_default=sa.true()),
            sa.Column("proved_at", UTCDateTime()),
            sa.Column("factor_at", UTCDateTime()),
        ),
        "one_time_token": (sa.Column("about", CleanText(60), nullable=False, server_default=""),),
        "outgoing_mail": (sa.Column("erase_at", UTCDateTime()),),
        "person": (
            sa.Column("consented_at", UTCDateTime()),
            sa.Column("erased_at", UTCDateTime()),
            sa.Column("folded_name", CleanText(240), nullable=False, server_default=""),
        ),
        # A practice that is already there decides itself when to ask its staff for it.
        "practice": (sa.Column("second_factor_days", sa.Integer()),),
    }


def upgrade() -> None:
    for table, columns in new_columns().items():
        for column in columns:
            op.add_column(table, column)
    _fold_names()
    op.create_index("ix_person_folded_name", "person", ["folded_name"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", CleanText(64), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name="fk_recovery_code_account_id_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_code_code_hash"),
    )
    op.create_index("ix_recovery_code_account_id", "recovery_code", ["account_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", CleanText(254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "client",
                "practitioner",
                "manager",
                name="invited_role",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["practitioner.id"],
            name="fk_invitation_practitioner_id_practitioner",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["account.id"], name="fk_invitation_invited_by_id_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
    )


def _fold_names() -> None:
    """Write the names of those who are there already as they are looked for."""
    connection = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("name"), sa.column("folded_name"))
    for number, name in connection.execute(sa.select(person.c.id, person.c.name)).all():
        connection.execute(
            person.update().where(person.c.id == number).values(folded_name=fold(name)[:240])
        )


def downgrade() -> None:
    op.drop_index("ix_person_folded_name", "person")
    op.drop_table("invitation")
    op.drop_table("recovery_code")
    for table, columns in new_columns().items():
        for column in columns:
            op.drop_column(table, column.name)

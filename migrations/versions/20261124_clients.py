"""The clients' record: notes, flags, blocks, merging, and files of clients.

Revision: 20261124_clients
Follows: 20261124_catalog
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime

revision = "20261124_clients"
down_revision = "20261124_catalog"
branch_labels = None
depends_on = None

NEW_TABLES = (
    "client_import", "two_people", "person_merge", "client_note", "person_flag", "client_flag",
)  # fmt: skip
COLOURS = ("green", "clay", "gold", "blue", "plum", "grey")


def _key(table: str, column: str, other: str, ondelete: str | None = None) -> sa.Constraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _table(name: str, *rest: sa.Column | sa.Constraint) -> None:
    key = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, sa.Column("id", sa.Integer(), nullable=False), *rest, key)


def upgrade() -> None:
    kind = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE person ADD COLUMN blocked_at {kind}")
    _table(
        "client_flag",
        sa.Column("name", CleanText(40), nullable=False),
        sa.Column(
            "colour",
            sa.Enum(*COLOURS, name="colour", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
    )
    _table(
        "person_flag",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        _key("person_flag", "person_id", "person"),
        _key("person_flag", "flag_id", "client_flag", "CASCADE"),
    )
    _table(
        "client_note",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        _key("client_note", "person_id", "person"),
    )
    _table(
        "person_merge",
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", UTCDateTime(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        _key("person_merge", "kept_id", "person"),
        _key("person_merge", "other_id", "person"),
    )
    _table(
        "two_people",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        _key("two_people", "one_id", "person"),
        _key("two_people", "other_id", "person"),
    )
    _table(
        "client_import",
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("has_headings", sa.Boolean(), nullable=False),
        _key("client_import", "begun_by_id", "account"),
    )
    for table, column in (
        ("person_flag", "person_id"), ("person_flag", "flag_id"), ("client_note", "person_id"),
        ("person_merge", "kept_id"), ("person_merge", "other_id"), ("two_people", "one_id"),
        ("two_people", "other_id"), ("client_import", "begun_at"),
    ):  # fmt: skip
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_column("person", "blocked_at")

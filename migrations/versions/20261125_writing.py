"""Writing articles: states, drafts, versions, pictures, sources, services.

Revision: 20261125_writing
Follows: 20261125_mail_log
"""

import sqlalchemy as sa
from alembic import op

from booking.columns import CleanText, UTCDateTime
from booking.domain.names import fold

revision = "20261125_writing"
down_revision = "20261125_mail_log"
branch_labels = None
depends_on = None

# The same words on both engines, but for how each calls an instant.
ARTICLE = {
    "archived_at": "{instant}",
    "shelved_at": "{instant}",
    "changed_at": "{instant}",
    "folded_title": "VARCHAR(400) DEFAULT '' NOT NULL",
    "by_id": "INTEGER CONSTRAINT fk_article_by_id_account REFERENCES account (id)",
    "picture_id": "INTEGER CONSTRAINT fk_article_picture_id_picture REFERENCES picture (id)",
    "sources": "JSON DEFAULT '[]' NOT NULL",
}


def upgrade() -> None:
    _make_pictures()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    instant = "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"
    for column, kind in ARTICLE.items():
        op.execute(f"ALTER TABLE article ADD COLUMN {column} {kind.format(instant=instant)}")
    _fold_titles()
    _make_services()
    _make_versions()
    _make_drafts()
    _make_links()


def _make_pictures() -> None:
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", CleanText(20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("ending", CleanText(4), nullable=False),
        sa.Column("alt", CleanText(300), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_picture"),
        sa.UniqueConstraint("digest", name="uq_picture_digest"),
    )
    op.create_table(
        "picture_file",
        sa.Column("name", CleanText(40), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"],
            name="fk_picture_file_picture_id_picture", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_picture_file"),
    )  # fmt: skip
    op.create_index("ix_picture_file_picture_id", "picture_file", ["picture_id"])


def _fold_titles() -> None:
    article = sa.table("article", sa.column("id"), sa.column("title"), sa.column("folded_title"))
    bind = op.get_bind()
    for number, title in bind.execute(sa.select(article.c.id, article.c.title)).all():
        values = {"folded_title": fold(title)[:400]}
        bind.execute(sa.update(article).where(article.c.id == number).values(values))


def _make_services() -> None:
    op.create_table(
        "article_service",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_service_article_id_article", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"],
            name="fk_article_service_service_id_service", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "service_id", name="pk_article_service"),
    )  # fmt: skip
    op.create_index(
        "ix_article_service_service_id", "article_service", ["service_id", "article_id"]
    )


def _make_versions() -> None:
    op.create_table(
        "article_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", CleanText(200), nullable=False),
        sa.Column("summary", CleanText(300), nullable=False),
        sa.Column("body_markdown", CleanText(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_version_article_id_article", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"],
            name="fk_article_version_by_id_account", ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_version"),
        sa.UniqueConstraint("article_id", "number", name="uq_article_version_article_id_number"),
    )  # fmt: skip


def _make_drafts() -> None:
    op.create_table(
        "article_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("key", CleanText(40), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"],
            name="fk_article_draft_account_id_account", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_article_draft_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article_draft"),
        sa.UniqueConstraint("account_id", "key", name="uq_article_draft_account_id_key"),
    )  # fmt: skip
    op.create_index("ix_article_draft_article_id", "article_draft", ["article_id"])


def _make_links() -> None:
    op.create_table(
        "preview_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"],
            name="fk_preview_link_article_id_article", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_preview_link"),
    )  # fmt: skip
    op.create_index("ix_preview_link_article_id", "preview_link", ["article_id"])


def downgrade() -> None:
    for table in ("preview_link", "article_draft", "article_version", "article_service"):
        op.drop_table(table)
    for column in reversed(ARTICLE):
        op.execute(f"ALTER TABLE article DROP COLUMN {column}")
    op.drop_table("picture_file")
    op.drop_table("picture")

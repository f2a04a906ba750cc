"""The words of the articles, as a search asks for them."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.database import Model
from booking.domain.terms import LONGEST_TERM

# Compared by code points on both engines: PostgreSQL's own order would cut spans elsewhere.
Term = String(LONGEST_TERM).with_variant(String(LONGEST_TERM, collation="C"), "postgresql")


class ArticleTerm(Model):
    """One term of an article (see `domain/terms`), with the weight of where it stands."""

    __tablename__ = "article_term"
    # Holds all that a search reads, so that it never comes to the rows themselves.
    __table_args__ = (Index("ix_article_term_term", "term", "article_id", "weight"),)

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    term: Mapped[str] = mapped_column(Term, primary_key=True)
    weight: Mapped[int]

"""What an import has said and made, and pictures to bring along."""

from collections import Counter
from pathlib import Path

from click.testing import Result
from PIL import Image
from sqlalchemy import select

from booking.articles.models import Article
from booking.database import db

GREEN = (60, 110, 80)


def verbs(result: Result) -> Counter[str]:
    known = ("made", "changed", "as it was", "left")
    return Counter(verb for line in result.stdout.splitlines() for verb in known
                   if line.startswith(f"{verb} "))  # fmt: skip


def rows() -> dict[str, Article]:
    db.session.rollback()
    return {one.slug: one for one in db.session.scalars(select(Article).order_by(Article.id))}


def draw(path: Path, size: tuple[int, int] = (640, 400)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, GREEN).save(path)

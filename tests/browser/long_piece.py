"""A published piece with all that a piece may have, so that its page is measured with all of it."""

from datetime import UTC, datetime

from booking.articles import operations
from booking.articles.models import Picture
from booking.articles.operations import Draft, Source

SLUG = "all-that-a-piece-may-have"
# Long enough for a table of contents.
TEXT = f"""A line.[^1]

## Why

{"Ankles roll on stones, on stairs and in the dark. " * 52}

![A foot](drawing:arch-of-the-foot "The arch")

## What helps

| Exercise | How often | With what |
|----------|:---------:|----------:|
| On one leg, beside the kitchen table | daily | nothing |
| Calf raises, slowly down | three days a week | a step |

### Later

> Slowly.

1. Walk.
2. Run.

## When to see a doctor

When you cannot stand on it.[^1]

[^1]: As the study below has it."""


def publish(picture: Picture, now: datetime) -> None:
    """Write it, dated so that it stands last in every list."""
    draft = Draft(
        "All that a piece may have", SLUG, f'{TEXT}\n\n![A field]({picture.address} "A road")',
        "Rosa Field", "Ankles.", True, published_at=datetime(2001, 5, 1, tzinfo=UTC),
        author_note="Rosa runs.", picture=picture, topics=("foot", "personal-training"),
        sources=(Source("A study", "https://example.org/a"),),
    )  # fmt: skip
    operations.save(draft, now)

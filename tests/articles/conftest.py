"""Bringing files in with the command as it is typed."""

from pathlib import Path

import pytest
from click.testing import Result

from booking.articles.import_cli import import_articles


@pytest.fixture
def bring(app, studio, tmp_path):
    """Import what stands in `texts`, files by name, with the command as it is typed."""

    def bring_in(texts: dict[str, str | bytes] | Path, *options: str) -> Result:
        if isinstance(texts, dict):
            folder = tmp_path / "posts"
            for name, text in texts.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            texts = folder
        return app.test_cli_runner().invoke(import_articles, [str(texts), *options])

    return bring_in

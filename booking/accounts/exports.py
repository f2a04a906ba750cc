"""My data, as a file: JSON for programs and HTML for people, in one ZIP."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def _plain(value: datetime | date) -> str:
    """Instants and dates as ISO 8601 has them."""
    return value.isoformat()


def archive(
    data: Mapping[str, Any], page: str, stamp: tuple[int, int, int, int, int, int]
) -> bytes:
    """Return the ZIP; `stamp` is the local time its files carry."""
    texts = {
        "my-data.json": json.dumps(data, ensure_ascii=False, indent=2, default=_plain),
        "my-data.html": page,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in texts.items():
            packed.writestr(zipfile.ZipInfo(name, stamp), text.encode(), zipfile.ZIP_DEFLATED)
    return file.getvalue()

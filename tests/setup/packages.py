"""Packages that are made for a test, and pinned as those of a project are."""

import hashlib
import zipfile
from pathlib import Path


def pin_package(folder: Path, version: str) -> None:
    """Make a package and name it, with its hash, in both of the lock files."""
    (folder / "wheels").mkdir(exist_ok=True)
    wheel = folder / "wheels" / f"tiny-{version}-py3-none-any.whl"
    about = f"tiny-{version}.dist-info"
    contents = {
        "tiny.py": f"VERSION = {version}",
        f"{about}/METADATA": f"Name: tiny\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            # Without the time of day, every such package has the same hash.
            archive.writestr(zipfile.ZipInfo(path), text)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (folder / name).write_text(f"tiny=={version} --hash=sha256:{digest}\n")

"""The page of figures: made of what the runs came to, with what was taken out beside it."""

from pathlib import Path

from tests import prove

RUN = {
    "part": "web", "engine": "sqlite", "size": 0.1, "held": True, "seconds": 90,
    "date": "2026-11-23 09:00", "machine": "2 cores",
    "rows": [
        {"what": "killed", "engine": "sqlite", "figures": {"kills": 1200, "steps": {"a": 3}}},
        {"what": "killed", "engine": "sqlite", "figures": {"control": "the key", "doubled": 2}},
    ],
}  # fmt: skip


def test_the_page_says_what_was_found_with_the_guard_and_without():
    page = prove.page({"web sqlite": RUN, "web postgresql": {**RUN, "held": False, "rows": []}})
    assert "| killed | sqlite |  | kills 1,200, steps (a: 3) |" in page
    assert "| killed | sqlite | the key | doubled 2 |" in page
    assert "held; 2026-11-23 09:00 UTC, 0.1 of the full size" in page
    assert "**DID NOT HOLD**" in page
    assert "Not run yet: races, crowd," in page


def test_every_part_names_tests_that_exist_and_none_that_tells_is_left_out():
    folder = Path(prove.__file__).parent / "faults"
    telling = {
        file.stem for file in folder.glob("test_*.py") if "figures import" in file.read_text()
    }
    named = {name for _title, names in prove.PARTS.values() for name in names}
    assert named <= {file.stem for file in folder.glob("test_*.py")}
    assert telling <= named

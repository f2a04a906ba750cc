"""A page used by keyboard alone, where the focus has to be seen at every stop."""

import pytest
from playwright.sync_api import Page


def tab_to(page: Page, tag: str, label: str) -> None:
    """Press Tab until something with this label has the focus, which shows at every stop."""
    for _stop in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(DESCRIBE_FOCUS)
        assert stop["outline"] >= 2, stop
        if stop["tag"] == tag and label in stop["label"]:
            return
    pytest.fail(f"no {tag} with the label {label} is reached by Tab")


DESCRIBE_FOCUS = """() => {
  const found = document.activeElement, style = getComputedStyle(found);
  return {
    tag: found.localName,
    label: [found, ...found.labels ?? []].map((one) => one.textContent).join(" "),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  };
}"""

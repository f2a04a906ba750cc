"""Two ways to use a page: by pointing at things, and by keyboard alone."""

from typing import Protocol

from playwright.sync_api import Page

from tests.browser import keyboard


class Hands(Protocol):
    """Press, type and tick, whatever one does it with; a label may be a part of it."""

    page: Page

    def press(self, tag: str, label: str) -> None: ...

    def type(self, label: str, words: str) -> None: ...

    def tick(self, label: str) -> None: ...


class Pointer:
    """A finger or a mouse."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, tag: str, label: str) -> None:
        self.page.locator(f"main {tag}").filter(has_text=label).click()

    def type(self, label: str, words: str) -> None:
        self.page.get_by_label(label).fill(words)

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()


class Keyboard:
    """The keyboard, with the focus seen at every stop."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, tag: str, label: str) -> None:
        keyboard.tab_to(self.page, tag, label)
        self.page.keyboard.press("Enter")

    def type(self, label: str, words: str) -> None:
        keyboard.tab_to(self.page, "input", label)
        self.page.keyboard.type(words)

    def tick(self, label: str) -> None:
        keyboard.tab_to(self.page, "input", label)
        self.page.keyboard.press("Space")

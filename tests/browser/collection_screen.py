"""The Collection page as a visitor sees it."""

import re

from playwright.sync_api import expect


class CollectionScreen:
    """The Collection page of one visitor."""

    def __init__(self, screen):
        self.screen = screen
        self.page = screen.page

    @property
    def grid(self):
        return self.page.locator(".collection .grid")

    @property
    def tiles(self):
        return self.page.locator(".collection .tile")

    @property
    def first(self):
        """The tile at the upper left."""
        return self.page.locator(".collection .tile[aria-posinset='1']")

    @property
    def counts(self):
        return self.page.locator(".collection .counts")

    @property
    def left(self):
        return self.page.locator(".collection .tools-row .count")

    @property
    def chips(self):
        return self.page.locator(".collection .chip")

    def wait_for_pictures(self, count):
        """Until all are counted exactly, and what is in sight is painted."""
        expect(self.counts).to_have_text(re.compile(rf"^[\d,]+ segments in {count} pictures$"))
        for layer in ("photo", "map"):
            expect(self.first.locator(f".{layer} img")).to_have_count(1)
        return self

    def ask(self, text):
        box = self.page.get_by_role("combobox", name="Ask for pictures")
        box.fill(text)
        box.press("Enter")

    def names(self):
        """Of the tiles that exist, as they lie."""
        return self.tiles.evaluate_all(
            """(tiles) => tiles
              .map((tile) => [new DOMMatrix(tile.style.transform), tile.title])
              .sort(([a], [b]) => a.f - b.f || a.e - b.e).map(([, title]) => title)"""
        )

    def tick_first(self):
        self.first.locator(".tick").click()
        expect(self.first).to_have_attribute("aria-selected", "true")

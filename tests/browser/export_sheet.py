"""The export sheet: what a visitor chooses there, what it says, and the file that comes."""

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from panoseg.export import FORMATS

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Said:
    """What the sheet says of the file to come.

    Attributes:
        name: the file's.
        files: how many are in it.
        size: bytes, in its words.
    """

    name: str
    files: int
    size: str


class ExportSheet:
    """The sheet of a screen, opened with `open_sheet`."""

    def __init__(self, screen):
        self._screen = screen
        self.dialog = screen.page.get_by_role("dialog", name="Export")

    @property
    def summary(self):
        """The line that says what comes."""
        return self.dialog.get_by_text(re.compile(r" · \d+ files? · [\d.]+ [kM]B$"))

    @property
    def download_button(self):
        return self.dialog.get_by_role("button", name="Download", exact=True)

    def format(self, name):
        """The button of a format, by its name in `FORMATS`."""
        return self.dialog.get_by_role("button", name=FORMATS[name].title, exact=True)

    def choose(self, *names):
        """Have these formats chosen, and no others."""
        for name in [*names, *(each for each in FORMATS if each not in names)]:
            if (self.format(name).get_attribute("aria-pressed") == "true") != (name in names):
                with self._answer():
                    self.format(name).click()
                expect(self.format(name)).to_have_attribute(
                    "aria-pressed", "true" if name in names else "false"
                )

    def choose_segments(self, which):
        """All, Visible or Selected."""
        choice = self.dialog.get_by_role("radio", name=which, exact=True)
        if not choice.is_checked():
            with self._answer():
                choice.click()

    @contextmanager
    def _answer(self):
        """Wait until the server has answered what is done meanwhile: the sheet shows what was until then."""
        before = len(self._screen.received)
        yield
        end = time.monotonic() + PATIENCE_SECONDS
        while not any(ends_a_run(frame) for frame in self._screen.received[before:]):
            assert time.monotonic() < end, "the server does not answer"
            self._screen.page.wait_for_timeout(20)
        self._screen.wait_for_page()

    def said(self):
        """What the sheet says now."""
        self._screen.wait_for_page()
        name, files, size = self.summary.inner_text().rsplit(" · ", 2)
        return Said(name, int(files.split()[0]), size)

    def download(self):
        """(file name, bytes) of what the button gives."""
        with self._screen.page.expect_download() as download:
            self.download_button.click()
        with open(download.value.path(), "rb") as file:
            return download.value.suggested_filename, file.read()

    def close(self):
        self.dialog.get_by_role("button", name="Close", exact=True).click()
        expect(self.dialog).to_have_count(0)
        self._screen.wait_for_page()


def ends_a_run(frame):
    """Whether a message from the server says that it has sent all of an answer."""
    message = ForwardMsg()
    return (
        isinstance(frame, bytes)
        and len(frame) < 1000  # what is longer is a part of the page
        and message.ParseFromString(frame) > 0
        and message.WhichOneof("type") == "script_finished"
    )


def open_sheet(screen):
    """Press Export, once the server has heard of everything."""
    screen.wait_for_rerun()
    screen.press("Export")
    sheet = ExportSheet(screen)
    expect(sheet.download_button).to_be_visible()
    return sheet


def downloaded(screen, name, which="Visible"):
    """(file name, bytes) of one format, for these segments; the sheet is closed afterwards."""
    sheet = open_sheet(screen)
    sheet.choose_segments(which)
    sheet.choose(name)
    found = sheet.download()
    sheet.close()
    return found

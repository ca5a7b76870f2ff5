"""What a visitor asks for while the server still works on what came before."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE_SECONDS, serve
from tests.browser.export_sheet import ExportSheet
from tests.browser.screen import inside

pytestmark = pytest.mark.own_server


def wait_for(path):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name}: waited in vain"
        time.sleep(0.02)


@pytest.fixture
def gate(tmp_path):
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder


@pytest.fixture
def server(gate, tmp_path):
    """In place of the other tests' server."""
    with serve(tmp_path, "tests/browser/replaced_page.py", REPLACED_PAGE_GATE=str(gate)) as address:
        yield address


def test_a_press_on_export_is_not_taken_by_the_run_that_it_replaces(screen, segmentation, gate):
    (gate / "hold").touch()
    screen.click_at(*inside(segmentation, segmentation.segments[0].id))
    wait_for(gate / "1 held")  # the run that hears of the selection
    screen.press("Export")
    wait_for(gate / "2 held")  # the run of the press, whose callback has been there
    for number in (1, 2):
        (gate / f"{number} go").touch()
        wait_for(gate / f"{number} over")
    expect(ExportSheet(screen).download_button).to_be_visible()

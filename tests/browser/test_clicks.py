"""How many clicks it takes, dialogs of the browser's own not counted."""

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.demo.world import WORLD_VOCABULARY
from panoseg.export import coco_panoptic
from tests.browser.export_sheet import ExportSheet
from tests.browser.screen import inside
from tests.page.page import photo_file

COUNT = """
window.clicks = 0;
addEventListener("pointerdown", () => window.clicks++, { capture: true });
"""
SECOND = list(GALLERY)[1]


@pytest.fixture
def counted(visit, photo):
    """A page that counts."""
    return visit(init_script=COUNT).wait_for_map(photo).wait_for_page()


@pytest.fixture
def clicks(counted):
    """`clicks()`: how many there were since it was asked last."""

    def since():
        return counted.page.evaluate(
            "() => { const count = window.clicks; window.clicks = 0; return count; }"
        )

    return since


def test_a_photo_of_ones_own(counted, clicks):
    data = photo_file()
    counted.upload("mine.jpg", data)
    counted.wait_for_map(panoseg.open_photo(data))
    assert clicks() == 1


def test_another_scene(counted, clicks):
    counted.go_to(GALLERY[SECOND])
    counted.wait_for_map(open_scene(SECOND))
    assert clicks() == 1


def test_a_transparent_picture_of_one_object(counted, clicks, segmentation):
    segment = next(s for s in segmentation.segments if s.kind == "thing" and inside(segmentation, s.id))
    counted.click_at(*inside(segmentation, segment.id))
    counted.wait_for_selected(segment)
    clicks()
    counted.press("Export")
    name, _ = ExportSheet(counted).download()
    assert name.endswith("-cutout.png")
    assert clicks() == 2


def test_all_files(counted, clicks):
    counted.press("Export")
    name, _ = ExportSheet(counted).download()
    assert name.endswith("-panoseg.zip")
    assert clicks() == 2


def test_a_near_miss_comes_back(counted, clicks, photo):
    """With the page as it opens, whichever tab is seen."""
    counted.press_keys("Score", "End")
    counted.wait_for_map(photo, Thresholds(score=1.0))
    just_missed = counted.page.get_by_role("group", name="Just missed")
    just_missed.get_by_role("button").first.click()
    expect(counted.viewer).not_to_have_attribute("data-segments", "0")
    assert clicks() == 1


def test_a_comparison_with_an_annotation(counted, clicks, core, photo):
    data = coco_panoptic("truth", core(photo), WORLD_VOCABULARY)
    counted.upload("truth.zip", data, "application/zip")
    expect(counted.beside.viewer).to_have_attribute("data-outcomes", "shown")
    assert clicks() == 1

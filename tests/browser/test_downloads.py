"""The files that a visitor takes home hold what the core says and the screen shows."""

from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from tests.browser.export_sheet import downloaded
from tests.browser.screen import assert_pixels_agree
from tests.browser.test_photos import phone_photo

NAME = "Grüße *2* you.jpg"
THRESHOLDS = Thresholds(score=0.78)
BASE = "Grüße -2- you-demo-score0.78-mask0.50-overlap0.80"


@pytest.fixture
def photo():
    data, _ = phone_photo()
    return panoseg.open_photo(data, name=NAME)


@pytest.fixture
def screen(visit, photo):
    """The page with an uploaded photo at thresholds of its own."""
    screen = visit()
    data, _ = phone_photo()
    screen.upload(NAME, data)
    screen.wait_for_map(photo)
    screen.press_keys("Score", "ArrowLeft", "ArrowLeft")
    return screen.wait_for_map(photo, THRESHOLDS)


def test_the_overlay_is_what_is_seen(screen, photo, core):
    segmentation = core(photo, THRESHOLDS)
    shown = max(segmentation.segments, key=lambda segment: segment.area)
    screen.press("None")
    expect(screen.notice).to_contain_text("Every segment is hidden")
    screen.toggle(shown)
    expect(screen.notice).to_be_hidden()

    name, data = downloaded(screen, "overlay")

    assert name == f"{BASE}-overlay.png"
    overlay = Image.open(BytesIO(data))
    expected = panoseg.draw_overlay(photo, segmentation, 0.6, visible={shown.id})
    assert (overlay.format, overlay.mode, overlay.size) == ("PNG", "RGB", (320, 480))
    assert_pixels_agree(np.asarray(overlay), np.asarray(expected))


def test_the_table_holds_every_segment(screen, photo, core):
    name, data = downloaded(screen, "csv")
    assert name == f"{BASE}-segments.csv"
    expected = core(photo, THRESHOLDS).to_frame()
    got = pd.read_csv(BytesIO(data))
    assert set(got.model) == {"demo"}
    assert set(got.score_threshold) == {THRESHOLDS.score}
    # Areas too: another process may decide a pixel otherwise.
    pd.testing.assert_frame_equal(
        got[expected.columns], expected, check_dtype=False, check_exact=False, rtol=1e-2
    )


def test_the_id_map_is_the_cores(screen, photo, core):
    name, data = downloaded(screen, "ids")
    assert name == f"{BASE}-ids.png"
    assert_pixels_agree(np.asarray(Image.open(BytesIO(data))), core(photo, THRESHOLDS).id_map)

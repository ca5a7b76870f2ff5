"""The files that a visitor takes home hold what the core says and the screen shows."""

from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from tests.browser.screen import assert_pixels_agree
from tests.browser.test_photos import phone_photo

NAME = "Grüße *2* you.jpg"
STEM = "Grüße -2- you"
THRESHOLDS = Thresholds(score=0.78)


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
    expect(screen.shows("Every segment is hidden")).to_be_visible()
    screen.toggle(shown)
    # The server knows of it when it no longer says that all are hidden.
    expect(screen.shows("Every segment is hidden")).to_be_hidden()

    name, data = screen.download("Overlay PNG")

    assert name == f"{STEM}-overlay.png"
    overlay = Image.open(BytesIO(data))
    expected = panoseg.draw_overlay(photo, segmentation, 0.6, visible={shown.id})
    assert (overlay.format, overlay.mode, overlay.size) == ("PNG", "RGB", (320, 480))
    assert_pixels_agree(np.asarray(overlay), np.asarray(expected))


def test_the_table_holds_every_segment(screen, photo, core):
    name, data = screen.download("Table CSV")
    assert name == f"{STEM}-segments.csv"
    expected = core(photo, THRESHOLDS).to_frame()
    got = pd.read_csv(BytesIO(data))
    # Areas too: another process may decide a pixel otherwise.
    pd.testing.assert_frame_equal(got, expected, check_dtype=False, check_exact=False, rtol=1e-2)


def test_the_id_map_is_the_cores(screen, photo, core):
    name, data = screen.download("Id map PNG")
    assert name == f"{STEM}-ids.png"
    assert_pixels_agree(np.asarray(Image.open(BytesIO(data))), core(photo, THRESHOLDS).id_map)

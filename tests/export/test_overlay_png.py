"""The overlay file holds exactly what `draw_overlay` draws."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

import panoseg
from panoseg.export import overlay_png
from tests.export import samples


@pytest.mark.parametrize(
    ("opacity", "choices"),
    [(0.6, {}), (0, {"outlines": False}), (1, {"visible": {1, 3}}), (0.3, {"visible": (), "outlines": True})],
)
def test_it_is_what_is_drawn(opacity, choices):
    photo, segmentation = samples.photo(), samples.segmentation()
    with Image.open(BytesIO(overlay_png(photo, segmentation, opacity=opacity, **choices))) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        drawn = panoseg.draw_overlay(photo, segmentation, opacity, **choices)
        np.testing.assert_array_equal(np.asarray(image), np.asarray(drawn))


def test_with_everything_hidden_it_is_the_photo():
    photo = samples.photo()
    with Image.open(BytesIO(overlay_png(photo, samples.segmentation(), visible=()))) as image:
        np.testing.assert_array_equal(np.asarray(image), photo.pixels)


def test_another_size_is_refused():
    segmentation, _ = samples.labelled("dot")
    with pytest.raises(panoseg.InvalidValueError, match="wanted the same size"):
        overlay_png(samples.photo(), segmentation)

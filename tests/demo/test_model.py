"""The weights that ship: they know the drawn world, and the world's names for it."""

import pytest

import panoseg
from panoseg.demo.world import WORLD_VOCABULARY, draw_scene
from panoseg.models.loading import DEMO_FOLDER
from panoseg.photo import Photo
from panoseg.quality import LabelMap, panoptic_quality


@pytest.fixture(scope="module")
def segmenter() -> panoseg.Segmenter:
    return panoseg.load_segmenter("demo")


def test_names_are_the_worlds(segmenter):
    assert segmenter.vocabulary == WORLD_VOCABULARY


def test_scenes_it_never_saw_are_taken_apart_well(segmenter):
    pairs = []
    for seed in range(600_000, 600_006):
        scene = draw_scene(seed, (160, 240))
        prediction = segmenter.predict(Photo.from_pixels(scene.pixels, "scene"))
        pairs.append((LabelMap.of(scene), LabelMap.of(panoseg.panoptic(prediction))))
    quality = panoptic_quality(pairs, WORLD_VOCABULARY)
    assert quality.all is not None
    assert quality.all.pq > 0.75


def test_the_weights_are_small():
    assert sum(file.stat().st_size for file in DEMO_FOLDER.iterdir()) < 8_000_000

"""The drawn world: seeded, and its truth fits its pictures."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from panoseg.demo.canvas import Canvas
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.demo.pen import OVERSAMPLING, Pen
from panoseg.demo.thing_kinds import THINGS
from panoseg.demo.world import STUFF, WORLD_VOCABULARY, Scene, draw_scene
from panoseg.errors import InvalidValueError

SIZE = (160, 240)
SEEDS = range(30)


@pytest.fixture(scope="module")
def scenes() -> list[Scene]:
    return [draw_scene(seed, SIZE) for seed in SEEDS]


def test_arrays_have_the_promised_shapes_and_types(scenes):
    for scene in scenes:
        assert scene.pixels.shape == (*SIZE, 3)
        assert scene.pixels.dtype == np.uint8
        assert scene.id_map.shape == SIZE
        assert scene.id_map.dtype == np.int32


def test_every_pixel_belongs_to_a_listed_segment_and_every_segment_has_pixels(scenes):
    for scene in scenes:
        ids = [segment.id for segment in scene.segments]
        assert ids == list(range(1, len(ids) + 1))
        assert np.unique(scene.id_map).tolist() == ids


def test_stuff_comes_once_and_things_several_times(scenes):
    most = 0
    for scene in scenes:
        labels = [segment.label for segment in scene.segments]
        assert all(labels.count(stuff) <= 1 for stuff in STUFF)
        most = max(most, *(labels.count(thing) for thing in THINGS))
    assert most >= 4


def test_nothing_is_too_small_to_be_seen(scenes):
    for scene in scenes:
        areas = np.bincount(scene.id_map.ravel())[1:]
        assert areas.min() >= 0.004 * scene.id_map.size


def test_all_classes_occur(scenes):
    found = {segment.class_id for scene in scenes for segment in scene.segments}
    assert found == set(range(len(WORLD_VOCABULARY)))


def test_things_come_first_in_the_vocabulary():
    assert [WORLD_VOCABULARY.labels[i] for i in sorted(WORLD_VOCABULARY.things)] == list(THINGS)


def test_a_seed_is_a_scene():
    first, again, other = draw_scene(5, SIZE), draw_scene(5, SIZE), draw_scene(6, SIZE)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.id_map, again.id_map)
    assert (first.pixels != other.pixels).mean() > 0.5


@pytest.mark.parametrize("seed", range(4))
def test_a_scene_looks_the_same_at_twice_the_size(seed):
    small, large = draw_scene(seed, (128, 192)), draw_scene(seed, (256, 384))
    assert small.segments == large.segments
    assert (small.id_map == large.id_map[::2, ::2]).mean() > 0.97
    colours = large.pixels.reshape(128, 2, 192, 2, 3).mean((1, 3))
    assert np.abs(colours - small.pixels).mean() < 6


@pytest.mark.parametrize("size", [(64, 64), (90, 240), (200, 96)])
def test_any_proportions(size):
    scene = draw_scene(3, size)
    assert scene.pixels.shape[:2] == scene.id_map.shape == size


def test_a_size_too_small_for_things_is_refused():
    with pytest.raises(InvalidValueError, match="64×64 pixels, got 63×200"):
        draw_scene(0, (63, 200))


@pytest.mark.parametrize("label", THINGS)
def test_drawings_stay_inside_their_boxes(label):
    thing, margin, scale = THINGS[label], 0.25, 80
    left, bottom, right, top = thing.box
    for seed in range(12):
        pen = Pen((left - margin, bottom - margin, right + margin, top + margin), scale, (0, 0))
        thing.draw(pen, np.random.default_rng(seed))
        coverage = pen.tile()[..., 3]
        rim = round(margin * scale) - 1
        coverage[rim:-rim, rim:-rim] = 0
        assert not coverage.any()


def test_half_covered_pixels_are_owned_and_less_covered_ones_are_not():
    canvas = Canvas((8, 8))
    canvas.patch([(0.125, 0), (0.125 + 0.334 / 8, 0), (0.125 + 0.334 / 8, 0.5), (0.125, 0.5)]).own(1)
    canvas.patch([(0.5, 0), (0.5 + 0.9 / 8, 0), (0.5 + 0.9 / 8, 0.5), (0.5, 0.5)]).own(2)
    assert OVERSAMPLING == 3
    assert set(np.unique(canvas.id_map[:4, 4])) == {2}
    assert 1 not in canvas.id_map[:4, 2:]


def test_shadows_change_no_truth():
    canvas = Canvas((40, 40))
    canvas.pixels[:] = 200
    canvas.shadow(0.5, 0.5, 0.3, 0.1, 0.4)
    assert canvas.pixels.min() < 130
    assert not canvas.id_map.any()


def test_the_gallery_is_what_its_names_say():
    assert len(set(GALLERY.values())) == len(GALLERY) == 8
    digests = set()
    for name, title in GALLERY.items():
        photo = open_scene(name, (64, 96))
        assert photo.name == title
        digests.add(photo.digest)
    assert len(digests) == 8
    with pytest.raises(InvalidValueError, match="got 'moon'"):
        open_scene("moon")


def test_drawing_loads_no_network_library():
    code = "import sys; import panoseg.demo.gallery; print({'torch', 'transformers'} & sys.modules.keys())"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

"""Tiles in which the segments that were lost are lit up."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from panoseg import Thresholds
from panoseg.collection.evaluated import Evaluated
from panoseg.collection.lost_tiles import draw_lost
from panoseg.collection.questions import Lost
from panoseg.collection.tiles import DIMMED, OPACITY
from panoseg.evaluation import evaluate_run, read_annotations
from panoseg.label_colors import label_color
from tests.evaluation.worlds import prediction_of, write_annotation, write_run

SIZE = (40, 60)
PERSON, BALL = 1, 2  # as the data set numbers them


def columns(first, end):
    mask = np.zeros(SIZE, bool)
    mask[:, first:end] = True
    return mask


@pytest.fixture
def lit(tmp_path):
    """A person at the left that is below the score, a person that is found, a ball at the right that is not
    there, and a speck of a ball in the void between them: the tile of what was lost so, as RGBA.
    """
    id_map = np.zeros(SIZE, int)
    id_map[:, :20], id_map[:, 20:36], id_map[20, 38] = 5, 9, 300
    annotated = [(5, PERSON, False), (9, PERSON, False), (300, BALL, False)]
    prediction = prediction_of(
        [columns(0, 20), columns(20, 36), columns(44, 60)], [{2: 0.6}, {2: 0.95}, {3: 0.9}]
    )
    id_map[:, 40:] = 77
    path = write_annotation(tmp_path, {"a.jpg": (id_map, [*annotated, (77, 11, False)])})
    with write_run(tmp_path / "run", {"a.jpg": prediction}) as run:
        annotations = read_annotations(path)
        found = Evaluated(evaluate_run(run, annotations, Thresholds()), annotations, np.zeros(1, np.int64))

        def draw(*wanted):
            png = draw_lost(found, run[0], wanted)
            return np.asarray(Image.open(BytesIO(png)).convert("RGBA"))

        yield draw


def looks(pixels):
    """(colour, strength) → how many pixels."""
    values, counts = np.unique(pixels.reshape(-1, 4), axis=0, return_counts=True)
    return {((*value[:3],), value[3]): count for value, count in zip(values.tolist(), counts, strict=True)}


def test_a_missed_segment_is_striped_where_the_annotation_has_it(lit):
    pixels = lit(Lost("missed", "score"))
    person = label_color("person")
    striped = looks(pixels[:, :19])
    assert striped[person, OPACITY] == pytest.approx(pixels[:, :19, 0].size / 3, rel=0.05)
    assert set(striped) == {(person, OPACITY), ((0, 0, 0), 0)}
    assert looks(pixels[2:-2, 24:34]) == {(person, DIMMED): (SIZE[0] - 4) * 10}  # what is found is faint
    assert (label_color("ball"), OPACITY) not in looks(pixels)


def test_a_surplus_segment_is_painted_and_others_are_faint(lit):
    pixels = lit(Lost("surplus"))
    assert looks(pixels[2:-2, 46:58]) == {(label_color("ball"), OPACITY): (SIZE[0] - 4) * 12}
    assert (label_color("person"), OPACITY) not in looks(pixels)


def test_a_speck_has_a_frame(lit):
    pixels = lit(Lost("missed", "", "ball"))
    rows, columns = np.nonzero((pixels == (255, 255, 255, 190)).all(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (17, 24, 35, 42)


def test_a_match_and_a_query_that_was_not_kept_are_painted_where_they_are_asked_for(lit):
    person, rows = label_color("person"), SIZE[0] - 4
    found = lit(Lost("found", "", "person"))
    assert looks(found[2:-2, 24:34]) == {(person, OPACITY): rows * 10}
    assert (person, OPACITY) not in looks(found[:, :19])
    proposed = lit(Lost("proposed", scores=(0.5, 0.7)))
    assert looks(proposed[2:-2, 2:17]) == {(person, OPACITY): rows * 15}
    assert looks(proposed[2:-2, 24:34]) == {(person, DIMMED): rows * 10}
    surest = lit(Lost("predicted", scores=(0.94, 1.0)))
    assert looks(surest[2:-2, 24:34]) == {(person, OPACITY): rows * 10}
    assert looks(surest[2:-2, 46:58]) == {(label_color("ball"), DIMMED): rows * 12}


def test_of_several_conditions_each_counts(lit):
    both = looks(lit(Lost("missed", "score"), Lost("surplus")))
    assert {(label_color("person"), OPACITY), (label_color("ball"), OPACITY)} <= both.keys()

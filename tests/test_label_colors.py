import numpy as np
import pytest

from panoseg.label_colors import label_color
from panoseg.models.checkpoints.data_sets import DATA_SETS
from tests.ciede2000 import difference

SETS = list(DATA_SETS.values()) if isinstance(DATA_SETS, dict) else list(DATA_SETS)
PEOPLE = ("person", "rider", "bicyclist", "motorcyclist", "other-rider", "person, individual, someone")


def colors(labels):
    return np.array([label_color(label) for label in labels], np.uint8)


@pytest.mark.parametrize("data_set", SETS, ids=lambda data_set: data_set.name)
def test_any_two_labels_of_a_data_set_differ(data_set):
    # Mapillary has one name for the front and the back of a traffic sign.
    labels = [label for label in data_set.labels if "Traffic Sign (Back)" not in label]
    found = colors(labels)
    differences = difference(found[:, None], found[None]) + 99 * np.eye(len(labels))
    one, other = np.unravel_index(differences.argmin(), differences.shape)
    assert differences.min() >= 3, (labels[one], labels[other])


@pytest.mark.parametrize("data_set", SETS, ids=lambda data_set: data_set.name)
def test_people_stand_apart(data_set):
    others = [
        label
        for label in data_set.labels
        if label_color(label) not in {label_color(person) for person in PEOPLE}
    ]
    assert len(others) >= len(data_set.labels) - 5
    assert difference(colors(others), colors(["person"])).min() >= 18


def hue_and_lightness(label):
    red, green, blue = (value / 255 for value in label_color(label))
    largest, smallest = max(red, green, blue), min(red, green, blue)
    spread = largest - smallest
    if largest == red:
        hue = (green - blue) / spread % 6
    elif largest == green:
        hue = (blue - red) / spread + 2
    else:
        hue = (red - green) / spread + 4
    return 60 * hue, (largest + smallest) / 2


@pytest.mark.parametrize(
    ("label", "hues"),
    [
        ("sky-other-merged", (185, 225)),
        ("sky", (185, 225)),
        ("water-other", (200, 230)),
        ("sea", (200, 230)),
        ("grass-merged", (80, 130)),
        ("tree-merged", (100, 150)),
        ("vegetation", (100, 150)),
        ("person", (330, 360)),
        ("dirt-merged", (15, 45)),
        ("car", (215, 250)),
    ],
)
def test_what_has_a_natural_color_has_that(label, hues):
    hue, _ = hue_and_lightness(label)
    assert hues[0] <= hue <= hues[1]


@pytest.mark.parametrize(
    "names",
    [
        ("sky", "sky-other-merged", "Sky", "sky, heavens"),
        ("tree", "tree-merged", "TREE"),
        ("person", "Person", "person, individual, someone, somebody, mortal, soul"),
        ("potted plant", "potted_plant", "Potted-Plant"),
        ("couch", "sofa", "sofa, couch, lounge"),
    ],
)
def test_a_name_has_one_color_in_every_model(names):
    assert len({label_color(name) for name in names}) == 1


def test_an_unknown_name_leans_on_a_word_that_is_known():
    kin, known = colors(["birch tree", "tree"])
    assert (kin != known).any()
    assert difference(kin, known) < 25


def test_an_unknown_name_has_a_color_of_its_own_letters():
    assert label_color("flux capacitor") == label_color("Flux_Capacitor")
    names = [f"{first}{second}" for first in "abcdef" for second in "uvwxyz"]
    assert len({label_color(name) for name in names}) > 24

import pytest

from panoseg.errors import ModelError
from panoseg.models.checkpoints import data_sets


def config_of(labels: tuple[str, ...], **more: object) -> dict[str, object]:
    return {"id2label": {str(i): label for i, label in enumerate(labels)}, **more}


@pytest.mark.parametrize(
    ("data_set", "classes", "things", "samples"),
    [
        (data_sets.COCO_PANOPTIC, 133, 80, {0: "person", 79: "toothbrush", 80: "banner", 132: "rug-merged"}),
        (data_sets.COCO_INSTANCE, 80, 80, {0: "person", 79: "toothbrush"}),
        (data_sets.ADE20K, 150, 100, {0: "wall", 12: "person", 122: "tank", 149: "flag"}),
        (data_sets.CITYSCAPES, 19, 8, {0: "road", 10: "sky", 11: "person", 18: "bicycle"}),
        (data_sets.CITYSCAPES_INSTANCE, 8, 8, {0: "person", 7: "bicycle"}),
        (data_sets.MAPILLARY_VISTAS, 65, 37, {0: "Bird", 43: "Pothole", 55: "Car", 64: "Ego Vehicle"}),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_data_sets(data_set: data_sets.DataSet, classes: int, things: int, samples: dict[int, str]) -> None:
    assert len(data_set.labels) == len(set(data_set.labels)) == classes
    assert len(data_set.things) == things
    assert data_set.things <= set(range(classes))
    assert {i: data_set.labels[i] for i in samples} == samples
    if data_set.category_ids is not None:
        assert len(set(data_set.category_ids)) == classes


def test_coco_category_ids_have_the_known_gaps() -> None:
    ids = data_sets.COCO_PANOPTIC.category_ids
    assert ids is not None
    assert list(ids) == sorted(ids)
    assert (ids[0], ids[11], ids[79], ids[80], ids[132]) == (1, 13, 90, 92, 200)
    assert {12, 26, 29, 30, 45, 66, 68, 69, 71, 83, 91}.isdisjoint(ids)
    assert data_sets.COCO_INSTANCE.category_ids == ids[:80]


@pytest.mark.parametrize(
    ("data_set", "things", "stuff"),
    [
        (data_sets.COCO_PANOPTIC, "person car book", "sky-other-merged sand tree-merged"),
        (data_sets.ADE20K, "bed person streetlight flag", "wall sky tank blanket shower"),
        (data_sets.CITYSCAPES, "rider train", "pole vegetation"),
        (data_sets.MAPILLARY_VISTAS, "Bird Manhole Truck", "Sky Pothole Road"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_kinds_of_some_labels(data_set: data_sets.DataSet, things: str, stuff: str) -> None:
    names = {data_set.labels[i] for i in data_set.things}
    assert set(things.split()) <= names
    assert names.isdisjoint(stuff.split())
    assert set(stuff.split()) <= set(data_set.labels)


@pytest.mark.parametrize("data_set", data_sets.DATA_SETS, ids=lambda data_set: data_set.name)
def test_labels_of_a_known_data_set_are_recognised(data_set: data_sets.DataSet) -> None:
    spelt = tuple(f" {label.upper().replace('-', '_')}, also known as x " for label in data_set.labels)
    vocabulary = data_sets.vocabulary_of("someone/fine-tune", config_of(spelt))
    assert vocabulary.labels == tuple(label.strip() for label in spelt)
    assert vocabulary.things == data_set.things
    assert vocabulary.dataset_ids == (data_set.category_ids or tuple(range(len(spelt))))


@pytest.mark.parametrize(
    ("name", "data_set"),
    [
        ("facebook/mask2former-swin-tiny-coco-panoptic", data_sets.COCO_PANOPTIC),
        ("facebook/mask2former-swin-base-IN21k-coco-instance", data_sets.COCO_INSTANCE),
        ("facebook/mask2former-swin-large-ade-panoptic", data_sets.ADE20K),
        ("facebook/mask2former-swin-base-IN21k-ade-semantic", data_sets.ADE20K),
        ("facebook/mask2former-swin-small-cityscapes-panoptic", data_sets.CITYSCAPES),
        ("facebook/mask2former-swin-tiny-cityscapes-instance", data_sets.CITYSCAPES_INSTANCE),
        ("facebook/mask2former-swin-large-cityscapes-instance", data_sets.CITYSCAPES),
        ("facebook/mask2former-swin-large-mapillary-vistas-semantic", data_sets.MAPILLARY_VISTAS),
    ],
)
def test_official_checkpoints_are_known_by_id(name: str, data_set: data_sets.DataSet) -> None:
    labels = tuple(f"class {i}" for i in range(len(data_set.labels)))
    assert data_sets.vocabulary_of(name, config_of(labels)).things == data_set.things
    with pytest.raises(ModelError):
        data_sets.vocabulary_of(name.replace("facebook", "someone"), config_of(labels))
    with pytest.raises(ModelError):
        data_sets.vocabulary_of(name, config_of((*labels, "one more")))


def test_one_other_label_is_another_data_set() -> None:
    labels = (*data_sets.COCO_PANOPTIC.labels[:-1], "dragon")
    with pytest.raises(ModelError, match="things="):
        data_sets.vocabulary_of("someone/fine-tune", config_of(labels))
    swapped = (*data_sets.CITYSCAPES.labels[:-2], *reversed(data_sets.CITYSCAPES.labels[-2:]))
    with pytest.raises(ModelError, match="things="):
        data_sets.vocabulary_of("someone/fine-tune", config_of(swapped))


@pytest.mark.parametrize(
    ("things", "wanted"),
    [(["cat"], {1}), (("cat", "sky "), {0, 1}), ([2], {2}), ([], set()), ({"cat", 0}, {0, 1})],
)
def test_things_by_hand(things: list[str | int], wanted: set[int]) -> None:
    config = config_of(("sky", "cat", "dog"))
    assert data_sets.vocabulary_of("x", config, things).things == wanted
    assert data_sets.vocabulary_of("x", {**config, "panoseg_things": list(things)}).things == wanted


def test_the_caller_goes_before_the_config_before_the_data_set() -> None:
    config = config_of(data_sets.CITYSCAPES.labels)
    assert data_sets.vocabulary_of("x", {**config, "panoseg_things": [0]}).things == {0}
    vocabulary = data_sets.vocabulary_of("x", {**config, "panoseg_things": [0]}, ["sky"])
    assert vocabulary.things == {10}
    assert vocabulary.dataset_ids == data_sets.CITYSCAPES.category_ids


@pytest.mark.parametrize("things", [["bird"], [3], [-1], "cat", 1, [None], [["cat"]], 2.5])
def test_things_that_are_none(things: object) -> None:
    with pytest.raises(ModelError, match="labels"):
        data_sets.vocabulary_of("x", config_of(("sky", "cat", "dog")), things)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"id2label": {}},
        {"id2label": ["sky"]},
        {"id2label": {"0": "LABEL_0", "1": "LABEL_1"}},
        {"id2label": {"0": "sky", "2": "cat"}},
        {"id2label": {"0": "sky", "1": ""}},
        {"id2label": {"0": "sky", "1": None}},
    ],
)
def test_configs_without_labels(config: dict[str, object]) -> None:
    with pytest.raises(ModelError, match="label"):
        data_sets.vocabulary_of("x", config, [])

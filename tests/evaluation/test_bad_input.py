"""What cannot be evaluated is one clear sentence, and what is missing is n/a."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from panoseg import Vocabulary
from panoseg.errors import GroundTruthError, InvalidValueError
from panoseg.evaluation import AnnotatedClass, evaluate_run, read_annotations
from panoseg.evaluation.classes import match_classes
from panoseg.runs import import_coco_panoptic
from tests.evaluation.worlds import (
    CATEGORIES,
    VOCABULARY,
    prediction_of,
    random_prediction,
    random_truth,
    write_annotation,
    write_run,
)


@pytest.fixture
def truths():
    rng = np.random.default_rng(1)
    return {f"p{n}.jpg": random_truth(rng) for n in range(3)}


@pytest.fixture
def run(tmp_path, truths):
    rng = np.random.default_rng(2)
    predictions = {name: random_prediction(rng, truth) for name, truth in truths.items()}
    with write_run(tmp_path / "run", predictions) as made:
        yield made


def changed(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.pop("categories"), "no “categories”"),
        (lambda c: c.update(annotations=[]), "describes no picture"),
        (lambda c: c.update(categories=[]), "lists no categories"),
        (lambda c: c["categories"].append(dict(c["categories"][0])), "category 11 more than once"),
        (lambda c: c["categories"][0].pop("id"), "no proper id"),
        (lambda c: c["annotations"].append(c["annotations"][0]), "“p0.png” more than once"),
        (lambda c: c["annotations"][0].pop("file_name"), "without a proper file_name"),
        (lambda c: c["annotations"][0].update(file_name="../p0.png"), "without a proper file_name"),
        (lambda c: c["annotations"][0]["segments_info"][0].update(category_id=999), "category 999 is none"),
        (lambda c: c["annotations"][0]["segments_info"][0].pop("category_id"), "no id or category_id"),
        (lambda c: c["annotations"][0]["segments_info"][0].update(id=0), "0 is void"),
        (
            lambda c: c["annotations"][0]["segments_info"].append(c["annotations"][0]["segments_info"][0]),
            "a segment more than once",
        ),
    ],
)
def test_a_json_that_contradicts_itself(tmp_path, truths, change, words):
    path = changed(write_annotation(tmp_path, truths), change)
    with pytest.raises(GroundTruthError, match=words):
        read_annotations(path)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"annotations": 3, "categories": []}'])
def test_no_annotation_at_all(tmp_path, content):
    (tmp_path / "truth.json").write_text(content)
    with pytest.raises(GroundTruthError, match=r"truth\.json"):
        read_annotations(tmp_path / "truth.json")
    with pytest.raises(GroundTruthError, match="cannot be read"):
        read_annotations(tmp_path / "gone.json")


def test_ids_that_only_one_file_has_fail_that_picture_alone(tmp_path, truths, run):
    id_map, segments = truths["p0.jpg"]
    truths["p0.jpg"] = id_map, [*segments, (77_777, 1, False)]
    id_map, segments = truths["p1.jpg"]
    truths["p1.jpg"] = id_map, segments[1:]
    found = evaluate_run(run, read_annotations(write_annotation(tmp_path, truths)))
    assert len(found.pictures) == 1
    assert [name for name, _ in found.failures] == ["p0.jpg", "p1.jpg"]
    assert "segment 77777 is in the annotation's JSON but not in its PNG" in found.failures[0][1]
    assert f"segment {segments[0][0]} is in the annotation's PNG but not in its JSON" in found.failures[1][1]


def test_damaged_missing_and_grey_pngs(tmp_path, truths, run):
    path = write_annotation(tmp_path, truths)
    (tmp_path / "truth" / "p0.png").write_bytes(b"no picture")
    (tmp_path / "truth" / "p1.png").unlink()
    Image.new("L", (32, 24)).save(tmp_path / "truth" / "p2.png")
    with pytest.raises(GroundTruthError, match=r"No picture could be evaluated. The first: “p0.jpg”"):
        evaluate_run(run, read_annotations(path))
    shutil.copy(tmp_path / "truth" / "p2.png", tmp_path / "spare.png")
    truths = dict(list(truths.items())[:1])
    write_annotation(tmp_path, truths)
    found = evaluate_run(run, read_annotations(path))
    assert len(found.pictures) == 1 and found.surplus == 2


def test_an_annotation_of_other_pictures(tmp_path, truths, run):
    path = write_annotation(tmp_path, {f"x{name}": truth for name, truth in truths.items()}, name="other")
    with pytest.raises(GroundTruthError, match=r"of other pictures: it begins with “xp0\.jpg”"):
        evaluate_run(run, read_annotations(path))


def test_an_empty_run(tmp_path, truths):
    path = write_annotation(tmp_path, truths)
    with (
        write_run(tmp_path / "empty", {}) as empty,
        pytest.raises(GroundTruthError, match="no finished picture"),
    ):
        evaluate_run(empty, read_annotations(path))


def test_another_size_is_evaluated_at_the_annotations(tmp_path):
    id_map, segments = random_truth(np.random.default_rng(3), crowd=0, void=0)
    large = id_map.repeat(2, 0).repeat(2, 1)
    class_of = {number: c for c, number in enumerate(VOCABULARY.dataset_ids)}
    prediction = prediction_of(
        [id_map == own for own, _, _ in segments], [{class_of[c]: 0.97} for _, c, _ in segments]
    )
    path = write_annotation(tmp_path, {"a.jpg": (large, segments)})
    with write_run(tmp_path / "run", {"a.jpg": prediction}) as run:
        found = evaluate_run(run, read_annotations(path))
    assert found.pictures[0].resized and found.pictures[0].size == large.shape
    assert found.figures.groups["all"].pq > 0.85


def test_a_class_that_does_not_occur_is_not_applicable(tmp_path):
    id_map = np.full((6, 8), 5)
    path = write_annotation(tmp_path, {"a.jpg": (id_map, [(5, 1, False)])})
    with write_run(tmp_path / "run", {"a.jpg": prediction_of([id_map == 5], [{2: 0.95}])}) as run:
        found = evaluate_run(run, read_annotations(path))
    assert [each.pq for each in found.figures.classes] == [None, None, pytest.approx(1), None]
    assert found.figures.groups["stuff"].pq is None
    assert found.figures.groups["all"].count == 1


def test_a_crowd_of_stuff_is_a_crowd(tmp_path):
    id_map = np.repeat([[1, 2]], 6, axis=0).repeat(6, axis=1)
    path = write_annotation(tmp_path, {"a.jpg": (id_map, [(1, 12, True), (2, 11, False)])})
    prediction = prediction_of([id_map == 1, id_map == 2], [{1: 0.95}, {0: 0.95}])
    with write_run(tmp_path / "run", {"a.jpg": prediction}) as run:
        found = evaluate_run(run, read_annotations(path))
    assert found.figures.counts[:, 1:].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_results_without_logits(tmp_path, truths):
    path = write_annotation(tmp_path, truths)
    results = import_coco_panoptic(path, store=tmp_path / "theirs")
    annotations = read_annotations(path)
    found = evaluate_run(results, annotations)
    # Crowds are in these results, too, where nobody expects them: they are excused.
    assert found.figures.groups["all"].pq == pytest.approx(1)
    assert found.proposals is None
    for options in ({"sweep_masks": (0.5,)}, {"thresholds": __import__("panoseg").Thresholds()}):
        with pytest.raises(InvalidValueError, match="no logits"):
            evaluate_run(results, annotations, **options)
    results.close()


def classes(*names):
    return [AnnotatedClass(*each) for each in names]


def test_classes_meet_by_number_and_name_then_by_name(tmp_path):
    annotated = classes((11, "sky", False), (1, "Person", True), (5, "ball", True), (12, "lawn", False))
    match = match_classes(VOCABULARY, annotated)
    assert match.annotated.tolist() == [0, 3, 1, 2, -1]
    assert match.renamed == (("grass", "lawn"),)
    assert match.only_model == match.only_annotation == ()


def test_other_numbers_do_not_make_other_classes():
    vocabulary = Vocabulary(["wall", "building", "sky"], [], [0, 1, 2])
    annotated = classes((0, "road", False), (1, "sky", False), (2, "tree", False))
    match = match_classes(vocabulary, annotated)
    assert match.annotated.tolist() == [-1, -1, 1, -1]
    assert match.only_model == ("wall", "building")
    with pytest.raises(InvalidValueError, match="nothing in common; --mapping"):
        match_classes(vocabulary, classes((0, "road", False)))
    generic = Vocabulary(["LABEL_0", "LABEL_1"], [], [0, 1])
    assert match_classes(generic, annotated).annotated.tolist() == [0, 1, -1]


def test_a_mapping_counts_alone(tmp_path):
    vocabulary = Vocabulary(["wall", "building", "sky"], [], [0, 1, 2])
    annotated = classes((7, "sky", False), (8, "house", False))
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps({"wall": "house", "building": 8}))
    assert match_classes(vocabulary, annotated, path).annotated.tolist() == [1, 1, -1, -1]
    for content, words in (
        ({"door": "house"}, "no label 'door'"),
        ({"wall": "door"}, "no category 'door'"),
        ([], "wanted"),
        ({"wall": None}, "wanted"),
    ):
        path.write_text(json.dumps(content))
        with pytest.raises(InvalidValueError, match=words):
            match_classes(vocabulary, annotated, path)
    with pytest.raises(InvalidValueError, match="cannot be read"):
        match_classes(vocabulary, annotated, tmp_path / "gone.json")


def test_pictures_meet_by_stem_where_that_is_clear(tmp_path, truths):
    rng = np.random.default_rng(0)
    predictions = {f"val/{name}": random_prediction(rng, truth) for name, truth in truths.items()}
    predictions["other/p0.jpg"] = predictions["val/p0.jpg"]
    path = write_annotation(tmp_path, truths)
    with write_run(tmp_path / "run2", predictions) as run:
        found = evaluate_run(run, read_annotations(path))
    assert [picture.run_name for picture in found.pictures] == [None, "val/p1.jpg", "val/p2.jpg"]
    assert found.missing == 1 and CATEGORIES

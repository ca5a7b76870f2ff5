"""Results of others as a run without logits."""

import json

import numpy as np
import pytest
from PIL import Image

from panoseg import Thresholds
from panoseg.demo.annotated import SIZE, write_scenes
from panoseg.demo.world import WORLD_VOCABULARY, draw_scene
from panoseg.errors import InvalidValueError, RunError, SourceError
from panoseg.runs import import_coco_panoptic, make_run
from tests.fakes import FakeSegmenter
from tests.runs.pictures import contents


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenes")
    write_scenes(folder, 3, annotations=True)
    return folder


def imported(scenes, tmp_path, change=None, **options):
    """The annotation as if it were somebody's results, changed before it is read."""
    content = json.loads((scenes / "annotations" / "panoptic.json").read_text())
    if change:
        change(content)
    path = tmp_path / "results.json"
    path.write_text(json.dumps(content))
    options = {"masks": scenes / "annotations" / "panoptic", "pictures": scenes, **options}
    return import_coco_panoptic(path, store=tmp_path / "run", **options)


def test_maps_come_in_as_they_are(scenes, tmp_path):
    run = imported(scenes, tmp_path)
    assert (len(run), run.has_thresholds, run.header.holds) == (3, False, "segmentations")
    assert run.header.vocabulary == WORLD_VOCABULARY
    for number, item in enumerate(run, 1):
        scene = draw_scene(600_000 + number, SIZE)
        found = item.segmentation()
        np.testing.assert_array_equal(found.id_map, scene.id_map)
        assert [s.label for s in found.segments] == [s.label for s in scene.segments]
        np.testing.assert_array_equal(item.photo().pixels, scene.pixels)
    assert len(run.to_frame()) == sum(len(item.segmentation().segments) for item in run)


def test_thresholds_are_refused_with_the_reason(scenes, tmp_path):
    run = imported(scenes, tmp_path)
    for use in (
        lambda: run[0].segmentation(Thresholds()),
        lambda: run[0].segmentation(task="semantic"),
        lambda: run.to_frame(Thresholds()),
        lambda: run.export("ids", tmp_path / "out", Thresholds()),
    ):
        with pytest.raises(InvalidValueError, match=r"finished maps .*, no logits"):
            use()
    with pytest.raises(RunError, match="no logits"):
        run[0].prediction()


def test_scores_and_gaps_in_ids_are_kept(scenes, tmp_path):
    def change(content):
        content["annotations"][0]["segments_info"][0]["score"] = 0.25

    found = imported(scenes, tmp_path, change)[0].segmentation()
    assert found.segments[0].score == 0.25
    assert found.segments[1].score == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda a: a["segments_info"].pop(), "in the PNG but not the JSON"),
        (lambda a: a["segments_info"].append({"id": 999, "category_id": 1}), "in the JSON but not the PNG"),
        (lambda a: a["segments_info"].append(a["segments_info"][0]), "more than once"),
        (lambda a: a["segments_info"][0].update(category_id=77), "category 77 is none"),
        (lambda a: a["segments_info"][0].pop("category_id"), "no id or category_id"),
        (lambda a: a.update(file_name="missing.png"), "does not exist"),
    ],
    ids=["unlisted", "unmapped", "twice", "category", "no category", "no file"],
)
def test_what_does_not_fit_fails_alone(scenes, tmp_path, change, says):
    run = imported(scenes, tmp_path, lambda content: change(content["annotations"][1]))
    assert len(run) == 2
    ((name, error),) = run.failures
    assert name == "scene-00002.png"
    assert says in error


def test_a_map_of_another_size_fails_alone(scenes, tmp_path):
    run = imported(scenes, tmp_path, lambda content: content["images"][2].update(width=7))
    assert "480×320" in run.failures[0][1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.pop("categories"), "no “annotations” or no “categories”"),
        (lambda c: c["categories"].append(c["categories"][0]), "make no sense"),
        (lambda c: c["categories"][0].pop("name"), "make no sense"),
        (lambda c: c["annotations"].clear(), "describes no picture"),
        (lambda c: c["annotations"][0].pop("segments_info"), "without a proper file_name"),
        (lambda c: c["annotations"][0].update(file_name="../x.png"), "without a proper file_name"),
        (lambda c: c["images"][0].update(file_name="/etc/x.png"), "without a proper file_name"),
    ],
    ids=["no categories", "category twice", "no name", "empty", "no segments", "leads out", "absolute"],
)
def test_what_makes_no_sense_is_refused_before_anything_is_made(scenes, tmp_path, change, says):
    with pytest.raises(SourceError, match=says):
        imported(scenes, tmp_path, change)
    assert not (tmp_path / "run").exists()


def test_no_json(scenes, tmp_path):
    (tmp_path / "x.json").write_text("{")
    for name, says in (("x.json", "is no JSON"), ("missing.json", "cannot be read")):
        with pytest.raises(SourceError, match=says):
            import_coco_panoptic(tmp_path / name, store=tmp_path / "run")


def test_going_on_gives_the_same(scenes, tmp_path):
    class EnoughError(Exception):
        pass

    def stop(progress):
        if progress.done == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        imported(scenes, tmp_path, progress=stop)
    imported(scenes, tmp_path)
    before = contents(tmp_path / "run")
    (tmp_path / "again").mkdir()
    imported(scenes, tmp_path / "again")
    assert contents(tmp_path / "again" / "run") == before


def test_a_run_of_results_takes_no_predictions(scenes, tmp_path):
    imported(scenes, tmp_path)
    with pytest.raises(RunError, match="holds results of others"):
        make_run(scenes, store=tmp_path / "run", model=FakeSegmenter())


def test_grey_maps_are_refused(scenes, tmp_path):
    masks = tmp_path / "masks"
    masks.mkdir()
    for number in (1, 2, 3):
        Image.fromarray(np.zeros(SIZE, np.uint8)).save(masks / f"scene-{number:05d}.png")
    run = imported(scenes, tmp_path, masks=masks)
    assert all("has no colours" in error for _, error in run.failures)
    assert len(run.failures) == 3

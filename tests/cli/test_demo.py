"""`panoseg demo`."""

import json

import numpy as np
import pytest

import panoseg
from panoseg.demo import gallery
from panoseg.demo.world import WORLD_VOCABULARY
from panoseg.ground_truth import read_coco_panoptic
from panoseg.runs import find_pictures
from tests.cli.shell import only_line, run


def test_demo_writes_the_gallery(monkeypatch, tmp_path, capsys):
    names = list(gallery.GALLERY)[:2]
    monkeypatch.setattr(gallery, "GALLERY", {name: gallery.GALLERY[name] for name in names})
    assert run("demo", tmp_path / "scenes") == 0
    assert capsys.readouterr().out.count("wrote ") == 2
    for name in names:
        written = panoseg.open_photo(tmp_path / "scenes" / f"{name}.png")
        np.testing.assert_array_equal(written.pixels, gallery.open_scene(name).pixels)


def test_annotated_scenes_fit_together(tmp_path, capsys):
    assert run("demo", tmp_path, "--count", 2, "--annotations") == 0
    assert "wrote 2 scenes" in capsys.readouterr().out
    content = json.loads((tmp_path / "annotations" / "panoptic.json").read_text())
    for image, annotation in zip(content["images"], content["annotations"], strict=True):
        assert panoseg.open_photo(tmp_path / image["file_name"]).size == (image["height"], image["width"])
        truth = read_coco_panoptic(
            (tmp_path / "annotations" / "panoptic" / annotation["file_name"]).read_bytes(),
            json.dumps(content).encode(),
            WORLD_VOCABULARY,
            annotation["file_name"],
        )
        areas = np.bincount(truth.labels.id_map.ravel())
        assert [s["area"] for s in annotation["segments_info"]] == areas[1:].tolist()
        assert truth.vocabulary == WORLD_VOCABULARY
    # The pictures are found, the masks are not taken for pictures.
    assert [source.name for source in find_pictures([tmp_path])] == ["scene-00001.png", "scene-00002.png"]


@pytest.mark.parametrize("options", [["--annotations"], ["--count", "0"]])
def test_what_makes_no_sense_is_refused(tmp_path, capsys, options):
    assert run("demo", tmp_path / "x", *options) == 2
    assert "wanted" in only_line(capsys.readouterr())
    assert not (tmp_path / "x").exists()

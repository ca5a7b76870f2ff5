"""The present segmentation against an annotation that the user brings."""

import io
import zipfile

import panoseg
from panoseg.export import coco_panoptic
from tests.fakes import VOCABULARY, fake_prediction


def bring(page, size):
    segmentation = panoseg.panoptic(fake_prediction(size))
    page.app.toggle(key="compare").set_value(True)
    page.run()
    archive = zipfile.ZipFile(io.BytesIO(coco_panoptic("garden", segmentation, VOCABULARY)))
    for name in archive.namelist():
        kind = name.rsplit(".")[-1]
        page.app.file_uploader(key=f"truth-{kind}").set_value((name, archive.read(name), "text/plain"))
    page.run()


def tables(page):
    return [table.value for table in page.app.dataframe]


def test_a_segmentation_matches_itself_and_less_when_a_threshold_moves(page, models):
    bring(page, (page.photo["height"], page.photo["width"]))
    quality, outcome = tables(page)[-2:]
    assert list(quality["PQ"]) == ["100.0", "100.0", "100.0"]
    assert list(outcome["result"]) == ["matches"] * 5
    assert (outcome["IoU"] == 1).all()

    page.move("score", 0.96)
    quality, outcome = tables(page)[-2:]
    assert list(quality["PQ"]) == ["50.0", "0.0", "100.0"]
    assert list(outcome["result"]) == ["matches"] * 2 + ["missing"] * 3
    assert models.demo.calls == 1


def test_an_annotation_of_another_picture_is_refused(page):
    bring(page, (40, 40))
    (error,) = page.errors
    assert "The annotation is 40×40 pixels and the picture" in error
    assert page.shows_its_segments

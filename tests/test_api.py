"""What the package shows to the world."""

import panoseg


def test_public_names():
    assert panoseg.__all__ == sorted(panoseg.__all__)
    assert set(panoseg.__all__) == {
        "Candidate", "Instances", "InvalidValueError", "Landscape", "ModelError", "PanosegError", "Photo",
        "PhotoError", "PhotoLimits", "Prediction", "Run", "RunError", "RunItem", "Segment",
        "Segmentation", "Segmenter", "SourceError", "Thresholds", "Vocabulary", "candidates", "draw_overlay",
        "import_coco_panoptic", "instances", "landscape", "load_segmenter", "make_run", "margin",
        "open_photo", "open_run", "panoptic", "semantic",
    }  # fmt: skip
    assert all(hasattr(panoseg, name) for name in panoseg.__all__)


def test_every_error_can_be_caught_as_one():
    for error in (panoseg.InvalidValueError, panoseg.ModelError, panoseg.PhotoError):
        assert issubclass(error, panoseg.PanosegError)

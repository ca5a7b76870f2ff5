"""panoseg: explore what Mask2Former sees in a picture.

Bytes become a photo, a photo becomes a prediction (one forward pass), a prediction becomes a
segmentation (as often as a threshold moves), and a segmentation becomes a picture, a table or a file.

>>> import panoseg
>>> segmenter = panoseg.load_segmenter("demo")  # doctest: +SKIP
>>> prediction = segmenter.predict(panoseg.open_photo("photo.jpg"))  # doctest: +SKIP
>>> panoseg.panoptic(prediction).to_frame()  # doctest: +SKIP
"""

from panoseg.drawing import draw_overlay
from panoseg.errors import InvalidValueError, ModelError, PanosegError, PhotoError, RunError, SourceError
from panoseg.merging import (
    Candidate,
    Instances,
    Landscape,
    candidates,
    instances,
    landscape,
    margin,
    panoptic,
    semantic,
)
from panoseg.models import Segmenter, load_segmenter
from panoseg.photo import Photo, PhotoLimits, open_photo
from panoseg.prediction import Prediction
from panoseg.runs import Run, RunItem, import_coco_panoptic, make_run, open_run
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary

__all__ = [
    "Candidate",
    "Instances",
    "InvalidValueError",
    "Landscape",
    "ModelError",
    "PanosegError",
    "Photo",
    "PhotoError",
    "PhotoLimits",
    "Prediction",
    "Run",
    "RunError",
    "RunItem",
    "Segment",
    "Segmentation",
    "Segmenter",
    "SourceError",
    "Thresholds",
    "Vocabulary",
    "candidates",
    "draw_overlay",
    "import_coco_panoptic",
    "instances",
    "landscape",
    "load_segmenter",
    "make_run",
    "margin",
    "open_photo",
    "open_run",
    "panoptic",
    "semantic",
]

__version__ = "0.1.0"

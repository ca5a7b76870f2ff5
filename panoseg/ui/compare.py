"""How well the present segmentation matches an annotation that the user brings."""

from collections.abc import Hashable

import pandas as pd
import streamlit as st

from panoseg.errors import GroundTruthError, PanosegError
from panoseg.ground_truth import GroundTruth, read_coco_panoptic
from panoseg.quality import LabelMap, MeanQuality, match, panoptic_quality
from panoseg.segmentation import Segmentation
from panoseg.ui import state
from panoseg.ui.words import plain
from panoseg.vocabulary import Vocabulary


def compare_with_annotation(segmentation: Segmentation, vocabulary: Vocabulary, subject: Hashable) -> None:
    """Upload a COCO panoptic PNG and JSON; see PQ, SQ and RQ, and what matches, is missing or is extra."""
    if not st.toggle("Compare with an annotation", key="compare"):
        return
    st.caption(
        "The picture's annotation in the COCO panoptic format: an RGB PNG of ids, and the JSON that names "
        "them. Segments of one class match if they share more than half of their union."
    )
    left, right = st.columns(2)
    picture = left.file_uploader("PNG", key="truth-png")
    description = right.file_uploader("JSON", key="truth-json")
    if picture is None or description is None:
        return
    try:
        truth = state.once(
            "truth",
            (picture.file_id, description.file_id, subject),
            lambda: read_coco_panoptic(picture.getvalue(), description.getvalue(), vocabulary, picture.name),
        )
        _show(truth, segmentation)
    except PanosegError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")


def _show(truth: GroundTruth, segmentation: Segmentation) -> None:
    guess = LabelMap.of(segmentation)
    (height, width), (wanted_height, wanted_width) = truth.labels.id_map.shape, segmentation.size
    if (height, width) != (wanted_height, wanted_width):
        raise GroundTruthError(
            f"The annotation is {width}×{height} pixels and the picture {wanted_width}×{wanted_height}; "
            "wanted the annotation of this picture."
        )
    quality = panoptic_quality([(truth.labels, guess)], truth.vocabulary)
    st.dataframe(
        pd.DataFrame(
            [_row(name, getattr(quality, name)) for name in ("all", "things", "stuff")],
            columns=["group", "PQ", "SQ", "RQ", "classes"],
        ),
        hide_index=True,
    )
    st.dataframe(outcome(truth, guess), hide_index=True)


def _row(name: str, mean: MeanQuality | None) -> tuple[str, str, str, str, int]:
    if mean is None:
        return name, "n/a", "n/a", "n/a", 0
    return name, f"{100 * mean.pq:.1f}", f"{100 * mean.sq:.1f}", f"{100 * mean.rq:.1f}", mean.count


def outcome(truth: GroundTruth, guess: LabelMap) -> pd.DataFrame:
    """One row per segment of either side: label, result, IoU (None without a match), and both ids."""
    labels, matching = truth.vocabulary.labels, match(truth.labels, guess)
    rows: list[tuple[str, str, float | None, int | None, int | None]] = [
        *((labels[guess.classes[g]], "matches", iou, g, t) for (t, g), iou in matching.matches.items()),
        *((labels[truth.labels.classes[t]], "missing", None, None, t) for t in sorted(matching.missed)),
        *((labels[guess.classes[g]], "extra", None, g, None) for g in sorted(matching.surplus)),
    ]
    return pd.DataFrame(rows, columns=["label", "result", "IoU", "No.", "annotated as"])

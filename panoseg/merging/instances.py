"""Instances: objects that may overlap, each with its own mask.

By the paper's own code (Cheng et al., "Masked-attention Mask Transformer for Universal Image Segmentation",
CVPR 2022, arXiv 2112.01527).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.merging.parallel import in_parallel
from panoseg.merging.query_masks import trace_mask
from panoseg.merging.run_length_mask import RunLengthMask
from panoseg.merging.surfaces import surfaces_of
from panoseg.prediction import Prediction, Size
from panoseg.segment import Segment
from panoseg.segment_columns import frame_of
from panoseg.segmentation import Segmentation, describe_segments

if TYPE_CHECKING:
    import pandas as pd

# The mask of an instance is where its logit is above 0: at least the smallest number that is.
_ABOVE_ZERO = float(np.nextafter(0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Instances:
    """Objects of a photo, the surest first; they may overlap.

    Attributes:
        size: (H, W) of the photo in pixels.
        segments: ids 1 … N by descending score; areas and boxes are those of their own masks.
        masks: N masks as runs of pixels, in the same order; memory follows the length of their outlines.

    Raises:
        InvalidValueError: ids that do not count from 1, not one mask per segment, or a mask of another size.
    """

    size: Size
    segments: tuple[Segment, ...]
    masks: tuple[RunLengthMask, ...]

    def __post_init__(self) -> None:
        ids = [segment.id for segment in self.segments]
        if ids != list(range(1, len(self.masks) + 1)):
            raise InvalidValueError(f"Segment ids: wanted 1 to {len(self.masks)}, one per mask, got {ids}.")
        if wrong := [mask.size for mask in self.masks if mask.size != self.size]:
            raise InvalidValueError(f"masks: wanted the photo's size {self.size}, got {wrong[0]}.")

    def __repr__(self) -> str:
        return f"<Instances of {describe_segments(self.segments, self.size)}>"

    def mask(self, segment_id: int) -> NDArray[np.bool_]:
        """(H, W) bool, true where the instance is.

        Raises:
            InvalidValueError: no instance has that id.
        """
        if not 1 <= segment_id <= len(self.segments):
            raise InvalidValueError(f"Segment id: wanted 1 to {len(self.segments)}, got {segment_id}.")
        return self.masks[segment_id - 1].to_mask()

    def flatten(self) -> Segmentation:
        """A flat map of all of them, the best score painted last.

        Segments keep the area and the box of their own mask, so their areas may add up to more than the
        photo, and one that others cover does not occur in the map.
        """
        id_map = np.zeros(self.size, np.int32)
        for segment, mask in reversed(list(zip(self.segments, self.masks, strict=True))):
            mask.paint(id_map, segment.id)
        return Segmentation(id_map, self.segments)

    def to_frame(self) -> pd.DataFrame:
        """One row per instance, by id; columns as those of `Segmentation.to_frame`."""
        return frame_of(self.segments, self.size)


def instances(prediction: Prediction, score: float = 0.0, limit: int = 100) -> Instances:
    """Objects by descending score.

    1. Of all pairs of a query and a class, the `limit` with the highest class probability; of them, the
    things. 2. The mask is where the query's logit, resized to the photo, is above 0. 3. The score is class
    probability × mean mask probability inside the mask; the latter is the quality.

    Args:
        prediction: of any geometry.
        score: an instance is kept if its score is strictly above this, 0–1.
        limit: how many pairs are looked at, from 1.

    Raises:
        InvalidValueError: a score outside 0–1, or a limit below 1.
    """
    if not 0 <= score <= 1:
        raise InvalidValueError(f"score: wanted a number from 0 to 1, got {score!r}.")
    if limit < 1:
        raise InvalidValueError(f"limit: wanted 1 or more, got {limit!r}.")
    probabilities = prediction.class_probabilities[:, :-1]
    best = np.argsort(-probabilities, axis=None, kind="stable")[:limit]
    pairs = [
        (int(query), int(class_id))
        for query, class_id in zip(*np.unravel_index(best, probabilities.shape), strict=True)
        # The score can only be lower than the class probability.
        if prediction.vocabulary.is_thing(int(class_id)) and probabilities[query, class_id] > score
    ]
    surfaces = surfaces_of(prediction)
    queries = sorted({query for query, _ in pairs})
    traced = in_parallel(trace_mask, ((surfaces, query, _ABOVE_ZERO) for query in queries))
    mask_of = dict(zip(queries, traced, strict=True))
    found = [
        (float(probabilities[query, class_id]) * mask_of[query][1], query, class_id)
        for query, class_id in pairs
        if mask_of[query][0].area
    ]
    ranked = sorted((one for one in found if one[0] > score), key=lambda one: -one[0])
    segments = tuple(
        _segment(prediction, number, *one, *mask_of[one[1]]) for number, one in enumerate(ranked, start=1)
    )
    return Instances(surfaces.size, segments, tuple(mask_of[query][0] for _, query, _ in ranked))


def _segment(
    prediction: Prediction,
    number: int,
    score: float,
    query: int,
    class_id: int,
    mask: RunLengthMask,
    quality: float,
) -> Segment:
    red, green, blue = (int(value) for value in prediction.colors[query])
    return Segment(
        id=number,
        class_id=class_id,
        label=prediction.vocabulary.labels[class_id],
        kind="thing",
        score=min(1.0, score),
        area=mask.area,
        bbox=mask.bbox,
        queries=(query,),
        color=(red, green, blue),
        quality=quality,
    )

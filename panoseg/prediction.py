"""What one forward pass of a mask-classification network said about one photo."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.coloring import colors_of_masks
from panoseg.errors import InvalidValueError
from panoseg.png import encode_png
from panoseg.vocabulary import Vocabulary

Size = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Prediction:
    """Raw logits of one forward pass, with the geometry that maps them onto the photo.

    It costs seconds to make and is never changed afterwards; every threshold, task and picture is
    computed from it. Arrays may come from NumPy, torch or anything that turns into an array.

    Attributes:
        class_logits: (Q, C + 1) float32; the last column is "no object".
        mask_logits: (Q, h, w) float32, the network's own mask resolution, unweighted.
        input_size: (height, width) in pixels of the padded network input.
        content_size: (height, width) of the part of that input which the photo fills, at its top left.
        image_size: (H, W) of the photo in pixels.
        vocabulary: names and kinds of the C classes.

    Raises:
        InvalidValueError: shapes that do not fit together, sizes below 1, NaN or infinite logits.
    """

    class_logits: NDArray[np.float32]
    mask_logits: NDArray[np.float32]
    input_size: Size
    content_size: Size
    image_size: Size
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        for name, dimensions in (("class_logits", 2), ("mask_logits", 3)):
            array = _frozen_float32(getattr(self, name))
            if array.ndim != dimensions:
                raise InvalidValueError(f"{name}: wanted {dimensions} dimensions, got shape {array.shape}.")
            if not np.isfinite(array).all():
                raise InvalidValueError(f"{name}: wanted finite numbers, got NaN or infinity.")
            object.__setattr__(self, name, array)
        for name in ("input_size", "content_size", "image_size"):
            object.__setattr__(self, name, _checked_size(name, getattr(self, name)))
        queries, columns = self.class_logits.shape
        if queries < 1 or len(self.mask_logits) != queries or min(self.mask_logits.shape[1:]) < 1:
            raise InvalidValueError(
                "Wanted one mask of at least 1×1 per row of class_logits, got shapes "
                f"{self.class_logits.shape} and {self.mask_logits.shape}."
            )
        if columns != len(self.vocabulary) + 1:
            raise InvalidValueError(
                f"class_logits: wanted {len(self.vocabulary) + 1} columns (one per label and one for "
                f'"no object"), got {columns}.'
            )
        if any(c > i for c, i in zip(self.content_size, self.input_size, strict=True)):
            raise InvalidValueError(
                f"content_size: wanted at most the input's {self.input_size}, got {self.content_size}."
            )

    def __repr__(self) -> str:
        queries, height, width = self.mask_logits.shape
        return (
            f"<Prediction of {self.image_size[1]}×{self.image_size[0]} pixels: {queries} queries, "
            f"{len(self.vocabulary)} classes, masks of {width}×{height}>"
        )

    @cached_property
    def class_probabilities(self) -> NDArray[np.float64]:
        """(Q, C + 1) softmax of the class logits; rows sum to 1."""
        logits = self.class_logits.astype(np.float64)
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
        return probabilities

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """(Q,) most probable class id of each query; C means "no object"."""
        return self.class_probabilities.argmax(axis=1)

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(Q,) probability of that class, 0–1."""
        return self.class_probabilities.max(axis=1)

    @cached_property
    def colors(self) -> NDArray[np.uint8]:
        """(Q, 3) sRGB colour of each query's segment.

        They depend on the prediction alone, so that moving a threshold never recolours a segment
        that stays. Queries of one stuff class share a colour, as they may share a segment. The likeliest
        choose first, so that no two of the first `coloring.DISTINCT` are alike. A query that gives
        "no object" counts by the class that it gives next, as it may be an instance of that.
        """
        no_object = len(self.vocabulary)
        groups = [
            no_object + query if label == no_object or label in self.vocabulary.things else int(label)
            for query, label in enumerate(self.labels)
        ]
        scores = self.class_probabilities[:, :-1].max(axis=1)
        return colors_of_masks(self.mask_logits, groups, scores.tolist())

    def _repr_png_(self) -> bytes:
        """What a notebook shows: a rough view, at the masks' own resolution, of the queries that are surer of
        something than of nothing. `panoseg.panoptic` is exact.
        """
        from PIL import Image

        kept = np.flatnonzero(self.labels != len(self.vocabulary))
        _, height, width = self.mask_logits.shape
        shown = np.zeros((height, width, 3), np.uint8)
        if len(kept):
            logits = self.mask_logits[kept]
            weights = self.scores[kept, None, None] / (1 + np.exp(-np.clip(logits, -30, 30)))
            owner = weights.argmax(axis=0)
            inside = np.take_along_axis(logits, owner[None], axis=0)[0] >= 0
            shown[inside] = self.colors[kept][owner][inside]
        rows, columns = (
            max(1, round(side * content / whole))
            for side, content, whole in zip((height, width), self.content_size, self.input_size, strict=True)
        )
        scale = 512 / max(self.image_size)
        size = max(1, round(self.image_size[1] * scale)), max(1, round(self.image_size[0] * scale))
        return encode_png(Image.fromarray(shown[:rows, :columns]).resize(size, Image.Resampling.NEAREST))


def _frozen_float32(values: Any) -> NDArray[np.float32]:
    if hasattr(values, "detach"):  # a torch tensor, perhaps on a GPU, perhaps in half precision
        values = values.detach().float().cpu().numpy()
    array = np.ascontiguousarray(values, dtype=np.float32).view()
    array.flags.writeable = False
    return array


def _checked_size(name: str, size: Any) -> Size:
    try:
        height, width = (int(side) for side in size)
    except (TypeError, ValueError):
        raise InvalidValueError(f"{name}: wanted (height, width), got {size!r}.") from None
    if height < 1 or width < 1:
        raise InvalidValueError(f"{name}: wanted sides of at least 1 pixel, got {size!r}.")
    return height, width

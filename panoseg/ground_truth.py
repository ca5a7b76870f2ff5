"""An annotation in a model's words: what a prediction is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects

from panoseg.annotation import Annotation, Category, read_annotation
from panoseg.coloring import colors_of_map
from panoseg.comparison import Side
from panoseg.errors import GroundTruthError
from panoseg.quality import VOID, LabelMap, ids_in
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, eq=False)
class GroundTruth:
    """One annotated picture.

    Attributes:
        labels: id map (H, W), 0 is void; class ids are those of `vocabulary`; crowds are marked.
        vocabulary: the model's, with the annotation's further categories added at its end, so that
            what the model cannot name counts as missed.
    """

    labels: LabelMap
    vocabulary: Vocabulary

    @classmethod
    def of(cls, annotation: Annotation, vocabulary: Vocabulary) -> GroundTruth:
        """The annotation in a model's words; categories meet by the data set's own ids.

        Raises:
            GroundTruthError: the ids of both files differ.
        """
        class_of = {dataset_id: c for c, dataset_id in enumerate(vocabulary.dataset_ids)}
        unknown = sorted({segment.category for segment in annotation.segments} - class_of.keys())
        for dataset_id in unknown:
            class_of[dataset_id] = len(class_of)
        described = [annotation.categories.get(i, Category("", is_thing=True)) for i in unknown]
        wider = Vocabulary(
            (
                *vocabulary.labels,
                *(c.name or f"category {i}" for i, c in zip(unknown, described, strict=True)),
            ),
            vocabulary.things | {class_of[i] for i, c in zip(unknown, described, strict=True) if c.is_thing},
            (*vocabulary.dataset_ids, *unknown),
        )
        id_map = _ids(annotation.digits)
        mapped = set(ids_in(id_map)) - {VOID}
        listed = {segment.id for segment in annotation.segments}
        if len(listed) < len(annotation.segments):
            raise GroundTruthError("The JSON lists a segment of this picture more than once.")
        if strays := sorted(mapped ^ listed):
            where = "the PNG but not the JSON" if strays[0] in mapped else "the JSON but not the PNG"
            raise GroundTruthError(
                f"The annotation does not fit together: segment {strays[0]} is in {where}."
            )
        labels = LabelMap(
            id_map,
            {segment.id: class_of[segment.category] for segment in annotation.segments},
            frozenset(segment.id for segment in annotation.segments if segment.crowd),
        )
        return cls(labels, wider)

    def to_side(self) -> Side:
        """The annotation as segments with ids 1 … N, in the order of its own ids; each scores 1.

        Neighbours differ in colour, as those of a prediction do.
        """
        ids = sorted(self.labels.classes)
        number_of = np.zeros(max(ids, default=0) + 1, np.int32)
        number_of[ids] = np.arange(1, len(ids) + 1)
        id_map = number_of[self.labels.id_map]
        areas = np.bincount(id_map.ravel(), minlength=len(ids) + 1)
        colors = colors_of_map(id_map, len(ids)).tolist()
        segments = []
        for number, (own_id, box) in enumerate(zip(ids, find_objects(id_map), strict=True), 1):
            class_id = self.labels.classes[own_id]
            rows, columns = box
            red, green, blue = colors[number - 1]
            segments.append(
                Segment(
                    id=number,
                    class_id=class_id,
                    label=self.vocabulary.labels[class_id],
                    kind="thing" if self.vocabulary.is_thing(class_id) else "stuff",
                    score=1.0,
                    area=int(areas[number]),
                    bbox=(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start),
                    color=(red, green, blue),
                )
            )
        crowds = frozenset(int(number_of[own_id]) for own_id in self.labels.crowds)
        return Side(Segmentation(id_map, tuple(segments)), self.vocabulary, annotated=True, crowds=crowds)


def read_coco_panoptic(
    png: bytes,
    description: bytes,
    vocabulary: Vocabulary,
    file_name: str = "",
    *,
    size: tuple[int, int] | None = None,
) -> GroundTruth:
    """Read one annotation.

    Args:
        png: the id map's file.
        description: the JSON's bytes; it may describe one picture or a whole data set.
        vocabulary: of the model that is compared; categories meet by the data set's own ids.
        file_name: of the PNG, to find its entry among several.
        size: (H, W) in pixels of the picture that is annotated, checked before anything is decoded; None:
            any.

    Raises:
        GroundTruthError: a damaged file, another size, no entry for the picture, or ids that differ between
            both.
    """
    return GroundTruth.of(read_annotation(png, description, file_name, size=size), vocabulary)


def _ids(digits: NDArray[np.uint8]) -> NDArray[np.int32]:
    id_map = digits[..., 2].astype(np.int32)
    for channel in (1, 0):
        id_map <<= 8
        id_map |= digits[..., channel]
    return id_map

"""How a map comes about, for those who learn it: on the picture that they look at, in plain JSON types.

Every map of it is the core's own, at the photo's full size, and of it the pixels that a small picture shows;
nothing is merged a second time by other rules. modules/how_it_works/lesson.js describes it to the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from panoseg.merging import Candidate, Fate, merge, probability_map
from panoseg.page.viewer.packing import id_type, packed, reduced
from panoseg.page.viewer.pixel_answers import levels_of
from panoseg.prediction import Prediction, Size
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds

TILE_SIDE = 128
"""The longer side of a query's picture, in pixels."""

MAP_SIDE = 720
"""That of a map."""

_MOST_NAMED = 4

LessonPart = Callable[[Prediction, Thresholds], dict[str, Any]]


def queries_lesson(prediction: Prediction, thresholds: Thresholds) -> dict[str, Any]:
    """Each query by itself: what it takes its mask for, how sure it is, and what became of it.

    Those that say "no object" come last, and the surest first.
    """
    size = _within(prediction.image_size, TILE_SIDE)
    candidates = merge(prediction, thresholds)[1]
    ordered = sorted(candidates, key=lambda c: (c.fate is Fate.NO_OBJECT, -c.score))
    levels = np.stack([levels_of(probability_map(prediction, c.query, size)) for c in ordered])
    return {
        "height": size[0],
        "width": size[1],
        "mask": thresholds.mask,
        "levels": packed(levels, np.dtype("u1")),
        "queries": [
            {
                "query": candidate.query,
                "label": candidate.label,
                "score": candidate.score,
                "color": prediction.colors[candidate.query].tolist(),
                "fate": candidate.fate.value,
                "nothing": candidate.fate is Fate.NO_OBJECT,
            }
            for candidate in ordered
        ],
    }


def steps_lesson(prediction: Prediction, thresholds: Thresholds) -> dict[str, Any]:
    """The panoptic rules, one after the other: each step is the map at the thresholds that hold by then.

    A threshold of 0 takes nothing away. So the first map is the competition of all queries alone, and the
    last one is the page's.
    """
    score, mask, overlap = thresholds.score, thresholds.mask, thresholds.overlap
    held = {
        "argmax": Thresholds(0, 0, 0),
        "score": Thresholds(score, 0, 0),
        "mask": Thresholds(score, mask, 0),
        "overlap": Thresholds(score, mask, overlap),
    }
    size = _within(prediction.image_size, MAP_SIDE)
    return {
        "queries": len(prediction.mask_logits),
        "thresholds": {"score": score, "mask": mask, "overlap": overlap},
        "steps": [{"name": name, **_step(*merge(prediction, values), size)} for name, values in held.items()],
    }


def _step(segmentation: Segmentation, candidates: Sequence[Candidate], size: Size) -> dict[str, Any]:
    occluded = sorted((c for c in candidates if c.fate is Fate.OCCLUDED), key=lambda c: -c.original)
    return {
        **_map(segmentation, size),
        "competing": sum(c.kept for c in candidates),
        "owners": sum(c.fate in (Fate.SEGMENT, Fate.MERGED) for c in candidates),
        "dropped": len(occluded),
        "largest_dropped": [{"label": c.label, "left": c.overlap} for c in occluded[:_MOST_NAMED]],
    }


def tasks_lesson(prediction: Prediction, thresholds: Thresholds) -> dict[str, Any]:
    """What the three tasks make of the same prediction at the same thresholds."""
    size = _within(prediction.image_size, MAP_SIDE)
    return {
        "tasks": [
            {"name": task.value, **_map(find(task, prediction, thresholds).segmentation, size)}
            for task in Task
        ]
    }


def _map(segmentation: Segmentation, size: Size) -> dict[str, Any]:
    """A map at that size, with a colour for each id from 1, and what people count in it.

    Coverage is counted in pixels, as instances overlap: their areas may add up to more than the photo.
    """
    segments = segmentation.segments
    dtype = id_type(len(segments))
    return {
        "height": size[0],
        "width": size[1],
        "bytes_per_id": dtype.itemsize,
        "ids": packed(reduced(segmentation.id_map, size), dtype),
        "colors": [list(segment.color) for segment in segments],
        "things": sum(segment.kind == "thing" for segment in segments),
        "stuff": sum(segment.kind == "stuff" for segment in segments),
        "coverage": float(np.count_nonzero(segmentation.id_map) / segmentation.id_map.size),
    }


def _within(size: Size, side: int) -> Size:
    """(height, width) of a picture no side of which is longer."""
    factor = min(1.0, side / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


LESSON: dict[str, LessonPart] = {"queries": queries_lesson, "steps": steps_lesson, "tasks": tasks_lesson}
"""By the name under which the browser asks for it."""

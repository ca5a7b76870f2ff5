"""What the browser is told about a pixel, and about the queries behind a segment, in plain JSON types.

modules/close_up/answers.js describes both to the browser.
"""

from __future__ import annotations

import re
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.merging import (
    Rival,
    classes_at,
    probability_map,
    reason,
    rivals_at,
    why_no_instance,
    why_void,
)
from panoseg.page.display_size import display_size
from panoseg.page.shown_pictures import ShownMap, Source
from panoseg.tasks import Task

TOP_LEVEL = 200
"""Probabilities are sent as levels of half a hundredth, as modules/merge/levels.js has them: every position
of the mask slider lies between two."""

_KEY = re.compile(r"query-(\d{1,6})-(\d{1,6})|class-(\d{1,6})|id-(\d{1,6})")
_BEST_CLASSES = 5
_MOST_QUERIES = 16


def about_pixel(shown: ShownMap, x: int, y: int) -> dict[str, Any]:
    """What a pixel of the photo could be, and why it is void if it is.

    Args:
        shown: a map with a source.
        x, y: a pixel of its photo.
    """
    source = _source(shown)
    prediction, task, score = source.prediction, source.task, source.thresholds.score
    rivals = classes_at(prediction, x, y) if task is Task.SEMANTIC else rivals_at(prediction, x, y)
    id_map = shown.id_map
    segment = int(id_map[y, x]) if id_map is not None else 0
    why = ""
    if not segment and task is Task.PANOPTIC:
        why = why_void(prediction, source.candidates, source.thresholds, x, y)
    elif not segment and task is Task.INSTANCES:
        why = why_no_instance(prediction, score, x, y)
    return {"segment": segment, "why": why, "rivals": [_rival(source, rival) for rival in rivals]}


def _rival(source: Source, rival: Rival) -> dict[str, Any]:
    kept = rival.score is None or rival.score > source.thresholds.score
    return {
        "label": rival.label,
        "query": rival.query,
        "score": rival.score,
        "probability": rival.probability,
        "weight": rival.weight,
        "kept": kept,
    }


def queries_of(shown: ShownMap, key: str) -> list[int] | None:
    """The queries that a segment of that key consists of, or would: the surest first.

    None for a key that can be none of this map. Stuff that is no segment has all queries of its class.
    """
    source = _source(shown)
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    prediction = source.prediction
    segment = next((s for s in shown.segments if s.key == key), None)
    # A thing of the semantic task has no name but its id.
    class_id = segment.class_id if segment else int(found[2] or found[3] or len(prediction.vocabulary))
    query = int(found[1] or -1)
    if query >= len(prediction.labels) or class_id >= len(prediction.vocabulary):
        return None
    if query >= 0:
        return [query]
    queries = np.flatnonzero(prediction.labels == class_id)
    chosen = list(segment.queries) if segment and segment.queries else queries.tolist()
    # Of the semantic task every query has a part in every class.
    if not chosen and source.task is Task.SEMANTIC:
        chosen = [int(prediction.class_probabilities[:, class_id].argmax())]
    return sorted(chosen, key=lambda query: -prediction.scores[query])[:_MOST_QUERIES] or None


def about_queries(shown: ShownMap, key: str) -> dict[str, Any] | None:
    """What became of the queries of a segment, and what else the first of them could be."""
    queries = queries_of(shown, key)
    if queries is None:
        return None
    source = _source(shown)
    prediction = source.prediction
    labels = (*prediction.vocabulary.labels, "no object")
    first = prediction.class_probabilities[queries[0]]
    best = np.argsort(-first, kind="stable")[:_BEST_CLASSES].tolist()
    fates = {candidate.query: candidate for candidate in source.candidates}
    return {
        "queries": queries,
        "classes": [{"label": labels[class_id], "probability": float(first[class_id])} for class_id in best],
        "fates": [
            {"query": query, "words": reason(fates[query], source.thresholds)}
            for query in queries
            if query in fates
        ],
    }


def probability_bytes(shown: ShownMap, key: str) -> bytes | None:
    """The mask probability of a segment's queries, before any competition, at the size that is shown.

    A zlib stream of a byte for each pixel, row by row: probability × `TOP_LEVEL`, rounded down; of several
    queries the largest.
    """
    queries = queries_of(shown, key)
    if queries is None:
        return None
    prediction = _source(shown).prediction
    size = display_size(prediction.image_size)
    largest = probability_map(prediction, queries[0], size)
    for query in queries[1:]:
        np.maximum(largest, probability_map(prediction, query, size), out=largest)
    return zlib.compress(levels_of(largest).tobytes(), 1)


def levels_of(probabilities: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Probability × `TOP_LEVEL`, rounded down."""
    # A hair more, so that what float32 rounds down to just below a level still reaches it.
    return np.floor(probabilities * np.float32(TOP_LEVEL) + np.float32(1e-4)).astype(np.uint8)


def _source(shown: ShownMap) -> Source:
    if shown.source is None:
        raise ValueError("Wanted a map with what it was made of.")
    return shown.source

"""What a collection shows as a whole: which pictures are left in which order, and its numbers as bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.questions import Condition, Lost, ask, matching_segments
from panoseg.collection.segment_table import SegmentTable
from panoseg.label_colors import label_color

SORTS = {
    "position": "As listed",
    "name": "Name",
    "segments": "Number of segments",
    "coverage": "Coverage",
    "least-sure": "Least sure",
    "near-misses": "Near misses",
    "rarest": "Rarest label",
    "pq": "PQ, worst first",
}
"""Ways to sort, with words for people; `_LARGEST_FIRST` says which end comes first."""

_LARGEST_FIRST = {"segments", "near-misses"}
_AREA_EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
_AREA_WORDS = ("0 %", "0.1 %", "0.3 %", "1 %", "3 %", "10 %", "30 %", "100 %")
_SCORE_EDGES = tuple(step / 20 for step in range(21))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and the condition that leaves what it counts.

    Attributes:
        title: what stands beside it.
        condition: for `read_question`.
        segments, pictures: how many it counts.
        color: sRGB, where it is a label's.
    """

    title: str
    condition: str
    segments: int
    pictures: int
    color: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What a question leaves.

    Attributes:
        order: (L,) int32, indices of the pictures that are left, as they are sorted.
        left: after each condition, how many pictures it and those before it leave.
        segments: of the pictures that are left; of these, `matching` are what it asks for.
        labels, areas, scores: bars over the segments of the pictures that are left.
    """

    order: NDArray[np.int32]
    left: list[int]
    segments: int
    matching: int
    labels: list[Bar]
    areas: list[Bar]
    scores: list[Bar]


def overview(
    table: SegmentTable,
    names: Sequence[str],
    labels: Sequence[str],
    conditions: Sequence[Condition] = (),
    sort: str = "position",
    *,
    backward: bool = False,
    quality: NDArray[np.float64] | None = None,
    lost: Callable[[Lost], NDArray[np.bool_]] | None = None,
) -> Overview:
    """Ask, sort and count.

    Args:
        table: of P pictures.
        names: theirs, in lower case.
        labels: of the classes.
        conditions: all of which must hold.
        sort: one of `SORTS`.
        backward: the other end first.
        quality: (P,) PQ of each picture, for the sort of that name; NaN for n/a. Without it, as listed.
        lost: see `ask`.
    """
    steps = [ask(table, names, conditions[: n + 1], lost) for n in range(len(conditions))]
    left = steps[-1] if steps else np.ones(table.pictures, bool)
    rows = left[table.picture] if table.pictures else np.zeros(0, bool)
    keys = quality if sort == "pq" and quality is not None else _keys(table, names, sort)
    return Overview(
        order=_sorted(keys, np.flatnonzero(left), largest_first=(sort in _LARGEST_FIRST) != backward),
        left=[int(step.sum()) for step in steps],
        segments=int(rows.sum()),
        matching=int((rows & matching_segments(table, conditions)).sum()),
        labels=_label_bars(table, rows, labels),
        areas=_histogram(table, rows, "area", _AREA_EDGES, _AREA_WORDS),
        scores=_histogram(table, rows, "score", _SCORE_EDGES, [f"{edge:.2f}" for edge in _SCORE_EDGES]),
    )


def _keys(table: SegmentTable, names: Sequence[str], sort: str) -> NDArray[Any]:
    match sort:
        case "name":
            keys: NDArray[Any] = np.zeros(len(names), np.int64)
            keys[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        case "segments":
            keys = table.counts()
        case "coverage":
            keys = table.coverage()
        case "least-sure":
            keys = table.least_score()
        case "near-misses":
            keys = table.near_misses
        case "rarest":
            keys = table.rarest()[0]
        case _:
            keys = np.arange(table.pictures)
    return keys


def sorted_by(
    table: SegmentTable, labels: Sequence[str], sort: str, order: NDArray[np.int32]
) -> list[str] | None:
    """What pictures are sorted by, in words, of each in its order; None where a tile says it anyway.

    Args:
        table: of P pictures.
        labels: of the classes.
        sort: one of `SORTS`.
        order: indices of the pictures.
    """
    nothing = "no segment"
    match sort:
        case "coverage":
            return [f"{share:.1%} covered".replace("%", " %") for share in table.coverage()[order].tolist()]
        case "least-sure":
            scores = table.least_score()[order].tolist()
            return [nothing if math.isnan(score) else f"least score {score:.2f}" for score in scores]
        case "near-misses":
            counts = table.near_misses[order].tolist()
            return [f"{count} near {'miss' if count == 1 else 'misses'}" for count in counts]
        case "rarest":
            classes = table.rarest()[1][order].tolist()
            return [nothing if at < 0 else f"rarest: {labels[at]}" for at in classes]
        case _:
            return None


def _sorted(keys: NDArray[Any], left: NDArray[np.int64], *, largest_first: bool) -> NDArray[np.int32]:
    values = keys[left].astype(np.float64)
    if largest_first:
        values = -values
    # What cannot be compared, such as the least score of an empty picture, comes last either way.
    return left[np.argsort(values, kind="stable")].astype(np.int32)


def _label_bars(table: SegmentTable, rows: NDArray[np.bool_], labels: Sequence[str]) -> list[Bar]:
    class_id, picture = table.class_id[rows], table.picture[rows]
    segments = np.bincount(class_id, minlength=len(labels))
    pairs = np.unique(picture.astype(np.int64) * len(labels) + class_id)
    pictures = np.bincount(pairs % len(labels), minlength=len(labels)) if len(labels) else segments
    order = np.argsort(-segments, kind="stable")
    return [
        Bar(labels[at], labels[at], int(segments[at]), int(pictures[at]), label_color(labels[at]))
        for at in order.tolist()
        if segments[at]
    ]


def _histogram(
    table: SegmentTable, rows: NDArray[np.bool_], column: str, edges: Sequence[float], words: Sequence[str]
) -> list[Bar]:
    values, picture = getattr(table, column)[rows], table.picture[rows]
    # As fine as the values: a condition compares them so, too.
    place = np.clip(np.searchsorted(np.array(edges, np.float32), values, side="right") - 1, 0, len(edges) - 2)
    segments = np.bincount(place, minlength=len(edges) - 1)
    pairs = np.unique(picture.astype(np.int64) * len(edges) + place)
    pictures = np.bincount(pairs % len(edges), minlength=len(edges) - 1)
    return [
        Bar(
            f"{words[at]} – {words[at + 1]}",
            f"{column} {words[at]} .. {words[at + 1]}",
            int(segments[at]),
            int(pictures[at]),
        )
        for at in range(len(edges) - 1)
    ]

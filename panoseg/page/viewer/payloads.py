"""What Python tells the viewer, in plain JSON types; modules/inbox.js describes them to the browser."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

import numpy as np

from panoseg.comparison import Comparison, Outcome, Pair
from panoseg.drawing import DIMMED, LIT, OUTLINE, ColorBy, segment_color
from panoseg.evaluation.one_picture import PictureReasons
from panoseg.merging import Candidate, Fate, Landscape, margin
from panoseg.page.address import ADDRESS_NAMES, OTHER_MODEL, address
from panoseg.page.display_size import display_scale, display_size
from panoseg.page.look import WIDEST_OUTLINE, Look, Style, partners
from panoseg.page.near_misses import LEAST_SCORE, missed_payload
from panoseg.page.viewer.logits_payload import MergedTask, logits_payload
from panoseg.page.viewer.packing import id_type, packed, packed_map, reduced
from panoseg.palette import outcome_color, score_color
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segment_columns import COLUMNS
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

COLOR_BY_WORDS: dict[ColorBy, str] = {
    "segment": "Segment",
    "label": "Label",
    "score": "Score",
    "outcome": "Outcome",
}


_MERGED: dict[Task, MergedTask] = {Task.PANOPTIC: "panoptic", Task.INSTANCES: "instances"}
_MOST_STRANGERS = 6
_ABOUT_THRESHOLDS = (
    "Show only segments whose label is more probable than this.",
    "Give a segment only pixels that are at least this probable.",
    "Drop a segment if less of its own mask is left to it.",
)


def drawing_rules() -> dict[str, Any]:
    """How segments are drawn wherever they are, in plain JSON types (see modules/inbox.js)."""
    return {
        "style": asdict(Style()),
        "color_by": COLOR_BY_WORDS,
        "widest_outline": WIDEST_OUTLINE,
        "outline": list(OUTLINE),
        "dimmed": DIMMED,
        "lit": LIT,
        "no_outcome": list(outcome_color(None)),
        "score_ramp": [list(score_color(step / 32)) for step in range(33)],
        "thresholds": [
            {"name": name, "help": about, "paper": value}
            for (name, value), about in zip(asdict(Thresholds()).items(), _ABOUT_THRESHOLDS, strict=True)
        ],
        "thresholds_of": {task.value: list(task.thresholds) for task in Task},
        "least_near_miss": LEAST_SCORE,
        "columns": [
            {
                "name": column.name,
                "title": column.title,
                "about": column.about,
                "numeric": column.dtype != "str",
            }
            for column in COLUMNS
            if column.brief
        ],
    }


def photo_payload(photo: Photo, url: str) -> dict[str, Any]:
    """The photo as the browser shows it, in plain JSON types (see modules/inbox.js).

    Args:
        photo: to show.
        url: where its pixels are, as `photo_file` has them. With them inside, a message of megabytes would be
            encoded and hashed each time that a part of the page runs.
    """
    height, width = display_size(photo.size)
    return {
        "key": photo.digest,
        "name": photo.name,
        "width": width,
        "height": height,
        "full": list(photo.size),
        "url": url,
    }


def map_payload(
    segmentation: Segmentation,
    *,
    scored: bool = True,
    thresholds: Thresholds | None = None,
    candidates: Sequence[Candidate] = (),
    prediction: Prediction | None = None,
) -> dict[str, Any]:
    """The id map at display size, the segments and what else the thresholds left, in plain JSON types.

    modules/inbox.js describes it to the browser.
    """
    shown_height, shown_width = display_size(segmentation.size)
    ids = reduced(segmentation.id_map, (shown_height, shown_width))
    dtype = id_type(len(segmentation.segments))
    scale = display_scale(segmentation.size)
    segments = [
        {
            "id": segment.id,
            "key": segment.key,
            "label": segment.label,
            "kind": segment.kind,
            "score": segment.score if scored else None,
            "quality": None if thresholds is None else segment.quality,
            "area": segment.area,
            "color": list(segment.color),
            "colors": {way: list(segment_color(segment, way)) for way in ("label", "score")},
            "box": _display_box(segment.bbox, scale, (shown_height, shown_width)),
        }
        for segment in segmentation.segments
    ]
    return {
        "width": shown_width,
        "height": shown_height,
        "bytes_per_id": dtype.itemsize,
        "ids": packed_map(ids, len(segmentation.segments)),
        "scale": scale,
        "area": segmentation.id_map.size,
        "segments": segments,
        "thresholds": thresholds and asdict(thresholds),
        "below_score": [c.score for c in candidates if c.fate is Fate.LOW_SCORE],
        "missed": prediction
        and thresholds
        and missed_payload(prediction, segmentation, candidates, thresholds.mask),
    }


def landscape_payload(photo: Photo, landscape: Landscape) -> dict[str, Any]:
    """What each score threshold would show, in plain JSON types (see modules/inbox.js)."""
    return {
        "photo": photo.digest,
        "scores": landscape.scores.tolist(),
        "things": landscape.things.tolist(),
        "stuff": landscape.stuff.tolist(),
        "coverage": landscape.coverage.tolist(),
    }


def logits_bytes(
    viewer: str, source: str, prediction: Prediction, task: Task, size: tuple[int, int]
) -> bytes:
    """What the browser needs to merge by itself, as one message; modules/logits_message.js reads it.

    Four bytes with the length of a JSON text, little-endian; the text, padded to a multiple of four; the
    packed logits, none where the server has to do the merging.
    """
    merged: MergedTask | None = _MERGED.get(task)
    description, packed = (merged and logits_payload(prediction, merged, size)) or (None, b"")
    text = json.dumps({"viewer": viewer, "source": source, "description": description}).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text + packed


def look_payload(look: Look, other_model: str | None = None, *, styled: bool = True) -> dict[str, Any]:
    """Thresholds, what is hidden and selected, and the style, in plain JSON types (see modules/inbox.js).

    Args:
        look: all of that.
        other_model: what the address is to say of the comparison.
        styled: whether the style goes with it.
    """
    usual = dict.fromkeys((*ADDRESS_NAMES, "selected"))
    return {
        "thresholds": asdict(look.thresholds) if styled else None,
        "heard": look.heard,
        "source": look.source,
        "hidden": list(look.hidden),
        "selected": list(look.selected),
        "style": asdict(look.style) if styled else None,
        "address": {**usual, OTHER_MODEL: other_model, **address(look)} if styled else None,
    }


def outcomes_payload(
    comparison: Comparison,
    side: Literal["left", "right"],
    words: Mapping[Outcome, str],
    size: tuple[int, int],
    reasons: PictureReasons | None = None,
) -> dict[str, Any]:
    """What a comparison made of a side's segments, in plain JSON types (see modules/inbox.js).

    Args:
        comparison: of two segmentations.
        side: whose viewer it is for; the left one's lists all that was found.
        words: for each outcome.
        size: (height, width) of the photo.
        reasons: why segments have no match, where that is known.
    """
    pairs = [(getattr(pair, side), pair) for pair in comparison.pairs]
    count = comparison.count()
    return {
        **(differences_payload(comparison, words, size, reasons) if side == "left" else {}),
        "colors": {s.key: list(outcome_color(pair.outcome)) for s, pair in pairs if s},
        "words": {
            s.key: words[pair.outcome] + (f", IoU {pair.iou:.2f}" if pair.iou else "")
            for s, pair in pairs
            if s
        },
        "reasons": {s.key: why for s, pair in pairs if s and (why := _reason(pair, reasons))},
        "partners": partners(comparison, side),
        "legend": [
            {"words": words[outcome], "color": list(outcome_color(outcome)), "count": count[outcome]}
            for outcome in words
            if count[outcome] or outcome != "uncounted"
        ],
    }


def differences_payload(
    comparison: Comparison,
    words: Mapping[Outcome, str],
    size: tuple[int, int],
    reasons: PictureReasons | None = None,
) -> dict[str, Any]:
    """All that a comparison found, the worst first, in plain JSON types (see modules/inbox.js)."""
    groups = {name: getattr(comparison.quality, name) for name in ("all", "things", "stuff")}
    more = len(comparison.strangers) - _MOST_STRANGERS
    strangers = ", ".join(comparison.strangers[:_MOST_STRANGERS]) + (f" and {more} more" if more > 0 else "")
    return {
        "pairs": [
            {**_pair_payload(pair, words, size), "reason": _reason(pair, reasons)}
            for pair in comparison.pairs
        ],
        "quality": [
            {
                "group": name,
                "values": mean and [mean.pq, mean.sq, mean.rq],
                "classes": mean.count if mean else 0,
            }
            for name, mean in groups.items()
        ],
        "strangers": f"Labels that only one side knows cannot match: {strangers}." if strangers else "",
    }


def _reason(pair: Pair, reasons: PictureReasons | None) -> str:
    """Why a segment is missing or extra; empty where it is neither, or nobody knows."""
    if reasons is None or pair.outcome not in ("left", "right"):
        return ""
    if pair.left:
        return reasons.predicted.get(pair.left.id, "")
    return reasons.annotated.get(pair.right.id, "") if pair.right else ""


def _pair_payload(pair: Pair, words: Mapping[Outcome, str], size: tuple[int, int]) -> dict[str, Any]:
    there = [segment for segment in (pair.left, pair.right) if segment]
    lefts, tops = ([segment.bbox[axis] for segment in there] for axis in (0, 1))
    rights, bottoms = ([s.bbox[axis] + s.bbox[axis + 2] for s in there] for axis in (0, 1))
    left, top, (height, width) = min(lefts), min(tops), size
    return {
        "name": f"{pair.label} {' / '.join(str(segment.id) for segment in there)}",
        "outcome": pair.outcome,
        "words": words[pair.outcome] + (f", IoU {pair.iou:.2f}" if pair.iou else ""),
        "color": list(outcome_color(pair.outcome)),
        "left": pair.left and pair.left.key,
        "right": pair.right and pair.right.key,
        "box": [left / width, top / height, (max(rights) - left) / width, (max(bottoms) - top) / height],
    }


def doubt_payload(photo: Photo, prediction: Prediction, thresholds: Thresholds) -> dict[str, Any]:
    """How sure each pixel is of its owner, in plain JSON types (see modules/inbox.js)."""
    sure = margin(prediction, thresholds, display_size(photo.size))
    return {"photo": photo.digest, "values": packed(np.rint(255 * sure), np.dtype("u1"))}


def _display_box(box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> list[int]:
    """A box (x, y, width, height) of the photo on the display map, never too small."""
    x, y, width, height = box
    left, top = (max(0, math.floor(value / scale) - 1) for value in (x, y))
    right = min(size[1], math.ceil((x + width) / scale) + 1)
    bottom = min(size[0], math.ceil((y + height) / scale) + 1)
    return [left, top, right - left, bottom - top]

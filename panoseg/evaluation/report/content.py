"""Everything that a report says, as plain values: numbers, words and lists; n/a is None, never NaN."""

from __future__ import annotations

import importlib.metadata
import math
import platform
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.evaluation.annotations import Annotations
from panoseg.evaluation.bootstrap import Interval, interval_of
from panoseg.evaluation.costs import Cost, lost_by_class
from panoseg.evaluation.evaluation import Evaluation
from panoseg.evaluation.figures import GROUPS, SIZES, Quality, counts_of, figures_of, members_of
from panoseg.evaluation.reliability import Reliability, Temperature, Trust, trust_of
from panoseg.evaluation.surface import (
    OVERLAPS,
    SCORES,
    Surface,
    best_point,
    class_thresholds,
)
from panoseg.evaluation.two_runs import RunComparison
from panoseg.runs.reading import RunReader

_LIBRARIES = ("panoseg", "numpy", "numba", "pillow", "pandas", "pyarrow")


def content_of(
    evaluation: Evaluation,
    run: RunReader,
    annotations: Annotations,
    comparison: RunComparison | None = None,
    extra: dict[str, Any] | None = None,
    other: RunReader | None = None,
) -> dict[str, Any]:
    """The whole report.

    Args:
        evaluation: what was found.
        run, annotations: of what.
        comparison: with another run, this being the second.
        extra: figures of other tasks, by name.
        other: the first run of a comparison.
    """
    return {
        "made_of": made_of(evaluation, run, annotations),
        "figures": {name: asdict(value) for name, value in evaluation.figures.groups.items()},
        "intervals": {
            name: interval(interval_of(evaluation.counts, None, members))
            for name, members in members_of(evaluation.classes).items()
        },
        "sizes": {
            size: _quality(
                figures_of(
                    counts_of(evaluation.segments, len(evaluation.classes), size=size), evaluation.classes
                ).groups["all"]
            )
            for size in SIZES
        },
        "classes": _classes(evaluation),
        "costs": [_cost(each) for each in evaluation.costs],
        "confusion": evaluation.confusion.tolist(),
        "trust": trust_content(trust_of(evaluation)),
        "surface": surface_content(evaluation),
        "other_tasks": extra or {},
        "comparison": None if comparison is None else _comparison(comparison, other, annotations),
    }


def made_of(evaluation: Evaluation, run: RunReader, annotations: Annotations) -> dict[str, Any]:
    """What makes the same report again."""
    header = run.header
    match = evaluation.class_match
    return {
        "model": header.model,
        "revision": header.revision,
        "weights_sha256": header.weights_sha256,
        "engine": header.engine,
        "precision": header.precision,
        "device": header.device,
        "input_size": header.input_size,
        "run": run.folder.name,
        "thresholds": None if evaluation.thresholds is None else asdict(evaluation.thresholds),
        "annotation": annotations.path.name,
        "annotation_sha256": annotations.sha256,
        "pictures": len(evaluation.pictures),
        "resized": sum(picture.resized for picture in evaluation.pictures),
        "missing": evaluation.missing,
        "surplus": evaluation.surplus,
        "failures": [list(each) for each in evaluation.failures],
        "only_model": list(match.only_model),
        "only_annotation": list(match.only_annotation),
        "renamed": [list(each) for each in match.renamed],
        "versions": {
            "python": platform.python_version(),
            **{name: version for name in _LIBRARIES if (version := _version(name))},
        },
        "run_versions": dict(header.versions),
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _classes(evaluation: Evaluation) -> list[dict[str, Any]]:
    by_class = lost_by_class(evaluation.segments, evaluation.costs, len(evaluation.classes))
    lost = {f"{side}: {reason}": counts for (side, reason), counts in by_class.items()}
    found = []
    for place, (each, quality) in enumerate(zip(evaluation.classes, evaluation.figures.classes, strict=True)):
        _, tp, fp, fn = evaluation.figures.counts[place].tolist()
        found.append(
            {
                "id": each.id,
                "name": each.name,
                "thing": each.is_thing,
                "pq": quality.pq,
                "sq": quality.sq,
                "rq": quality.rq,
                "tp": int(tp),
                "fp": int(fp),
                "fn": int(fn),
                "lost": {name: int(counts[place]) for name, counts in lost.items() if counts[place]},
            }
        )
    return found


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "side": cost.side,
        "reason": cost.reason,
        "words": cost.words,
        "count": cost.count,
        "pq": cost.pq,
        "sizes": cost.sizes,
        "classes": numbers(cost.classes),
    }


def trust_content(trust: Trust) -> dict[str, Any]:
    """Reliability as plain values."""
    return {
        "segments": _bins(trust.segments),
        "proposals": None if trust.proposals is None else _bins(trust.proposals),
        "pixels": _bins(trust.pixels),
        "pece": trust.pece,
        "upq": trust.upq,
        "classes": numbers(trust.classes),
        "temperature": _temperature(trust.temperature),
        "proposal_temperature": _temperature(trust.proposal_temperature),
    }


def _bins(found: Reliability) -> dict[str, Any]:
    return {
        "count": found.count.tolist(),
        "confidence": numbers(found.confidence),
        "accuracy": numbers(found.accuracy),
        "ece": found.ece,
    }


def _temperature(found: Temperature | None) -> dict[str, float] | None:
    return None if found is None else asdict(found)


def surface_content(evaluation: Evaluation) -> dict[str, Any] | None:
    """PQ at all points, the best one, and what each class would like; None where nothing was swept."""
    if not evaluation.sweeps or evaluation.thresholds is None:
        return None
    values = evaluation.thresholds
    now = (values.score, values.overlap, values.mask)
    surface = Surface(evaluation.sweeps, evaluation.sweep_masks, evaluation.classes)
    pq = {
        str(mask): [
            [
                figures_of(counts, evaluation.classes).groups["all"].pq
                for counts in surface.grid((score,), OVERLAPS, mask)[0]
            ]
            for score in SCORES
        ]
        for mask in evaluation.sweep_masks
    }
    best = best_point(surface, now)
    return {
        "scores": list(SCORES),
        "overlaps": list(OVERLAPS),
        "masks": list(evaluation.sweep_masks),
        "now": {"score": now[0], "overlap": now[1], "mask": now[2]},
        "pq": pq,
        "best": None
        if best is None
        else {
            "score": best.score,
            "overlap": best.overlap,
            "mask": best.mask,
            "pq": best.pq,
            "before": best.before,
            "gain": interval(best.gain),
            "held_out": best.held_out,
        },
        "classes": [
            {
                "name": evaluation.classes[each.class_id].name,
                "score": each.score,
                "gain": each.pq - each.before,
            }
            for each in class_thresholds(surface, now)
        ],
    }


def _comparison(found: RunComparison, other: RunReader | None, annotations: Annotations) -> dict[str, Any]:
    rows = found.differences
    lines: dict[str, dict[str, list[str]]] = {}
    for row in rows.to_dict("records"):
        words = f"{found.a.classes[row['class_id']].name} (there: {row['reason']})"
        lines.setdefault(str(row["picture"]), {"a": [], "b": []})[row["found_by"]].append(words)
    return {
        "other": None if other is None else made_of(found.a, other, annotations),
        "pictures": found.pictures,
        "groups": {
            name: dict(zip(("pq", "sq", "rq"), map(interval, found.groups[name]), strict=True))
            for name in GROUPS
        },
        "classes": [
            {"name": each.name, "pq": interval(value)}
            for each, value in zip(found.a.classes, found.classes, strict=True)
        ],
        "only_a": int((rows["found_by"] == "a").sum()),
        "only_b": int((rows["found_by"] == "b").sum()),
        "by_picture": [
            {"picture": name, "a": a, "b": b, "only": lines[name]} for name, a, b in found.by_picture
        ],
    }


def interval(found: Interval | None) -> dict[str, float] | None:
    """An interval as plain values."""
    return None if found is None else asdict(found)


def _quality(found: Quality) -> dict[str, float | None]:
    return asdict(found)


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """A list whose n/a are None."""
    return [None if math.isnan(value) else float(value) for value in values.tolist()]

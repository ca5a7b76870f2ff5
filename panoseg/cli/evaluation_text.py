"""An evaluation as lines of text for a shell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from panoseg.evaluation import Annotations, Evaluation
    from panoseg.evaluation.average_precision import AveragePrecision
    from panoseg.evaluation.bootstrap import Interval
    from panoseg.evaluation.costs import Cost
    from panoseg.evaluation.figures import Quality
    from panoseg.evaluation.semantic_scores import SemanticScores
    from panoseg.evaluation.surface import BestPoint, ClassThreshold
    from panoseg.evaluation.two_runs import Agreement, RunComparison

_MOST_NAMES = 8


def official_table(found: Evaluation) -> list[str]:
    """The table that panopticapi prints: PQ, SQ, RQ in per cent, and over how many classes."""
    lines = [f"{'':10}|  {'PQ':>5}  {'SQ':>5}  {'RQ':>5} {'N':>5}", "-" * 38]
    for name, quality in found.figures.groups.items():
        numbers = "  ".join(_percent(value) for value in (quality.pq, quality.sq, quality.rq))
        lines.append(f"{name.capitalize():10}|  {numbers} {quality.count:5}")
    return lines


def cost_lines(found: Evaluation) -> list[str]:
    """A line per reason: how many segments, and the PQ that they cost, in points."""
    if not found.costs:
        return ["Every annotated segment is matched, and nothing else was predicted."]
    lines = [
        f"{'where it is lost':56}{'segments':>9}  {'PQ lost: all':>12}  {'things':>6}  {'stuff':>6}",
        "-" * 95,
    ]
    side = ""
    for cost in found.costs:
        if cost.side != side:
            side = cost.side
            lines.append({"missed": "annotated, and not found", "surplus": "predicted, and not there"}[side])
        numbers = [_points(cost.pq[name]) for name in ("all", "things", "stuff")]
        lines.append(
            f"  {_in_words(cost):54}{cost.count:9,}  {numbers[0]:>12}  {numbers[1]:>6}  {numbers[2]:>6}"
        )
    return lines


def _in_words(cost: Cost) -> str:
    """What it is called, and what that means where it says more."""
    return cost.words if cost.reason in cost.words else f"{cost.reason}: {cost.words}"


def notes(found: Evaluation) -> list[str]:
    """What has to be said before the figures are believed."""
    lines = []
    if found.missing:
        lines.append(
            f"{found.missing:,} annotated pictures are not in the run: their segments count as missed; "
            "--subset leaves them out."
        )
    if found.surplus:
        lines.append(f"{found.surplus:,} pictures of the run are not annotated; they play no role.")
    resized = sum(picture.resized for picture in found.pictures)
    if resized:
        lines.append(f"{resized:,} annotations have another size than the picture; their size counts.")
    match = found.class_match
    if match.only_model:
        lines.append(f"not annotated, so not counted: {_names(match.only_model)}")
    if match.only_annotation:
        lines.append(f"not known to the model, so missed: {_names(match.only_annotation)}")
    if match.renamed:
        pairs = tuple(f"{label} = {name}" for label, name in match.renamed)
        lines.append(f"the same by number: {_names(pairs)}")
    return lines


def surface_lines(best: BestPoint | None, wishes: Sequence[ClassThreshold], found: Evaluation) -> list[str]:
    """The best thresholds, how far that may be believed, and what classes would like."""
    if best is None:
        return []
    if best.pq <= best.before:
        lines = [f"best thresholds: no others are better (PQ {100 * best.pq:.1f})"]
        return [*lines, *_wishes(wishes, found)]
    lines = [
        f"best thresholds: score {best.score}, mask {best.mask}, overlap {best.overlap}: PQ "
        f"{100 * best.pq:.1f}, before {100 * best.before:.1f}"
    ]
    if best.gain is not None:
        lines[0] += f" ({_interval(best.gain)})"
    if best.held_out is not None:
        lines.append(f"  on the half of the pictures that did not choose them: {_signed(best.held_out)}")
    return [*lines, *_wishes(wishes, found)]


def _wishes(wishes: Sequence[ClassThreshold], found: Evaluation) -> list[str]:
    gains = sorted((each for each in wishes if each.pq - each.before > 0.0005), key=lambda e: e.before - e.pq)
    words = tuple(
        f"{found.classes[each.class_id].name} {each.score} ({_signed(each.pq - each.before)})"
        for each in gains
    )
    return [f"  score thresholds that classes would like: {_names(words)}"] if words else []


def comparison_lines(found: RunComparison) -> list[str]:
    """B less A, with intervals, and what only one of them finds."""
    lines = [f"B less A over {found.pictures:,} pictures, with 95 % of resampled data sets", "-" * 86]
    for name, (pq, sq, rq) in found.groups.items():
        values = "  ".join(
            f"{part} {_interval(each):24}" for part, each in (("PQ", pq), ("SQ", sq), ("RQ", rq))
        )
        lines.append(f"{name.capitalize():10}|  {values}".rstrip())
    known = [(name, each) for name, each in zip(found.a.classes, found.classes, strict=True) if each]
    known.sort(key=lambda pair: -abs(pair[1].value))
    for each, interval in known[:_MOST_NAMES]:
        lines.append(f"{each.name[:24]:24}  PQ {_interval(interval)}")
    by = found.differences["found_by"]
    only_a, only_b = (int((by == side).sum()) for side in ("a", "b"))
    lines.append(f"B finds {only_b:,} segments that A does not, A {only_a:,} that B does not")
    differ = [f"{name} ({b} against {a})" for name, a, b in found.by_picture]
    return [*lines, f"most of them in: {_names(tuple(differ))}"] if differ else lines


def boundary_line(found: Mapping[str, Quality]) -> str:
    """Boundary PQ of all, things and stuff."""
    return "boundary PQ: " + ", ".join(f"{name} {_percent(each.pq).strip()}" for name, each in found.items())


def instance_lines(found: AveragePrecision) -> list[str]:
    """AP as pycocotools has it, then by class."""
    lines = [f"{name:6}{_percent(value)}" for name, value in found.values.items()]
    return [*lines, "", *(f"{name[:30]:30}{_percent(value)}" for name, value in found.classes.items())]


def semantic_lines(found: SemanticScores, annotations: Annotations) -> list[str]:
    """mIoU and its kin, then IoU by class."""
    values = (("mIoU", found.miou), ("fwIoU", found.fwiou), ("mACC", found.macc), ("pACC", found.pacc))
    lines = [f"{name:6}{_percent(value)}" for name, value in values]
    classes = zip(annotations.classes, found.classes.tolist(), strict=True)
    return [
        *lines, "",
        *(f"{each.name[:30]:30}{_percent(None if np.isnan(iou) else iou)}" for each, iou in classes),
    ]  # fmt: skip


def agreement_lines(found: Agreement) -> list[str]:
    """How far two runs agree, and where they do least."""
    lines = []
    quality = found.quality
    for name, group in (("all", quality.all), ("things", quality.things), ("stuff", quality.stuff)):
        numbers = (group.pq, group.sq, group.rq) if group else (None, None, None)
        values = "  ".join(
            f"{part} {_percent(v)}" for part, v in zip(("PQ", "SQ", "RQ"), numbers, strict=True)
        )
        lines.append(f"{name.capitalize():10}|  {values}")
    pictures = found.pictures
    both, only_a, only_b = (int(pictures[name].sum()) for name in ("matched", "only_a", "only_b"))
    lines.append(
        f"{both:,} segments are in both, {only_a:,} only in the first, {only_b:,} only in the second"
    )
    least = pictures.sort_values("pq").head(_MOST_NAMES)
    pairs = zip(least["picture"].tolist(), least["pq"].tolist(), strict=True)
    words = tuple(f"{name} ({100 * pq:.1f})" for name, pq in pairs)
    return [*lines, f"they agree least on: {_names(words)}"]


def _interval(found: Interval | None) -> str:
    if found is None:
        return "n/a"
    return f"{_signed(found.value)} ({_signed(found.low)} to {_signed(found.high)})"


def _signed(value: float) -> str:
    return f"{100 * value:+.2f}".replace("-", "−")


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _percent(value: float | None) -> str:
    return "  n/a" if value is None else f"{100 * value:5.1f}"


def _points(value: float | None) -> str:
    return "n/a" if value is None else f"{100 * value:.2f}"

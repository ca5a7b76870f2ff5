"""An evaluation as lines of text for a shell."""

from __future__ import annotations

from panoseg.evaluation import Evaluation

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
        f"{'where it is lost':47}{'segments':>9}  {'PQ lost: all':>12}  {'things':>6}  {'stuff':>6}",
        "-" * 86,
    ]
    side = ""
    for cost in found.costs:
        if cost.side != side:
            side = cost.side
            lines.append({"missed": "annotated, and not found", "surplus": "predicted, and not there"}[side])
        numbers = [_points(cost.pq[name]) for name in ("all", "things", "stuff")]
        words = f"  {cost.reason}: {cost.words}"
        lines.append(f"{words:47}{cost.count:9,}  {numbers[0]:>12}  {numbers[1]:>6}  {numbers[2]:>6}")
    return lines


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


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _percent(value: float | None) -> str:
    return "  n/a" if value is None else f"{100 * value:5.1f}"


def _points(value: float | None) -> str:
    return "n/a" if value is None else f"{100 * value:.2f}"

"""What the browser is told of collections, in plain JSON types (modules/collection/server.js has them)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.evaluations import annotation_of
from panoseg.collection.jobs import Job
from panoseg.collection.opened import OpenedRun
from panoseg.collection.overview import Bar, overview, sorted_by
from panoseg.collection.questions import Condition, matching_segments, read_question
from panoseg.collection.shelf import Shelved
from panoseg.collection.told import told
from panoseg.errors import RunError
from panoseg.label_colors import label_color
from panoseg.models.downloads.hub import public_name
from panoseg.page.collection.asked import Asked
from panoseg.page.collection.desk import Desk
from panoseg.page.collection.quality import Looked, evaluating, look, lost_stamp, quality_answer

MOST_FAILURES = 200
MOST_ROWS = 200
_SHOWN_RUNS = 20


def runs_answer(desk: Desk, own: list[str]) -> dict[str, Any]:
    """All runs that the visitor may choose among.

    Args:
        desk: the process's.
        own: ids of runs that the browser remembers.
    """
    mine = [desk.shelf.find(run) for run in dict.fromkeys(own[:_SHOWN_RUNS])]
    found = [each for each in mine if each is not None and each.kind == "own"]
    return {"runs": [_brief(desk, each) for each in (*found, *desk.shelf.shared())]}


def run_answer(desk: Desk, run: str) -> dict[str, Any]:
    """What there is to say of a run, whether or not it has a picture yet."""
    shelved = desk.shelf.find(run)
    if shelved is None:
        raise RunError("This collection is not here: a visitor's own is kept for a day.")
    job = desk.begin_demo() if shelved is desk.shelf.demo else desk.jobs.find(run)
    answer: dict[str, Any] = {**_brief(desk, shelved), "job": _job(desk, job), "pictures": 0}
    try:
        _, opened = desk.open(run)
    except RunError as error:
        return {**answer, "problem": "" if job is not None else told(error)}
    counts = opened.run.counts
    if counts["done"] != len(opened.positions):  # the last ones, after which nobody asks again
        opened.refresh(at_once=True)
    header = opened.run.header
    return {
        **answer,
        "pictures": len(opened.positions),
        "waiting": counts["waiting"],
        "failed": counts["failed"],
        "failures": [{"name": name, "error": error} for name, error in opened.run.failures[:MOST_FAILURES]],
        "model": public_name(header.model),
        "has_thresholds": opened.has_thresholds,
        "annotated": annotation_of(shelved) is not None,
        "labels": [
            {"label": label, "color": list(label_color(label)), "thing": header.vocabulary.is_thing(number)}
            for number, label in enumerate(opened.labels)
        ],
        "problem": "",
    }


def pictures_answer(opened: OpenedRun) -> dict[str, Any]:
    """Position and name of every finished picture."""
    outline = opened.outline
    return {"positions": outline.positions, "names": outline.names}


def view_answer(desk: Desk, shelved: Shelved, opened: OpenedRun, asked: Asked) -> dict[str, Any]:
    """What a question leaves, in which order, and the numbers of that.

    Raises:
        InvalidValueError: the question makes no sense.
    """
    conditions = read_question(asked.question, opened.labels)
    found = desk.surveys.get(opened, asked.thresholds, asked.task).look()
    looked = look(desk, shelved, opened, asked, conditions)
    quality = looked.quality_of(found.positions)
    seen = overview(
        found.table, found.outline.folded, opened.labels, conditions, asked.sort,
        backward=asked.backward, quality=quality, lost=looked.lost_in(found.positions),
    )  # fmt: skip
    counts = found.table.counts()
    positions = np.array(found.positions, np.int64)
    order = positions[seen.order].tolist() if len(positions) else []
    return {
        "pictures": len(found.positions),
        "exact": found.exact,
        "known": found.known,
        "conditions": _chips(conditions, seen.left, looked),
        "order": order,
        "counts": [int(counts[at]) if found.is_known[at] else None for at in seen.order],
        "sorted_by": sorted_by(found.table, opened.labels, asked.sort, seen.order),
        "segments": seen.segments,
        "matching": seen.matching,
        "lit": _lit(conditions, opened.labels),
        "lost": lost_stamp(looked, conditions),
        "pq": None if quality is None or not len(positions) else _shares(quality[seen.order]),
        "whole": looked.is_whole,
        "evaluating": evaluating(looked),
        "quality": quality_answer(looked, order, conditions) if asked.evaluates else None,
        "bars": {
            "labels": [_bar(each) for each in seen.labels],
            "areas": [_bar(each) for each in seen.areas],
            "scores": [_bar(each) for each in seen.scores],
        },
    }


def _chips(conditions: list[Condition], left: list[int], looked: Looked) -> list[dict[str, Any]]:
    """Each condition with what it leaves; None from the first on that waits for an evaluation."""
    kinds = [each.kind for each in conditions]
    known = kinds.index("lost") if looked.found is None and "lost" in kinds else len(kinds)
    return [
        {"text": each.text, "kind": each.kind, "left": count if n < known else None}
        for n, (each, count) in enumerate(zip(conditions, left, strict=True))
    ]


def _lit(conditions: list[Condition], labels: tuple[str, ...]) -> list[int]:
    """Class ids of the segments that stand out: of the labels that are asked for, or that lost something."""
    lit = {c.subject for c in conditions if c.kind == "label" and (c.low > 0 or c.high > 0)}
    lost = {c.subject.label for c in conditions if c.kind == "lost" and c.subject.label}
    return sorted(lit | {n for n, label in enumerate(labels) if label.casefold() in lost})


def _shares(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 4) for value in values]


def segments_answer(
    desk: Desk,
    shelved: Shelved,
    opened: OpenedRun,
    asked: Asked,
    search: str,
    sort: str,
    first: int,
    *,
    backward: bool = False,
) -> dict[str, Any]:
    """A page of the table of all segments of the pictures that are left.

    Args:
        desk, shelved, opened, asked: as of `view_answer`.
        search: part of a picture's name or of a label.
        sort: "picture", "label", "score", "area" or "quality".
        first: row that the page begins with.
        backward: the other end first.
    """
    conditions = read_question(asked.question, opened.labels)
    found = desk.surveys.get(opened, asked.thresholds, asked.task).look()
    table, folded = found.table, found.outline.folded
    looked = look(desk, shelved, opened, asked, conditions)
    seen = overview(table, folded, opened.labels, conditions, lost=looked.lost_in(found.positions))
    left = np.zeros(table.pictures, bool)
    left[seen.order] = True
    rows = left[table.picture] & matching_segments(table, conditions) if table.pictures else left[:0]
    if word := search.strip().casefold()[:80]:
        in_name = np.fromiter((word in name for name in folded), bool, len(folded))
        in_label = np.array([word in label.casefold() for label in opened.labels], bool)
        rows &= in_name[table.picture] | in_label[table.class_id]
    at = np.flatnonzero(rows)
    keys = {
        "label": table.class_id,
        "score": table.score,
        "area": table.area,
        "quality": table.quality,
    }.get(sort, table.picture)
    if sort == "label":
        rank = np.argsort(np.argsort(np.array([label.casefold() for label in opened.labels])))
        keys = rank[table.class_id].astype(np.int32)
    values = keys[at].astype(np.float64)
    at = at[np.argsort(-values if backward else values, kind="stable")]
    things = opened.run.header.vocabulary
    return {
        "total": len(at),
        "first": first,
        "rows": [
            {
                "position": found.positions[table.picture[row]],
                "picture": found.outline.names[table.picture[row]],
                "label": opened.labels[table.class_id[row]],
                "color": list(label_color(opened.labels[table.class_id[row]])),
                "key": _key(things.is_thing(int(table.class_id[row])), table, int(row), opened),
                "score": round(float(table.score[row]), 4),
                "area": round(float(table.area[row]), 6),
            }
            for row in at[first : first + MOST_ROWS].tolist()
        ],
    }


def _key(thing: bool, table: Any, row: int, opened: OpenedRun) -> str:
    """As of `Segment.key`."""
    class_id, name = int(table.class_id[row]), int(table.name[row])
    if not thing:
        return f"class-{class_id}"
    return f"query-{name}-{class_id}" if opened.has_thresholds else f"id-{name}"


def _brief(desk: Desk, shelved: Shelved) -> dict[str, Any]:
    job = desk.jobs.find(shelved.id)
    return {
        "id": shelved.id,
        "title": shelved.title,
        "kind": shelved.kind,
        "state": job.state if job else "",
    }


def _job(desk: Desk, job: Job | None) -> dict[str, Any] | None:
    if job is None:
        return None
    left = job.seconds_left
    return {
        "state": job.state,
        "words": job.words,
        "place": desk.jobs.place(job),
        "total": job.total,
        "done": job.done,
        "failed": job.failed,
        "seconds_left": None if left is None else round(left, 1),
        "stopping": job.stopping and job.state in ("waiting", "running"),
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "title": bar.title,
        "condition": bar.condition,
        "segments": bar.segments,
        "pictures": bar.pictures,
        "color": None if bar.color is None else list(bar.color),
    }

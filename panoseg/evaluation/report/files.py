"""The files of a report, each written whole or not at all."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import numpy as np

from panoseg.errors import PanosegError
from panoseg.evaluation.annotations import Annotations
from panoseg.evaluation.evaluation import Evaluation
from panoseg.evaluation.report.content import content_of
from panoseg.evaluation.report.thumbnails import thumbnail
from panoseg.evaluation.sentences import sentence_of
from panoseg.evaluation.two_runs import RunComparison
from panoseg.files import make_writable, write_whole
from panoseg.runs.reading import RunReader

WORST = 20
# The frame, what is drawn, and what is listed.
_STYLES = ("page.css", "charts.css", "lists.css")
_MOST_SENTENCES = 40


def write_report(
    folder: Path,
    evaluation: Evaluation,
    run: RunReader,
    annotations: Annotations,
    *,
    comparison: RunComparison | None = None,
    extra: dict[str, Any] | None = None,
    other: RunReader | None = None,
) -> dict[str, Any]:
    """Write report.html, metrics.json, classes.csv and segments.parquet; of two runs differences.csv, too.

    Args:
        folder: made if need be.
        evaluation: what was found.
        run, annotations: of what.
        comparison: with another run, this being the second.
        extra: figures of other tasks, by name.
        other: the first run of a comparison.

    Returns:
        What metrics.json holds.

    Raises:
        OSError: the folder cannot be written.
    """
    make_writable(folder)
    content = content_of(evaluation, run, annotations, comparison, extra, other)
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(folder / "metrics.json", text.encode() + b"\n")
    write_whole(folder / "classes.csv", _classes_csv(content).encode())
    write_whole(folder / "segments.parquet", _segments_parquet(evaluation))
    if comparison is not None:
        write_whole(folder / "differences.csv", _differences_csv(comparison).encode())
    page = report_page({**content, "worst": _worst(evaluation, run, annotations)})
    write_whole(folder / "report.html", page.encode())
    return content


def report_page(content: dict[str, Any]) -> str:
    """The page: one document, which asks for nothing and runs no code but its own."""
    here = package_files("panoseg.evaluation.report")
    *styles, script, page = (
        here.joinpath(name).read_text(encoding="utf-8") for name in (*_STYLES, "report.js", "report.html")
    )
    # Inside a script element only these could end it, or begin a comment.
    data = json.dumps(content, ensure_ascii=False, allow_nan=False)
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    title = html.escape(f"{content['made_of']['model']} · {content['made_of']['annotation']}")
    parts = {"TITLE": title, "STYLE": "\n".join(styles), "SCRIPT": script, "DATA": data}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], page)


def _worst(evaluation: Evaluation, run: RunReader, annotations: Annotations) -> list[dict[str, Any]]:
    """The pictures of the lowest PQ: thumbnail, and a line for each thing that went wrong."""
    quality = evaluation.picture_quality
    order = [n for n in np.argsort(quality, kind="stable").tolist() if not np.isnan(quality[n])][:WORST]
    table = evaluation.segments.astype({"outcome": str, "reason": str})
    found = []
    for number in order:
        picture = evaluation.pictures[number]
        rows = table[table["picture"] == number]
        lines = [sentence_of(row, evaluation.classes) for row in rows.itertuples()]
        try:
            image = thumbnail(run, annotations, picture, rows, evaluation.thresholds)
        except PanosegError:
            continue
        found.append(
            {
                "name": picture.name,
                "pq": float(quality[number]),
                "image": base64.b64encode(image).decode(),
                "lines": [line for line in lines if line][:_MOST_SENTENCES],
            }
        )
    return found


def _classes_csv(content: dict[str, Any]) -> str:
    stream = io.StringIO()
    reasons = [f"{cost['side']}: {cost['reason']}" for cost in content["costs"]]
    writer = csv.writer(stream)
    writer.writerow(["id", "name", "kind", "pq", "sq", "rq", "tp", "fp", "fn", *reasons])
    for each in content["classes"]:
        values = ["" if each[name] is None else repr(each[name]) for name in ("pq", "sq", "rq")]
        writer.writerow(
            [
                each["id"], _harmless(each["name"]), "thing" if each["thing"] else "stuff", *values,
                each["tp"], each["fp"], each["fn"], *(each["lost"].get(reason, 0) for reason in reasons),
            ]
        )  # fmt: skip
    return stream.getvalue()


def _differences_csv(found: RunComparison) -> str:
    """A row per annotated segment that only one of two runs finds."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["picture", "segment", "class", "area", "only_found_by", "iou", "why_the_other_does_not"])
    for row in found.differences.to_dict("records"):
        name = found.a.classes[row["class_id"]].name
        side = str(row["found_by"]).upper()
        values = row["segment"], _harmless(name), row["area"], side, repr(float(row["iou"])), row["reason"]
        writer.writerow([_harmless(row["picture"]), *values])
    return stream.getvalue()


def _harmless(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _segments_parquet(evaluation: Evaluation) -> bytes:
    """A row per segment, with names in place of numbers; what is not known is null."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    table = evaluation.segments
    names = np.array([picture.name for picture in evaluation.pictures], object)
    labels = np.array([*(each.name for each in evaluation.classes), None], object)  # −1 is the last
    columns: dict[str, Any] = {
        "picture": pa.array(names[table["picture"].to_numpy()]),
        "side": pa.array(np.where(table["annotated"], "annotated", "predicted")),
        "segment": pa.array(table["segment"].to_numpy()),
        "class": pa.array(labels[table["class_id"].to_numpy()], pa.string()),
    }
    for name in ("score", "query_score", "threshold"):
        columns[name] = pa.array(table[name].to_numpy(), from_pandas=True)
    for name in ("area", "x", "y", "width", "height", "iou", "shared", "partner", "attempt", "query"):
        columns[name] = pa.array(table[name].to_numpy())
    for name in ("outcome", "reason"):
        columns[name] = pa.array(table[name].astype(str).to_numpy(object), pa.string())
    columns["other_class"] = pa.array(labels[table["other"].to_numpy()], pa.string())
    columns["what"] = pa.array(
        [
            sentence_of(row, evaluation.classes)
            for row in table.astype({"outcome": str, "reason": str}).itertuples()
        ]
    )
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table(columns), sink, compression="zstd")
    return bytes(sink.getvalue())

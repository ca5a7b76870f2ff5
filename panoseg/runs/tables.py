"""The segments of a whole run as one table, kept in the run as Parquet once it was computed."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panoseg.runs.reading import RunItem, RunReader
from panoseg.segment_columns import COLUMNS
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


TABLES_FOLDER = "tables"
_PICTURES_AT_ONCE = 64
_STAMP = b"panoseg"


def segments_frame(run: RunReader, thresholds: Thresholds | None, task: Task) -> pd.DataFrame:
    """See `Run.to_frame`."""
    import pyarrow.parquet as parquet

    return parquet.read_table(segments_file(run, thresholds, task)).to_pandas()


def segments_file(run: RunReader, thresholds: Thresholds | None = None, task: Task = Task.PANOPTIC) -> Path:
    """The Parquet file with a row per segment of every picture, written if it is not there yet.

    Its columns are `picture`, the name, and those of `panoseg.segment_columns.COLUMNS`.

    Raises:
        RunError, InvalidValueError: as `RunItem.segmentation`.
        OSError: it cannot be written.
    """
    import pyarrow.parquet as parquet

    path = run.folder / TABLES_FOLDER / f"{_stem(run, thresholds, task)}.parquet"
    stamp = json.dumps({"pictures": len(run), "format": 1}).encode()
    with suppress(OSError, ValueError):  # not there, or cut short: it is written anew
        if parquet.read_schema(path).metadata.get(_STAMP) == stamp:
            return path
    path.parent.mkdir(exist_ok=True)
    new = path.with_name(f".{secrets.token_hex(8)}.new")
    schema = _schema().with_metadata({_STAMP: stamp})
    try:
        with parquet.ParquetWriter(new, schema, compression="zstd") as writer:
            for table in _tables(run, thresholds, task, schema):
                writer.write_table(table)
        os.replace(new, path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
    return path


def _tables(
    run: RunReader, thresholds: Thresholds | None, task: Task, schema: pa.Schema
) -> Iterator[pa.Table]:
    import pyarrow as pa

    columns: dict[str, list[Any]] = {name: [] for name in schema.names}
    for count, item in enumerate(run, 1):
        _extend(columns, item, thresholds, task)
        if count % _PICTURES_AT_ONCE == 0:
            yield pa.Table.from_pydict(columns, schema)
            columns = {name: [] for name in schema.names}
    yield pa.Table.from_pydict(columns, schema)


def _extend(columns: dict[str, list[Any]], item: RunItem, thresholds: Thresholds | None, task: Task) -> None:
    segmentation = item.segmentation(thresholds, task)
    pixels = segmentation.id_map.size
    for segment in segmentation.segments:
        columns["picture"].append(item.name)
        for column in COLUMNS:
            columns[column.name].append(column.value(segment, pixels))


def _schema() -> pa.Schema:
    import pyarrow as pa

    types = {"int64": pa.int64(), "float64": pa.float64(), "str": pa.string()}
    return pa.schema([("picture", pa.string()), *((column.name, types[column.dtype]) for column in COLUMNS)])


def _stem(run: RunReader, thresholds: Thresholds | None, task: Task) -> str:
    if not run.has_thresholds:
        if thresholds is not None or task is not Task.PANOPTIC:
            run.refuse_thresholds()
        return "segments"
    values = thresholds or Thresholds()
    moved = [f"{name}-{getattr(values, name)!r}" for name in task.thresholds]
    return "-".join(["segments", task.value, *moved])

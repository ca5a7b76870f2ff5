"""The segments of a whole run as one table: CSV, or Parquet (parquet.apache.org)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import Picture, Spool, Target
from panoseg.export.measurements import MEASURES
from panoseg.segment_columns import COLUMNS

_ROWS_AT_ONCE = 4096


def rows_of(picture: Picture) -> Iterator[dict[str, Any]]:
    """A row per segment under the names of `COLUMNS`, those of `MEASURES` behind them if they were taken."""
    segments = picture.segments if picture.instances is None else picture.instances.segments
    pixels = picture.segmentation.id_map.size
    for index, segment in enumerate(segments):
        row = {"picture": picture.name}
        row.update({column.name: column.value(segment, pixels) for column in COLUMNS})
        if picture.measurements is not None:
            row.update(picture.measurements[index])
        yield row


class CsvTable:
    """`segments.csv`, as UTF-8; it begins with a byte-order mark where a text is beyond ASCII."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._lines = Spool()
        self._ascii = True
        self._measured = False

    def add(self, picture: Picture) -> None:
        """Note its segments."""
        self._measured |= picture.measurements is not None
        for row in rows_of(picture):
            line = csv_line(row.values())
            self._ascii &= line.isascii()
            self._lines.add(line)

    def finish(self) -> None:
        """Write the file."""

        def pieces() -> Iterator[bytes]:
            yield (b"" if self._ascii else b"\xef\xbb\xbf") + csv_line(_names(self._measured)).encode()
            yield from self._lines.pieces()

        self._target.sink.write_pieces("segments.csv", pieces())


class ParquetTable:
    """`segments.parquet`, compressed with Zstandard."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target
        self._file = TemporaryFile()  # noqa: SIM115  # it ends with the export
        self._writer: Any = None
        self._schema: Any = None
        self._rows: list[dict[str, Any]] = []

    def add(self, picture: Picture) -> None:
        """Note its segments."""
        if self._writer is None:
            self._open(measured=picture.measurements is not None)
        self._rows += rows_of(picture)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def finish(self) -> None:
        """Write the file."""
        if self._writer is None:
            self._open(measured=False)
        self._flush()
        self._writer.close()
        self._file.seek(0)

        def pieces() -> Iterator[bytes]:
            while piece := self._file.read(1 << 20):
                yield piece

        self._target.sink.write_pieces("segments.parquet", pieces())
        self._file.close()

    def _open(self, *, measured: bool) -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        types = {"int64": pa.int64(), "float64": pa.float64(), "str": pa.string(), "bool": pa.bool_()}
        columns: list[tuple[str, str]] = [
            ("picture", "str"),
            *((column.name, column.dtype) for column in COLUMNS),
        ]
        if measured:
            columns += [(measure.name, measure.dtype) for measure in MEASURES]
        self._schema = pa.schema([(name, types[dtype]) for name, dtype in columns])
        self._writer = parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._rows = []


def _names(measured: bool) -> list[str]:
    names = ["picture", *(column.name for column in COLUMNS)]
    return names + [measure.name for measure in MEASURES] if measured else names

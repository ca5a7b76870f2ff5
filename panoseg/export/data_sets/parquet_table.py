"""The segments of a whole data set as one Parquet table (parquet.apache.org)."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Target
from panoseg.export.data_sets.segment_rows import rows_of
from panoseg.export.measurements import MEASURES
from panoseg.segment_columns import COLUMNS

_ROWS_AT_ONCE = 4096


class ParquetTable(DataSetWriter):
    """`segments.parquet`, compressed with Zstandard."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._file = TemporaryFile()  # noqa: SIM115  # it ends with the export
        self._writer: Any = None
        self._schema: Any = None
        self._rows: list[dict[str, Any]] = []

    def encode(self, picture: Picture) -> Encoded:
        """Its rows, and whether they hold measurements."""
        return Encoded(note=(list(rows_of(picture)), picture.measurements is not None))

    def note(self, note: tuple[list[dict[str, Any]], bool]) -> None:
        """Put them behind the others."""
        rows, measured = note
        if self._writer is None:
            self._open(measured=measured)
        self._rows += rows
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

        self.target.sink.write_pieces("segments.parquet", pieces())
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

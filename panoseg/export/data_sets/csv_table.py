"""The segments of a whole data set as one CSV."""

from __future__ import annotations

from collections.abc import Iterator

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Spool, Target
from panoseg.export.data_sets.segment_rows import names_of, rows_of


class CsvTable(DataSetWriter):
    """`segments.csv`, as UTF-8; it begins with a byte-order mark where a text is beyond ASCII."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._lines = Spool()
        self._ascii = True
        self._measured = False

    def encode(self, picture: Picture) -> Encoded:
        """Its lines, and whether they hold measurements."""
        lines = "".join(csv_line(row.values()) for row in rows_of(picture))
        return Encoded(note=(lines, picture.measurements is not None))

    def note(self, note: tuple[str, bool]) -> None:
        """Put them behind the others."""
        lines, measured = note
        self._measured |= measured
        self._ascii &= lines.isascii()
        self._lines.add(lines)

    def finish(self) -> None:
        """Write the file."""

        def pieces() -> Iterator[bytes]:
            yield (b"" if self._ascii else b"\xef\xbb\xbf") + csv_line(names_of(self._measured)).encode()
            yield from self._lines.pieces()

        self.target.sink.write_pieces("segments.csv", pieces())

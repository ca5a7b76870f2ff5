"""The segments of a whole data set as one CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from panoseg.export.data_sets.csv_text import csv_line
from panoseg.export.data_sets.data_set import Picture, Spool, Target
from panoseg.export.data_sets.segment_rows import names_of, rows_of


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
            yield (b"" if self._ascii else b"\xef\xbb\xbf") + csv_line(names_of(self._measured)).encode()
            yield from self._lines.pieces()

        self._target.sink.write_pieces("segments.csv", pieces())

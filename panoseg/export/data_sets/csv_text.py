"""Lines of comma-separated values (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

from panoseg.export.table_csv import defused


def csv_line(values: Iterable[object]) -> str:
    """One line; texts that a spreadsheet would run begin with an apostrophe, numbers read back equal."""
    stream = StringIO()
    cells = [defused(value) if isinstance(value, str) else value for value in values]
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()

"""The table of segments as comma-separated values (RFC 4180), safe to open in a spreadsheet."""

import re

from panoseg.segmentation import Segmentation

# What spreadsheets may take for the start of a formula, also behind blanks that they trim, and in the
# full-width forms that East Asian versions accept.
_FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]")


def table_csv(segmentation: Segmentation) -> bytes:
    """One row per segment under the names of `COLUMNS`, as UTF-8.

    Numbers are written so that they read back equal. A text that a spreadsheet would run as a formula
    begins with an apostrophe instead, which shows it as text. A byte-order mark comes first only where
    a text holds characters beyond ASCII: Excel guesses wrong without it, and other readers would take
    it for a part of the first column's name.
    """
    frame = segmentation.to_frame()
    for column in frame.columns[frame.dtypes == "str"]:
        frame[column] = frame[column].map(_defused)
    text = frame.to_csv(index=False, lineterminator="\r\n")
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def _defused(text: str) -> str:
    return "'" + text if _FORMULA.match(text) else text

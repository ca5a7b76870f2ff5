"""CVAT for images 1.1 (docs.cvat.ai, "CVAT for images"): one XML, a mask as runs for each segment."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from panoseg.export.data_sets.data_set import DataSetWriter, Encoded, Picture, Spool, Target
from panoseg.export.names import picture_name


class Cvat(DataSetWriter):
    """`annotations.xml`: `<image>` with a `<mask>` per segment, holes and overlaps included."""

    def __init__(self, target: Target) -> None:
        super().__init__(target)
        self._images = Spool()
        self._count = 0

    def encode(self, picture: Picture) -> Encoded:
        """Its element, but for the number with which it begins."""
        height, width = picture.segmentation.size
        lines = [f'name={_quoted(picture_name(picture.name))} width="{width}" height="{height}">\n']
        for segment, mask in picture.masks():
            left, top, box_width, box_height = segment.bbox
            runs = ", ".join(map(str, _runs(mask[top : top + box_height, left : left + box_width])))
            lines.append(
                f'    <mask label={_quoted(segment.label)} source="auto" occluded="0" rle="{runs}" '
                f'left="{left}" top="{top}" width="{box_width}" height="{box_height}" z_order="0"/>\n'
            )
        return Encoded(note="".join([*lines, "  </image>\n"]))

    def note(self, note: str) -> None:
        """Number it."""
        self._images.add(f'  <image id="{self._count}" {note}')
        self._count += 1

    def finish(self) -> None:
        """Write the file."""
        labels = "".join(
            f"        <label><name>{_escaped(name)}</name><attributes></attributes></label>\n"
            for name in dict.fromkeys(self.target.vocabulary.labels)
        )
        head = (
            '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
            f"  <meta>\n    <task>\n      <name>panoseg</name>\n      <size>{self._count}</size>\n"
            f"      <mode>annotation</mode>\n      <labels>\n{labels}"
            "      </labels>\n    </task>\n  </meta>\n"
        )

        def pieces() -> Iterator[bytes]:
            yield head.encode()
            yield from self._images.pieces()
            yield b"</annotations>\n"

        self.target.sink.write_pieces("annotations.xml", pieces())


def _runs(mask: NDArray[np.bool_]) -> list[int]:
    """Lengths of runs from left to right and top to bottom, the first of them of background, perhaps 0."""
    flat = np.concatenate([[False], mask.ravel()])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    runs: list[int] = np.diff(np.concatenate([[0], edges, [mask.size]])).tolist()
    return runs


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _escaped(text: str) -> str:
    return _allowed(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _allowed(text: str) -> str:
    """Without the characters that XML 1.0 forbids."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "?"
        for c in text
    )

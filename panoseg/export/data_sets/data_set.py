"""What every format of a data set is: it encodes pictures one by one, and says what it could not hold."""

from __future__ import annotations

import weakref
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panoseg.export.inclusion import included, included_map
from panoseg.export.measurements import Measurements
from panoseg.export.sinks import Sink
from panoseg.merging import Instances
from panoseg.photo import Photo
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

WITHOUT_PHOTO = "pictures that are not where they were"
"""What formats that show pictures lose."""

HIDDEN = "instances of which others hide a part"
"""What formats of flat maps lose."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture of a data set on its way into files.

    Attributes:
        name: what it is called, with "/" between folders.
        stem: the same as a path that is safe on every system and that no other picture has, without suffix.
        segmentation: of it.
        photo: the picture itself, for formats that show it; None where it is not there.
        instances: where instances were looked for: each with its own mask, whatever lies on top of it.
        measurements: of each segment, where they were asked for.
        include: ids of the segments that files hold, or None for all; without `instances`.
    """

    name: str
    stem: str
    segmentation: Segmentation
    photo: Photo | None = None
    instances: Instances | None = None
    measurements: tuple[Measurements, ...] | None = None
    include: Collection[int] | None = None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Those that files hold."""
        return included(self.segmentation, self.include)

    @property
    def id_map(self) -> NDArray[np.int32]:
        """(H, W) ids of those; 0 elsewhere."""
        return included_map(self.segmentation, self.include)

    @property
    def most(self) -> int:
        """The largest id that the map may hold."""
        return len(self.segmentation.segments)

    def masks(self) -> Iterator[tuple[Segment, NDArray[np.bool_]]]:
        """Each segment with its whole mask (H, W); instances may overlap."""
        if self.instances is not None:
            for segment, mask in zip(self.instances.segments, self.instances.masks, strict=True):
                yield segment, mask.to_mask()
            return
        for segment in self.segments:
            yield segment, self.segmentation.id_map == segment.id

    @property
    def hidden(self) -> int:
        """Instances of which a flat map hides something."""
        if self.instances is None:
            return 0
        shown = np.bincount(
            self.segmentation.id_map.ravel(), minlength=len(self.segmentation.segments) + 1
        ).tolist()
        by_key = {segment.key: shown[segment.id] for segment in self.segmentation.segments}
        return sum(by_key.get(segment.key, 0) < segment.area for segment in self.instances.segments)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a writer writes, and what it is told of the data set.

    Attributes:
        sink: takes the files.
        vocabulary: of the segments.
    """

    sink: Sink
    vocabulary: Vocabulary

    @property
    def categories(self) -> list[dict[str, object]]:
        """As COCO has them."""
        return [
            {"id": dataset_id, "name": label, "isthing": int(self.vocabulary.is_thing(class_id))}
            for class_id, (dataset_id, label) in enumerate(
                zip(self.vocabulary.dataset_ids, self.vocabulary.labels, strict=True)
            )
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """What a format makes of one picture, whatever the others are.

    Attributes:
        files: path and content of those that are the picture's own; made when they are written, where all of
            them together may be too much for the memory.
        losses: what the format could not hold, in words → how often that happened.
        note: what the files that are common to all pictures need of this one.
    """

    files: Iterable[tuple[str, bytes]] = ()
    losses: Counter[str] = field(default_factory=Counter)
    note: Any = None


class DataSetWriter(ABC):
    """One export in one format.

    Pictures are encoded in any order, by several threads at once; what comes of it is added in theirs.

    Attributes:
        target: where it writes.
        losses: of all pictures that were added.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.losses: Counter[str] = Counter()

    @abstractmethod
    def encode(self, picture: Picture) -> Encoded:
        """What takes time, and needs this picture alone."""

    def add(self, encoded: Encoded) -> None:
        """Write what is the picture's own, and note the rest."""
        for path, content in encoded.files:
            self.target.sink.write(path, content)
        self.losses += encoded.losses
        self.note(encoded.note)

    def note(self, note: Any) -> None:  # noqa: B027
        """Keep what files that are common to all need of a picture; most formats have no such files."""

    def finish(self) -> None:  # noqa: B027
        """Write the files that are common to all pictures."""


class Spool:
    """Text that grows without growing in memory, and is read once."""

    def __init__(self, separator: str = "") -> None:
        self._file = SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115  # it ends with the export
        weakref.finalize(self, self._file.close)  # also of an export that is given up
        self._separator = separator.encode()

    def add(self, text: str) -> None:
        """Put a piece behind the others."""
        if self._separator and self._file.tell():
            self._file.write(self._separator)
        self._file.write(text.encode())

    def pieces(self) -> Iterator[bytes]:
        """All of it; it cannot be added to afterwards."""
        self._file.seek(0)
        while piece := self._file.read(1 << 20):
            yield piece
        self._file.close()

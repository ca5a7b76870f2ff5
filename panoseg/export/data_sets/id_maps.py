"""Id maps: each pixel's segment id in 16 bits."""

from __future__ import annotations

from collections import Counter

from panoseg.export.data_sets.data_set import Picture, Target
from panoseg.export.id_map_png import id_map_png


class IdMaps:
    """`<picture>.png`: 16-bit grey, each pixel's segment id, 0 for void."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write its map."""
        self.losses["instances of which others hide a part"] += picture.hidden
        self._target.sink.write(
            f"{picture.stem}.png", id_map_png(picture.segmentation, include=picture.include)
        )

    def finish(self) -> None:
        """Nothing is common to all."""

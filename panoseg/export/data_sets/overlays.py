"""Overlays: each picture with its segments painted over it."""

from __future__ import annotations

from collections import Counter

from panoseg.export.data_sets.data_set import WITHOUT_PHOTO, Picture, Target
from panoseg.export.overlay_png import overlay_png


class Overlays:
    """`<picture>.png`: the picture with its segments painted over it."""

    def __init__(self, target: Target) -> None:
        self.losses: Counter[str] = Counter()
        self._target = target

    def add(self, picture: Picture) -> None:
        """Write its overlay."""
        if picture.photo is None:
            self.losses[WITHOUT_PHOTO] += 1
            return
        self._target.sink.write(
            f"{picture.stem}.png", overlay_png(picture.photo, picture.segmentation, visible=picture.include)
        )

    def finish(self) -> None:
        """Nothing is common to all."""

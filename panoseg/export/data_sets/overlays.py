"""Overlays: each picture with its segments painted over it."""

from __future__ import annotations

from collections import Counter

from panoseg.export.data_sets.data_set import WITHOUT_PHOTO, DataSetWriter, Encoded, Picture
from panoseg.export.overlay_png import overlay_png


class Overlays(DataSetWriter):
    """`<picture>.png`: the picture with its segments painted over it."""

    def encode(self, picture: Picture) -> Encoded:
        """Its overlay."""
        if picture.photo is None:
            return Encoded(losses=Counter({WITHOUT_PHOTO: 1}))
        png = overlay_png(picture.photo, picture.segmentation, visible=picture.include)
        return Encoded([(f"{picture.stem}.png", png)])

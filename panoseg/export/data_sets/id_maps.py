"""Id maps: each pixel's segment id in 16 bits."""

from __future__ import annotations

from collections import Counter

from panoseg.export.data_sets.data_set import HIDDEN, DataSetWriter, Encoded, Picture
from panoseg.export.id_map_png import id_map_png


class IdMaps(DataSetWriter):
    """`<picture>.png`: 16-bit grey, each pixel's segment id, 0 for void."""

    def encode(self, picture: Picture) -> Encoded:
        """Its map."""
        png = id_map_png(picture.segmentation, include=picture.include)
        return Encoded([(f"{picture.stem}.png", png)], Counter({HIDDEN: picture.hidden}))

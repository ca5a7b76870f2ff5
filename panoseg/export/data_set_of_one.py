"""One picture in a format for many, as a zip archive."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from panoseg.export.data_sets import RUN_FORMATS, Picture, Target
from panoseg.export.names import SafePaths
from panoseg.export.sinks import ZipSink
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary


def data_set_of_one(
    name: str,
    photo: Photo,
    segmentation: Segmentation,
    vocabulary: Vocabulary,
    *,
    include: Collection[int] | None = None,
) -> bytes:
    """An archive with what `RUN_FORMATS[name]` writes for a data set of one picture.

    Args:
        name: of the format.
        photo: the one that was segmented.
        segmentation: of that photo.
        vocabulary: of the model that segmented it.
        include: ids of the segments to write, or None for all.
    """
    stream = BytesIO()
    sink = ZipSink(stream)
    writer = RUN_FORMATS[name].open(Target(sink, vocabulary))
    stem = photo.name.rpartition(".")[0] or photo.name
    picture = Picture(photo.name, SafePaths().of(stem), segmentation, photo, include=include)
    writer.add(writer.encode(picture))
    writer.finish()
    sink.close()
    return stream.getvalue()

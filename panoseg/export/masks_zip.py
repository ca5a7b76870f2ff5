"""One binary mask per segment, as PNG files in a ZIP archive."""

import zipfile
from collections.abc import Collection
from io import BytesIO

from PIL import Image

from panoseg.export.inclusion import included
from panoseg.export.names import file_name
from panoseg.png import encode_png
from panoseg.segmentation import Segmentation


def masks_zip(
    photo_name: str, segmentation: Segmentation, *, include: Collection[int] | None = None
) -> bytes:
    """A ZIP archive of `<photo>-<id>-<label>.png`: 1-bit, the photo's own size, white where the segment is.

    Args:
        photo_name: of the photo's file.
        segmentation: of the photo.
        include: ids of the segments to write, or None for all.
    """
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as files:  # PNG files do not get smaller
        for segment in included(segmentation, include):
            label = file_name(segment.label, "").removesuffix("-")
            name = file_name(photo_name, f"{segment.id:03d}-{label}.png")
            picture = Image.fromarray(segmentation.mask(segment.id))
            files.writestr(zipfile.ZipInfo(name), encode_png(picture))
    return archive.getvalue()

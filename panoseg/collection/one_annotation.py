"""The annotation of one picture of a run alone, as the two files that any program reads."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import numpy as np

from panoseg.collection.evaluated import Evaluated
from panoseg.errors import GroundTruthError


def annotation_files(found: Evaluated, position: int) -> tuple[str, bytes, bytes] | None:
    """The name of its PNG, the PNG, and a COCO panoptic JSON that describes this picture.

    Args:
        found: an evaluation of the run.
        position: of the picture in the run.

    Returns:
        None for a picture that is not annotated.

    Raises:
        GroundTruthError: the PNG cannot be read any more.
    """
    at = np.flatnonzero(found.places == position)
    if position < 0 or not len(at):
        return None
    picture = found.picture(int(at[0]))
    try:
        png = found.annotations.png(picture)
    except OSError as error:
        raise GroundTruthError(f"The annotation of “{picture.name}” cannot be read any more.") from error
    name, classes = PurePosixPath(picture.mask).name, found.annotations.classes
    segments = zip(picture.ids.tolist(), picture.classes.tolist(), picture.crowds.tolist(), strict=True)
    content = {
        "images": [{"id": 1, "file_name": picture.name}],
        "annotations": [
            {
                "image_id": 1,
                "file_name": name,
                "segments_info": [
                    {"id": own, "category_id": classes[place].id, "iscrowd": int(crowd)}
                    for own, place, crowd in segments
                ],
            }
        ],
        "categories": [{"id": each.id, "name": each.name, "isthing": int(each.is_thing)} for each in classes],
    }
    return name, png, json.dumps(content).encode()

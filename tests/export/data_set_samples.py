"""Pictures for data sets, and what each format makes of them."""

import numpy as np

from panoseg import Photo, Segment, Segmentation, Vocabulary
from panoseg.export.data_sets import RUN_FORMATS, Picture, Target
from panoseg.export.sinks import FolderSink

VOCABULARY = Vocabulary(["sky", "person", "car, red"], things=[1, 2], dataset_ids=[187, 1, 3])
SIZE = (60, 80)


def segment(id_map, number, class_id, score=0.9):
    rows, columns = np.nonzero(id_map == number)
    box = (
        int(columns.min()),
        int(rows.min()),
        int(np.ptp(columns)) + 1,
        int(np.ptp(rows)) + 1,
    )
    return Segment(
        number,
        class_id,
        VOCABULARY.labels[class_id],
        "thing" if VOCABULARY.is_thing(class_id) else "stuff",
        score,
        len(rows),
        box,
        queries=(number,),
    )


def scene(seed=0):
    """Sky, a person of two parts, a car that is a disc, and void."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    id_map = np.zeros(SIZE, np.int32)
    id_map[:20] = 1
    id_map[10:40, 5:15] = 2
    id_map[45:52, 5:12] = 2
    id_map[(y - 40 - seed % 3) ** 2 + (x - 50) ** 2 < 15**2] = 3
    segments = [segment(id_map, n, c) for n, c in ((1, 0), (2, 1), (3, 2))]
    return Segmentation(id_map, tuple(segments))


def holed():
    """A car with a hole in which there is sky."""
    id_map = np.zeros(SIZE, np.int32)
    id_map[10:40, 10:40] = 2
    id_map[20:25, 20:25] = 1
    return Segmentation(id_map, (segment(id_map, 1, 0), segment(id_map, 2, 2)))


def photo(name="x"):
    return Photo.from_pixels(np.random.default_rng(3).integers(0, 256, (*SIZE, 3), dtype=np.uint8), name)


PICTURES = [
    Picture("a/one.jpg", "a/one", scene(1), photo("one.jpg")),
    Picture("b/one.jpg", "b/one", scene(2), photo("one.jpg")),
]


def export(name, folder, pictures=PICTURES, vocabulary=VOCABULARY):
    writer = RUN_FORMATS[name].open(Target(FolderSink(folder), vocabulary))
    for picture in pictures:
        writer.add(writer.encode(picture))
    writer.finish()
    return +writer.losses


def iou(one, other):
    return (one & other).sum() / (one | other).sum()

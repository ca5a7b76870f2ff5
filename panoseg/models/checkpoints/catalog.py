"""The checkpoints that panoseg knows by name: its demo, and those of the paper's authors.

Qualities are those of the authors' own model zoo (github.com/facebookresearch/Mask2Former), on the data
set's validation part, at a single scale. They hold for the input size that the paper tests at, not for
the 384×384 that the checkpoints ship with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from panoseg.models.checkpoints import data_sets
from panoseg.models.checkpoints.preprocess import FitEdges, InputPolicy, Squash
from panoseg.tasks import Task

QUALITY_CAVEAT = (
    "The paper's figure, at the paper's input size; at the size that the checkpoint ships with it is lower."
)
_KNOWS = {
    "Demo world": "Only its drawn world",
    "COCO": "Everyday photos",
    "ADE20K": "Rooms, streets and landscapes",
    "Cityscapes": "Streets, seen from a car",
    "Mapillary Vistas": "Streets all over the world",
}
_METRICS = {Task.PANOPTIC: "PQ", Task.INSTANCES: "AP", Task.SEMANTIC: "mIoU"}


@dataclass(frozen=True, slots=True)
class Backbone:
    """What looks at the pixels.

    Attributes:
        title: as in the paper; 21k says that it was trained on the larger ImageNet before.
        parameters: of a whole Mask2Former with it; classes and queries change that by less than 1 %.
    """

    title: str
    parameters: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A checkpoint, as far as it can be known without having it.

    Attributes:
        name: for `load_segmenter`.
        data_set: what it was trained on: its classes, things and category ids.
        task: what it was trained for. Any task can be asked of it.
        backbone: of which size it is.
        quality: in per cent, in the task's `metric`; None where nobody published one.
        paper_edges: (shortest, longest) edge of a test photo in pixels; None where no paper has it.
        shipped_size: (height, width) of its input in pixels, unless one asks for another.
        licence: of the weights.
    """

    name: str
    data_set: data_sets.DataSet
    task: Task
    backbone: Backbone
    quality: float | None
    paper_edges: tuple[int, int] | None
    shipped_size: tuple[int, int] = (384, 384)
    licence: str = "CC BY-NC 4.0"

    @property
    def data_set_family(self) -> str:
        """The data set's name without the task that some carry: "COCO"."""
        return self.data_set.name.removesuffix(" panoptic").removesuffix(" instance")

    @property
    def title(self) -> str:
        """Data set, task and size, short enough for a list."""
        if self.paper_edges is None:
            return "Demo · drawn world"
        short = self.data_set_family.removeprefix("Mapillary ")
        return f"{short} {self.task.value.removesuffix('s')} · {self.backbone.title}"

    @property
    def knows(self) -> str:
        """What it was shown, in everybody's words."""
        return _KNOWS[self.data_set_family]

    @property
    def metric(self) -> str:
        """What its quality is measured in: PQ, AP or mIoU, by the task."""
        return _METRICS[self.task]

    @property
    def download_bytes(self) -> int:
        """About how much is downloaded: four bytes for each parameter; nothing for the demo."""
        return 0 if self.paper_edges is None else 4 * self.backbone.parameters

    @property
    def policy(self) -> InputPolicy:
        """How large it sees a photo (not: how it normalises one)."""
        shipped = InputPolicy(Squash(*self.shipped_size))
        if self.paper_edges is None:
            return shipped
        return InputPolicy(Squash(*self.shipped_size), paper=FitEdges(*self.paper_edges))


_BACKBONES = {
    "tiny": Backbone("Swin-T", 47_400_000),
    "small": Backbone("Swin-S", 68_700_000),
    "base": Backbone("Swin-B", 106_900_000),
    "base-IN21k": Backbone("Swin-B 21k", 106_900_000),
    "large": Backbone("Swin-L", 215_500_000),
}
_OFFICIAL: dict[str, tuple[data_sets.DataSet, Task, dict[str, float]]] = {
    "coco-panoptic": (
        data_sets.COCO_PANOPTIC,
        Task.PANOPTIC,
        {"tiny": 53.2, "small": 54.6, "base": 55.1, "large": 57.8},
    ),
    "coco-instance": (
        data_sets.COCO_INSTANCE,
        Task.INSTANCES,
        {"tiny": 45.0, "small": 46.3, "base": 46.7, "base-IN21k": 48.1, "large": 50.1},
    ),
    "ade-panoptic": (data_sets.ADE20K, Task.PANOPTIC, {"large": 48.1}),
    "ade-semantic": (
        data_sets.ADE20K,
        Task.SEMANTIC,
        {"tiny": 47.7, "small": 51.3, "base-IN21k": 53.9, "large": 56.1},
    ),
    "cityscapes-panoptic": (
        data_sets.CITYSCAPES,
        Task.PANOPTIC,
        {"tiny": 63.9, "small": 64.8, "base-IN21k": 66.1, "large": 66.6},
    ),
    "cityscapes-instance": (data_sets.CITYSCAPES_INSTANCE, Task.INSTANCES, {"tiny": 39.7, "large": 43.7}),
    "cityscapes-semantic": (data_sets.CITYSCAPES, Task.SEMANTIC, {"tiny": 82.1}),
    "mapillary-vistas-panoptic": (data_sets.MAPILLARY_VISTAS, Task.PANOPTIC, {"large": 45.5}),
    "mapillary-vistas-semantic": (data_sets.MAPILLARY_VISTAS, Task.SEMANTIC, {"large": 63.2}),
}
# The smaller two on ADE20K's semantic task were trained and tested on smaller pictures than the rest.
_OTHER_EDGES = {("ade-semantic", "tiny"): (512, 2048), ("ade-semantic", "small"): (512, 2048)}


def _entries() -> Iterator[Entry]:
    resnet = Backbone("ResNet", 1_840_000)
    yield Entry("demo", data_sets.DEMO_WORLD, Task.PANOPTIC, resnet, None, None, (256, 256), "MIT")
    for part, (data_set, task, qualities) in _OFFICIAL.items():
        for size, quality in qualities.items():
            yield Entry(
                f"facebook/mask2former-swin-{size}-{part}",
                data_set,
                task,
                _BACKBONES[size],
                quality,
                _OTHER_EDGES.get((part, size), data_set.paper_edges),
            )


CATALOG: dict[str, Entry] = {entry.name: entry for entry in _entries()}
"""By name, in the order in which to show them."""


def paper_resize(name: str, labels: tuple[str, ...]) -> FitEdges:
    """The size at which the paper tests a checkpoint: by its name, else its labels, else as on COCO."""
    entry, data_set = CATALOG.get(name), data_sets.data_set_of(name, labels)
    edges = (entry and entry.paper_edges) or (data_set and data_set.paper_edges) or (800, 1333)
    return FitEdges(*edges)

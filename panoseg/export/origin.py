"""Where files come from: what made the segmentation that they hold."""

from __future__ import annotations

from dataclasses import dataclass

from panoseg.tasks import Task
from panoseg.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a segmentation of a photo.

    Attributes:
        model: its name, as `load_segmenter` takes it.
        revision: commit of its files on the hub, or "sha256:…" of the weights of a folder; None where nobody
            knows.
        task: panoptic, instances or semantic.
        thresholds: of the merging; None where the map came finished from elsewhere.
        input_size: how large the network saw the photo: "shipped", "paper", or its shorter edge in pixels.
    """

    model: str
    task: Task
    thresholds: Thresholds | None
    input_size: str | int = "shipped"
    revision: str | None = None

    @property
    def relevant_thresholds(self) -> dict[str, float]:
        """Those that matter to the task, by name."""
        if self.thresholds is None:
            return {}
        return {name: getattr(self.thresholds, name) for name in self.task.thresholds}

    def columns(self, photo_name: str) -> dict[str, str | float | None]:
        """The same in every row of a table: photo, model, revision, input_size, task, and the task's
        thresholds as score_threshold, mask_threshold and overlap_threshold.
        """
        return {
            "photo": photo_name,
            "model": self.model,
            "revision": self.revision,
            "input_size": str(self.input_size),
            "task": self.task.value,
            **{f"{name}_threshold": value for name, value in self.relevant_thresholds.items()},
        }

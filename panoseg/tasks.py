"""The three tasks of one prediction: panoptic, instances, semantic."""

from dataclasses import dataclass
from enum import StrEnum

from panoseg.merging import Candidate, Instances, instances, merge, semantic, why_empty
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds


class Task(StrEnum):
    """What to look for."""

    PANOPTIC = "panoptic"
    INSTANCES = "instances"
    SEMANTIC = "semantic"

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Names of the thresholds that matter to it."""
        return {"panoptic": ("score", "mask", "overlap"), "instances": ("score",), "semantic": ()}[self.value]


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What a task found in a photo.

    Attributes:
        segmentation: as shown; overlapping instances are painted with the best on top.
        candidates: what became of each query (panoptic only).
        nothing: one sentence on why there is no segment, empty if there is one.
        instances: each with its own mask, whatever lies on top of it (instances only).
    """

    segmentation: Segmentation
    candidates: tuple[Candidate, ...]
    nothing: str
    instances: Instances | None = None


def find(task: Task, prediction: Prediction, thresholds: Thresholds) -> Findings:
    """Do one task at these thresholds."""
    match task:
        case Task.PANOPTIC:
            segmentation, candidates = merge(prediction, thresholds)
            return Findings(segmentation, candidates, why_empty(candidates, thresholds))
        case Task.INSTANCES:
            found = instances(prediction, thresholds.score)
            nothing = "" if found.segments else _no_instance(prediction, thresholds)
            return Findings(found.flatten(), (), nothing, found)
        case Task.SEMANTIC:
            return Findings(semantic(prediction), (), "")


def _no_instance(prediction: Prediction, thresholds: Thresholds) -> str:
    best = instances(prediction).segments[:1]
    if not best:
        return "The model found no thing that it knows in this picture."
    return (
        f"The score threshold of {thresholds.score:.2f} filters everything away: the best instance, "
        f"“{best[0].label}”, scores {best[0].score:.3f}."
    )

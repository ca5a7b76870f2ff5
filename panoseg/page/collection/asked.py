"""What a browser asks about a run, as the address of a request says it; nothing in it is to be relied on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panoseg.collection.overview import SORTS
from panoseg.errors import InvalidValueError
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run is looked at.

    Attributes:
        thresholds, task: of the merge.
        question: for `read_question`.
        sort: one of `SORTS`.
        backward: the other end first.
        evaluates: whether figures of an evaluation are wanted, too, which has it made.
    """

    thresholds: Thresholds
    task: Task
    question: str = ""
    sort: str = "position"
    backward: bool = False
    evaluates: bool = False

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Asked:
        """What the address says.

        Raises:
            InvalidValueError: it makes no sense.
        """
        usual = Thresholds()
        try:
            values = [
                float(parameters.get(name, getattr(usual, name))) for name in ("score", "mask", "overlap")
            ]
            thresholds = Thresholds(*(round(value, 4) for value in values))
            task = Task(parameters.get("task", Task.PANOPTIC.value))
        except (ValueError, TypeError) as error:
            raise InvalidValueError("Thresholds are numbers from 0 to 1.") from error
        sort = parameters.get("sort", "position")
        return cls(
            thresholds,
            task,
            parameters.get("q", ""),
            sort if sort in SORTS else "position",
            parameters.get("back") == "1",
            parameters.get("evaluate") == "1",
        )

"""Which model a run is made with: what was asked for, and what was there before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from panoseg.cores import usable_cores
from panoseg.models import Segmenter, load_segmenter
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.forward_pass import SideBySide
from panoseg.runs.header import Header
from panoseg.setting_values import EngineName
from panoseg.vocabulary import Vocabulary

Load = Callable[[str, SideBySide], Segmenter]


@dataclass(frozen=True)
class Asked:
    """What `make_run` was asked for, and the header of the run that is there."""

    model: str | os.PathLike[str] | Segmenter | None
    engine: EngineName
    things: Iterable[str | int] | None
    load: Load | None
    input_size: SizeChoice | None
    existing: Header | None

    @property
    def given(self) -> Segmenter | None:
        """A segmenter that is loaded already."""
        return None if self.model is None or isinstance(self.model, (str, os.PathLike)) else self.model

    @property
    def name(self) -> str:
        """Of the model; the run's own where none was named."""
        return str(self.model or (self.existing.model if self.existing else "demo"))

    @property
    def engine_name(self) -> EngineName:
        """A run goes on with the engine that it began with."""
        existing = self.existing
        if self.engine == "auto" and existing is not None and existing.engine in ("torch", "openvino"):
            return "torch" if existing.engine == "torch" else "openvino"
        return self.engine

    @property
    def side_by_side(self) -> SideBySide:
        """Many pictures: each pass on one core, as a rule, and as many passes as there are cores.

        A run that is there goes on with as many threads a pass as it began with.
        """
        if self.existing is None:
            return SideBySide(self.input_size or "shipped")
        return SideBySide(self.existing.input_size, self.existing.threads or usable_cores())

    def segmenter(self) -> Segmenter:
        """Loaded, or as it was given.

        Raises:
            ModelError: it cannot be loaded.
        """
        if self.given is not None:
            return self.given
        if self.load is not None:
            return self.load(self.name, self.side_by_side)
        return load_segmenter(
            self.name,
            engine=self.engine_name,
            things=self.things,
            steady=True,
            side_by_side=self.side_by_side,
        )


@dataclass(frozen=True)
class Described:
    """What a run's header says of a segmenter, without the segmenter; see `Header`."""

    name: str
    vocabulary: Vocabulary
    revision: str | None
    weights_sha256: str
    engine: str
    precision: str
    device: str
    batch: int
    threads: int

    @classmethod
    def of(cls, segmenter: Segmenter) -> Described:
        """Of a loaded one; what it does not know of itself is empty."""
        return cls(
            segmenter.name,
            segmenter.vocabulary,
            segmenter.revision,
            getattr(segmenter, "weights_sha256", ""),
            getattr(segmenter, "engine", ""),
            getattr(segmenter, "precision", ""),
            segmenter.device.partition(":")[0],
            segmenter.batch,
            getattr(segmenter, "threads", 0),
        )

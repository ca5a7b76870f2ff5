"""Where files come from: what makes them again, as JSON."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from panoseg.photo import Photo
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

_LIBRARIES = ("panoseg", "torch", "transformers", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a segmentation of a photo.

    Attributes:
        model: its name, as `load_segmenter` takes it.
        revision: commit of its files, where it is known.
        task: panoptic, instances or semantic.
        thresholds: of the merging.
        input_size: how large the network saw the photo: "shipped", "paper", or its shorter edge in pixels.
    """

    model: str
    task: Task
    thresholds: Thresholds
    input_size: str | int = "shipped"
    revision: str | None = None


def run_json(photo: Photo, origin: Origin | None, included: str) -> bytes:
    """UTF-8 JSON of the photo (name, sha256 of its file, size), the model, the thresholds and the versions.

    Args:
        photo: that was segmented.
        origin: what made the segmentation, if that is known.
        included: which segments the files hold, in a word.
    """
    height, width = photo.size
    described: dict[str, Any] = {
        "photo": {"name": photo.name, "sha256": photo.digest, "width": width, "height": height},
        "segments": included,
        "versions": {"python": platform.python_version(), **_versions()},
    }
    if origin:
        described |= {
            "model": {"name": origin.model, "revision": origin.revision, "input_size": origin.input_size},
            "task": origin.task.value,
            "thresholds": {name: asdict(origin.thresholds)[name] for name in origin.task.thresholds},
        }
    return json.dumps(described, ensure_ascii=False, indent=2).encode()


def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an optional one
            continue
    return found

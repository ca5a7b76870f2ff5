"""Where files come from: what makes them again, as JSON."""

from __future__ import annotations

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from panoseg.export.origin import Origin
from panoseg.photo import Photo

_LIBRARIES = ("panoseg", "torch", "transformers", "numpy", "pillow")


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
            "thresholds": origin.relevant_thresholds,
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

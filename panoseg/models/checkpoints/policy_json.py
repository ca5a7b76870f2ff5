"""An `InputPolicy` as plain JSON and back, for processes that prepare pictures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from PIL import Image

from panoseg.models.checkpoints.preprocess import FitBox, FitEdges, InputPolicy, KeepSize, Squash

_RESIZES: dict[str, Any] = {each.__name__: each for each in (FitBox, FitEdges, KeepSize, Squash)}
_TUPLES = ("padded_size", "mean", "std")


def policy_to_json(policy: InputPolicy) -> dict[str, Any]:
    """What `json.dumps` takes; its floats come back to the last bit.

    >>> policy_from_json(policy_to_json(InputPolicy(FitEdges(800, 1333)))) == InputPolicy(FitEdges(800, 1333))
    True
    """
    kind = type(policy.resize).__name__
    return {**asdict(policy), "resize_kind": kind, "resample": int(policy.resample)}


def policy_from_json(values: dict[str, Any]) -> InputPolicy:
    """The reverse."""
    fields = dict(values)
    resize = _RESIZES[fields.pop("resize_kind")](**fields.pop("resize"))
    for name in _TUPLES:
        if fields[name] is not None:
            fields[name] = tuple(fields[name])
    return InputPolicy(
        resize=resize,
        resample=Image.Resampling(fields.pop("resample")),
        paper=FitEdges(**fields.pop("paper")),
        **fields,
    )

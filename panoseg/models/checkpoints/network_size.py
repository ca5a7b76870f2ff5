"""What a config.json may ask for: a network that somebody could have trained, before anything is built of it.

Building a network takes time by its layers and memory by its widths, whether or not the weights fit it.
"""

import re
from collections.abc import Mapping
from typing import Any

from panoseg.errors import ModelError

MOST_LAYERS = 256
"""Of one part of a network; the deepest that panoseg runs (DINOv3) has 40."""

WIDEST = 1 << 16
"""Of any other size: channels, queries, pixels of a side, words of a vocabulary."""

_LAYERS = re.compile(r"layers|depths?$|blocks")
_SIZES = re.compile(
    r"layers|depths?$|blocks|size|dim|heads|queries|points|channels|stages|tokens|length|_len$|levels|groups|"
    r"ratio|stride|kernel|factor|^num_"
)


def check_network_size(name: str, config: Mapping[str, Any]) -> None:
    """Look at all sizes in a config.json, those of its parts included.

    Raises:
        ModelError: one that no network has, with its key.
    """
    parts: list[Mapping[str, Any]] = [config]
    while parts:
        for key, value in parts.pop().items():
            if isinstance(value, Mapping):
                parts.append(value)
            elif _SIZES.search(key):
                _check(name, key, value)


def _check(name: str, key: str, value: Any) -> None:
    numbers = [
        number
        for number in (value if isinstance(value, list) else [value])
        if isinstance(number, (int, float)) and not isinstance(number, bool)
    ]
    most, what = (MOST_LAYERS, "layers") if _LAYERS.search(key) else (WIDEST, "of anything")
    # Layers of several stages count together. NaN is not below anything.
    enormous = not all(abs(number) <= most for number in numbers)
    if enormous or (what == "layers" and sum(map(abs, numbers)) > most):
        raise ModelError(
            f"The config.json of {name} asks for {key[:40]} = {str(value)[:40]}; panoseg builds no network "
            f"with more than {most} {what}."
        )

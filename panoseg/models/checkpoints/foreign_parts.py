"""What a config.json may not ask for: anything that would be fetched from somewhere else than the checkpoint.

A name of another repository would make the client fetch it, signed in as whoever runs panoseg; code of the
checkpoint's own, or kernels from the hub, would even run.
"""

from collections.abc import Mapping
from typing import Any

from panoseg.errors import ModelError

_CODE = "auto_map"
_OTHER_NETWORKS = ("backbone", "backbone_config", "backbone_checkpoint", "base_model_name_or_path")
_KERNELS = ("use_kernels", "kernel_config", "hub_kernels")
_ATTENTION = "attn_implementation"


def check_asks_for_nothing_else(name: str, config: Mapping[str, Any]) -> None:
    """Look through a config.json, its parts included.

    Raises:
        ModelError: it asks for code, for another repository, or for kernels.
    """
    parts: list[Any] = [config]
    while parts:
        part = parts.pop()
        if isinstance(part, Mapping):
            parts += part.values()
            for key, value in part.items():
                _check(name, str(key), value)
        elif isinstance(part, list):
            parts += part


def _check(name: str, key: str, value: Any) -> None:
    if key == _CODE:
        raise ModelError(f"{name} asks for Python code of its own, which panoseg never runs.")
    if key in _OTHER_NETWORKS and isinstance(value, str) and value:
        raise ModelError(
            f"The config.json of {name} names another network, {value[:80]!r}, as its {key}; panoseg fetches "
            "nothing but the checkpoint itself. Save it anew with the settings of that network in "
            "backbone_config."
        )
    # A name of the hub in place of one of transformers' own ways to compute attention.
    is_kernel = _ATTENTION in key and isinstance(value, (str, Mapping)) and "/" in str(value)
    if is_kernel or (key in _KERNELS and value):
        raise ModelError(
            f"The config.json of {name} asks for kernels from the hub, which panoseg never runs."
        )

"""What an operator sets: every environment variable of panoseg, read once.

A new one is an entry in `VARIABLES` and a field of `Settings` of the same name. Where it is documented,
docs/architecture.md, a test compares.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from panoseg.errors import InvalidValueError

PREFIX = "PANOSEG_"
DEMO, CATALOG = "demo", "catalog"

EngineName = Literal["auto", "torch", "openvino"]
"""What runs the networks."""


def _models(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip()) or (CATALOG,)


def _truth(text: str) -> bool:
    return {"1": True, "0": False}[text]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


def _engine(text: str) -> EngineName:
    return {name: name for name in get_args(EngineName)}[text]


def _folder(text: str) -> Path:
    return Path(text).expanduser()


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; one that is empty counts as not set.

    Attributes:
        name: with the prefix.
        wanted: what it may hold, as it is said to who gets it wrong.
        default: in words.
        meaning: what it does.
        read: its text to the value; a ValueError or KeyError where that makes no sense.
    """

    name: str
    wanted: str
    default: str
    meaning: str
    read: Callable[[str], Any]

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.removeprefix(PREFIX).lower()


VARIABLES = (
    Variable(
        "PANOSEG_MODELS",
        "demo, catalog, hub ids (owner/name) and folders, separated by commas",
        "catalog",
        "the models that visitors may choose; the first is the one that the page opens with. catalog stands "
        "for every checkpoint of the catalogue",
        _models,
    ),
    Variable(
        "PANOSEG_SAVE_THINGS",
        "1 or 0",
        "0",
        "1 remembers for everybody what a visitor says about things; otherwise it holds for the visit",
        _truth,
    ),
    Variable(
        "PANOSEG_HOME",
        "a folder",
        "panoseg in XDG_CONFIG_HOME or ~/.config",
        "where that is remembered",
        _folder,
    ),
    Variable(
        "PANOSEG_CACHE_MB",
        "a whole number of megabytes",
        "an eighth of the memory, at most 1024",
        "how much of the predictions is kept for all visitors. A prediction takes 4 MB at 384×384 and some "
        "30 MB at the paper's input size",
        _count,
    ),
    Variable("PANOSEG_ENGINE", "auto, torch or openvino", "auto", "what runs the page's networks", _engine),
    Variable(
        "PANOSEG_CACHE",
        "a folder",
        "panoseg in XDG_CACHE_HOME or ~/.cache",
        "where networks converted for OpenVINO are kept",
        _folder,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds in this process.

    Attributes:
        models: names for `load_segmenter`, and `CATALOG` for all of the catalogue.
        save_things: whether a visitor's word about things is remembered for everybody.
        home: the folder where it is.
        cache_mb: megabytes of predictions that are kept; None leaves it to the machine's memory.
        engine: what runs the page's networks.
        cache: the folder of what can be made again.
    """

    models: tuple[str, ...] = (CATALOG,)
    save_things: bool = False
    home: Path
    cache_mb: int | None = None
    engine: EngineName = "auto"
    cache: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read every variable.

        Raises:
            InvalidValueError: one holds what it must not; says what was wanted and what came.
        """
        values: dict[str, Any] = {
            "home": _folder(environment.get("XDG_CONFIG_HOME") or "~/.config") / "panoseg",
            "cache": _folder(environment.get("XDG_CACHE_HOME") or "~/.cache") / "panoseg",
        }
        for variable in VARIABLES:
            if text := environment.get(variable.name, "").strip():
                try:
                    values[variable.field] = variable.read(text)
                except (ValueError, KeyError) as error:
                    raise InvalidValueError(
                        f"{variable.name}: wanted {variable.wanted}, got “{text}”."
                    ) from error
        return cls(**values)


@cache
def settings() -> Settings:
    """Those of this process, read at the first call; `settings.cache_clear()` has them read again.

    Raises:
        InvalidValueError: as `Settings.from_environment`.
    """
    return Settings.from_environment(os.environ)

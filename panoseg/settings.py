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
from typing import Any

from panoseg import setting_values as read
from panoseg.errors import InvalidValueError
from panoseg.setting_values import NOBODY, EngineName, LogForm

PREFIX = "PANOSEG_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; one that is empty counts as not set.

    Attributes:
        name: with the prefix.
        wanted: what it may hold, as it is said to who gets it wrong.
        default: in words.
        meaning: what it does.
        read: its text to the value; a ValueError or KeyError where that makes no sense.
        secret: what it holds is never repeated.
    """

    name: str
    wanted: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    secret: bool = False

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.removeprefix(PREFIX).lower()


VARIABLES = (
    Variable(
        "PANOSEG_MODELS",
        "demo, catalog, hub ids (owner/name) and folders, separated by commas",
        "catalog; what of it was downloaded before, where other machines can come in",
        "the models that visitors may choose; the first is the one that the page opens with. catalog stands "
        "for every checkpoint of the catalogue",
        read.models,
    ),
    Variable(
        "PANOSEG_SAVE_THINGS",
        "1 or 0",
        "0",
        "1 remembers for everybody what a visitor says about things; otherwise it holds for the visit",
        read.truth,
    ),
    Variable(
        "PANOSEG_HOME",
        "a folder",
        "panoseg in XDG_CONFIG_HOME or ~/.config",
        "where that is remembered",
        read.folder,
    ),
    Variable(
        "PANOSEG_CACHE_MB",
        "a whole number of megabytes",
        "an eighth of the memory, at most 1024",
        "how much of the predictions is kept for all visitors. A prediction takes 4 MB at 384×384 and some "
        "30 MB at the paper's input size",
        read.count,
    ),
    Variable(
        "PANOSEG_MAX_EDGE",
        "64 to 2048",
        "what a third of the memory bears, by the model; the demo at most 1024",
        "the largest shorter edge, in pixels, at which visitors may have a picture looked at",
        read.edge,
    ),
    Variable(
        "PANOSEG_ENGINE", "auto, torch or openvino", "auto", "what runs the page's networks", read.engine
    ),
    Variable(
        "PANOSEG_CACHE",
        "a folder",
        "panoseg in XDG_CACHE_HOME or ~/.cache",
        "where networks converted for OpenVINO are kept",
        read.folder,
    ),
    Variable(
        "PANOSEG_HOSTS",
        "host names, separated by commas; *.name for all below one, * for any",
        "addresses in numbers, localhost and the machine's own name",
        "the names under which the server answers",
        read.hosts,
    ),
    Variable(
        "PANOSEG_HTTPS",
        "1 or 0",
        "0",
        "1 says that TLS stands in front: browsers are told to use nothing else, and cookies travel by it "
        "alone. Without it, that holds for what came by https",
        read.truth,
    ),
    Variable(
        "PANOSEG_FRAMES",
        "none, or self and origins such as https://example.org, separated by commas",
        "none",
        "pages that may show this one in a frame",
        read.frames,
    ),
    Variable(
        "PANOSEG_LOGIN",
        "1, 0, or addresses and domains (@example.org), separated by commas",
        "0",
        "1 asks visitors to sign in, addresses and domains let only those in "
        "([how](hosting.md#who-may-come-in))",
        read.login,
    ),
    Variable(
        "PANOSEG_METRICS_TOKEN",
        "16 or more printable characters",
        "no metrics",
        "what /metrics asks for as its bearer token",
        read.token,
        secret=True,
    ),
    Variable(
        "PANOSEG_SERVER",
        "the address of a model server, such as https://models.example.org",
        "models run in this process",
        "where the page and the shell have their models run ([serving](serving.md))",
        read.server,
    ),
    Variable(
        "PANOSEG_TOKEN",
        "16 or more printable characters",
        "none; a model server then answers this machine alone",
        "what a model server asks for, and what is told to it",
        read.token,
        secret=True,
    ),
    Variable("PANOSEG_LOG", "text or json", "text", "how the lines of the log are written", read.log_form),
    Variable(
        "PANOSEG_MAX_UPLOAD_MB",
        f"a whole number of megabytes, 1 to {read.MOST_UPLOAD_MB}",
        "40",
        "how large a picture's file may be",
        read.upload_megabytes,
    ),
    Variable(
        "PANOSEG_MAX_MEGAPIXELS",
        "a whole number of megapixels, 1 or more",
        "50",
        "how many pixels a picture may have",
        read.positive,
    ),
    Variable(
        "PANOSEG_MAX_SESSIONS",
        "a whole number, 1 or more",
        "100",
        "how many visitors may be there at once",
        read.positive,
    ),
    Variable(
        "PANOSEG_UPLOADS_PER_MINUTE",
        "a whole number, 1 or more",
        "30",
        "how many files one visitor may send within a minute",
        read.positive,
    ),
    Variable(
        "PANOSEG_MAX_WAITING",
        "a whole number, 1 or more",
        "64",
        "how many pictures may wait for one model",
        read.positive,
    ),
    Variable(
        "PANOSEG_RUNS",
        "folders, separated by commas",
        "the demo collection alone",
        "runs, and folders of runs, that all visitors may look at on the Collection page",
        read.folders,
    ),
    Variable(
        "PANOSEG_PICTURES",
        "folders, separated by commas",
        "no folder",
        "folders of pictures of which visitors may make runs there, and those right below them",
        read.folders,
    ),
    Variable(
        "PANOSEG_RUN_PICTURES",
        "a whole number, 0 or more",
        "500",
        "how many pictures a visitor's run may have; 0 has visitors make none",
        read.count,
    ),
    Variable(
        "PANOSEG_RUN_MB",
        "a whole number of megabytes, 1 or more",
        "300",
        "how much a visitor's files for a run may take on the server's disk, under PANOSEG_CACHE",
        read.positive,
    ),
    Variable(
        "PANOSEG_MEMORY_MB",
        "a whole number of megabytes, 1 or more",
        "what the machine or its container has",
        "how much memory the server may take before it drops models that nobody uses",
        read.positive,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds in this process.

    Attributes:
        models: names for `load_segmenter`, and `CATALOG` for the catalogue; None where nothing is said.
        save_things: whether a visitor's word about things is remembered for everybody.
        home: the folder where it is.
        cache_mb: megabytes of predictions that are kept; None leaves it to the machine's memory.
        max_edge: the largest shorter edge of an input, in pixels; None leaves it to the machine's memory.
        engine: what runs the page's networks.
        cache: the folder of what can be made again.
        hosts: names that the server answers to, in small letters; none leaves it to the address.
        https: whether TLS stands in front, whatever a request says.
        frames: `NOBODY`, or `ITSELF` and origins.
        login: whether visitors sign in; a tuple names addresses, and domains with an @ before them.
        metrics_token: what asks for figures has to know; None hands out none.
        server: the address of the model server; None runs models here.
        token: what a model server has to be told.
        log: the form of its lines.
        max_upload_mb, max_megapixels: of a picture.
        max_sessions: visitors at once.
        uploads_per_minute: files of one visitor.
        max_waiting: pictures in line for a model.
        runs: folders that are runs or hold some, for all visitors.
        pictures: folders of which visitors may make runs.
        run_pictures, run_mb: of a visitor's run.
        memory_mb: for the process; None leaves it to the machine.
    """

    models: tuple[str, ...] | None = None
    save_things: bool = False
    home: Path
    cache_mb: int | None = None
    max_edge: int | None = None
    engine: EngineName = "auto"
    cache: Path
    hosts: tuple[str, ...] = ()
    https: bool = False
    frames: tuple[str, ...] = (NOBODY,)
    login: bool | tuple[str, ...] = False
    metrics_token: str | None = None
    server: str | None = None
    token: str | None = None
    log: LogForm = "text"
    max_upload_mb: int = 40
    max_megapixels: int = 50
    max_sessions: int = 100
    uploads_per_minute: int = 30
    max_waiting: int = 64
    runs: tuple[Path, ...] = ()
    pictures: tuple[Path, ...] = ()
    run_pictures: int = 500
    run_mb: int = 300
    memory_mb: int | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read every variable.

        Raises:
            InvalidValueError: one holds what it must not; says what was wanted and what came.
        """
        values: dict[str, Any] = {
            "home": read.folder(environment.get("XDG_CONFIG_HOME") or "~/.config") / "panoseg",
            "cache": read.folder(environment.get("XDG_CACHE_HOME") or "~/.cache") / "panoseg",
        }
        for variable in VARIABLES:
            if text := environment.get(variable.name, "").strip():
                try:
                    values[variable.field] = variable.read(text)
                except (ValueError, KeyError) as error:
                    came = "something else" if variable.secret else f"“{text}”"
                    raise InvalidValueError(
                        f"{variable.name}: wanted {variable.wanted}, got {came}."
                    ) from error
        return cls(**values)


@cache
def settings() -> Settings:
    """Those of this process, read at the first call; `settings.cache_clear()` has them read again.

    Raises:
        InvalidValueError: as `Settings.from_environment`.
    """
    return Settings.from_environment(os.environ)

"""What a run says of itself: which model made it, how, and in which format; the file `run.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from panoseg.errors import InvalidValueError, RunError
from panoseg.files import write_whole
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.vocabulary import Vocabulary

HEADER_FILE = "run.json"
FORMAT_VERSION = 1
PICTURES_PER_SHARD = 64

Holds = Literal["predictions", "segmentations"]


@dataclass(frozen=True, slots=True)
class Header:
    """Everything that a run's predictions have in common.

    Attributes:
        model: the checkpoint's name, or a word on whose results these are.
        vocabulary: labels, things, data-set ids.
        holds: "predictions" (logits, to which thresholds apply) or "segmentations" (finished maps).
        revision: the hub's commit, or None for a folder.
        weights_sha256: of the weights' file, in hexadecimal; empty where there is none.
        engine, precision, device: what ran the network, as `Segmenter` and `load_segmenter` name them.
        input_size: how large the network saw the pictures.
        batch: pictures that shared a forward pass.
        threads: of a forward pass on a CPU, on which its last digits depend; 0: as many as there are cores.
        pictures_per_shard: position // pictures_per_shard is the number of a picture's shard.
        keeps_pictures: whether the pictures' own files lie in the shards, too.
        versions: of the libraries that made it, for the record.
    """

    model: str
    vocabulary: Vocabulary
    holds: Holds = "predictions"
    revision: str | None = None
    weights_sha256: str = ""
    engine: str = ""
    precision: str = ""
    device: str = ""
    input_size: SizeChoice = "shipped"
    batch: int = 1
    threads: int = 0
    pictures_per_shard: int = PICTURES_PER_SHARD
    keeps_pictures: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def exact_revision(self) -> str | None:
        """What tells the weights from others of the model's name, as of `panoseg.models.segmenter`."""
        return self.revision or (f"sha256:{self.weights_sha256}" if self.weights_sha256 else None)

    def write(self, folder: Path) -> None:
        """Put it into a run's folder.

        Raises:
            OSError: it cannot be written.
        """
        content = asdict(self)
        content["vocabulary"] = {
            "labels": list(self.vocabulary.labels),
            "things": sorted(self.vocabulary.things),
            "dataset_ids": list(self.vocabulary.dataset_ids),
        }
        text = json.dumps({"panoseg_run": FORMAT_VERSION, **content}, ensure_ascii=False, indent=1)
        write_whole(folder / HEADER_FILE, text.encode() + b"\n")

    @classmethod
    def read(cls, folder: Path) -> Header:
        """That of a run's folder.

        Raises:
            RunError: there is no run, it is damaged, or of a newer format.
        """
        try:
            content = json.loads((folder / HEADER_FILE).read_text(encoding="utf-8"))
            version = content.pop("panoseg_run")
        except (FileNotFoundError, NotADirectoryError):
            raise RunError(f"There is no run in {str(folder)!r}: it has no {HEADER_FILE}.") from None
        except OSError as error:
            raise RunError(f"The run in {str(folder)!r} cannot be read ({error.strerror}).") from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(folder) from error
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise RunError(
                f"The run in {str(folder)!r} was made by a newer panoseg (format {version}); this one reads "
                f"format {FORMAT_VERSION}. Install the newer one to open it."
            )
        try:
            return cls._checked(content)
        except (KeyError, TypeError, ValueError, InvalidValueError) as error:
            raise _damaged(folder) from error

    @classmethod
    def _checked(cls, content: dict[str, Any]) -> Header:
        vocabulary = Vocabulary(**content.pop("vocabulary"))
        header = cls(vocabulary=vocabulary, **content)
        if header.holds not in ("predictions", "segmentations") or header.pictures_per_shard < 1:
            raise ValueError(header.holds)
        return header

    def check_same(self, other: Header, folder: Path) -> None:
        """See that what `other` would predict may be added to this run.

        Raises:
            RunError: another model, other weights, or another way to run them; says what differs.
        """
        for name, words in _MUST_AGREE.items():
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                raise RunError(
                    f"The run in {str(folder)!r} was made with {words} {_shown(mine)}, not {_shown(theirs)}; "
                    "go on with that, or make a new run in another folder."
                )


_MUST_AGREE = {
    "holds": "what it holds being",
    "model": "the model",
    "weights_sha256": "weights whose sha256 is",
    "vocabulary": "the labels and things of",
    "input_size": "the input size",
    "engine": "the engine",
    "precision": "the precision",
    "device": "the device",
    "batch": "batches of",
    "keeps_pictures": "kept pictures:",
}


def _shown(value: Any) -> str:
    if isinstance(value, Vocabulary):
        things = len(value.things)
        return f"{len(value)} labels, {things} of them things ({', '.join(value.labels[:3])} …)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:80] or "unknown"


def _damaged(folder: Path) -> RunError:
    return RunError(f"The {HEADER_FILE} of the run in {str(folder)!r} is damaged and cannot be read.")

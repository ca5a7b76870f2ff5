"""What a checkpoint's folder says about itself, read before any weight is touched."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from panoseg.errors import ModelError
from panoseg.models.checkpoints.catalog import paper_resize
from panoseg.models.checkpoints.data_sets import labels_of, vocabulary_of
from panoseg.models.checkpoints.families import Family, family_of
from panoseg.models.checkpoints.foreign_parts import check_asks_for_nothing_else
from panoseg.models.checkpoints.network_size import check_network_size
from panoseg.models.checkpoints.preprocess import InputPolicy
from panoseg.models.checkpoints.remembered_things import saved_things
from panoseg.vocabulary import Vocabulary

CONFIG_FILE = "config.json"
PREPROCESSOR_FILE = "preprocessor_config.json"
PROCESSOR_FILE = "processor_config.json"
"""Where a processor that has a tokenizer too, as OneFormer's, keeps the settings of its image processor."""

SAFETENSORS_FILES = ("model.safetensors", "model.safetensors.index.json", "model-*.safetensors")
PICKLED_FILES = ("pytorch_model.bin", "pytorch_model.bin.index.json", "pytorch_model-*.bin")
"""File names of weights, whole or in parts. Pickled ones are read with torch's weights_only."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A network on disk, of which everything but the weights has been read and checked.

    Attributes:
        name: as shown to users: "demo", a hub id or the folder's name.
        folder: where its files are.
        revision: the hub's commit, or None for a folder.
        family: the architecture.
        vocabulary: labels, things and stuff.
        policy: how a photo becomes its input.
    """

    name: str
    folder: Path
    revision: str | None
    family: Family
    vocabulary: Vocabulary
    policy: InputPolicy

    @classmethod
    def read(
        cls,
        folder: Path,
        name: str,
        revision: str | None = None,
        things: Iterable[str | int] | None = None,
    ) -> "Checkpoint":
        """Read config.json and the image processor's settings from a folder.

        Raises:
            ModelError: either is missing, damaged or describes what panoseg cannot run.
        """
        config = _read_json(folder, CONFIG_FILE, name)
        family = family_of(name, config)
        check_network_size(name, config)
        check_asks_for_nothing_else(name, config)
        processor = _read_image_processor(folder, name)
        if things is None:
            things = saved_things(name, labels_of(config))
        vocabulary = vocabulary_of(name, config, things, processor.get("metadata"))
        policy = replace(InputPolicy.from_config(processor), paper=paper_resize(name, vocabulary.labels))
        if family.side is not None:
            policy = policy.for_square(config.get("image_size", family.side))
        return cls(name, folder, revision, family, vocabulary, policy)

    def check_weights(self) -> None:
        """See that the folder holds weights.

        Raises:
            ModelError: it does not.
        """
        if not self.weights_files():
            raise ModelError(
                f"{self.name} holds no weights; a {SAFETENSORS_FILES[0]} or {PICKLED_FILES[0]} is needed."
            )

    def weights_files(self) -> list[Path]:
        """The files that hold them: in safetensors where there are any, else pickled; in order."""
        found = (
            {path for pattern in patterns for path in self.folder.glob(pattern)}
            for patterns in (SAFETENSORS_FILES, PICKLED_FILES)
        )
        return sorted(next(filter(None, found), ()))

    @property
    def weights_bytes(self) -> int:
        """Size of those files."""
        return sum(path.stat().st_size for path in self.weights_files())


def _read_image_processor(folder: Path, name: str) -> dict[str, Any]:
    if (folder / PROCESSOR_FILE).is_file():
        settings = _read_json(folder, PROCESSOR_FILE, name).get("image_processor")
        if isinstance(settings, dict):
            return settings
    return _read_json(folder, PREPROCESSOR_FILE, name)


def _read_json(folder: Path, file_name: str, name: str) -> dict[str, Any]:
    try:
        content = json.loads((folder / file_name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(
            f"{name} has no {file_name}; a checkpoint written by save_pretrained of the model and "
            "of its image processor has one."
        ) from None
    except (OSError, ValueError, RecursionError):
        raise ModelError(f"The {file_name} of {name} is damaged and cannot be read.") from None
    if not isinstance(content, dict):
        raise ModelError(f"The {file_name} of {name} is damaged: it holds no settings.")
    return content

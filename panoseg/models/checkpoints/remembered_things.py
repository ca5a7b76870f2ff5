"""Which labels of a checkpoint are things, as somebody said once: remembered for the page, shell and library.

One small JSON file per checkpoint, in the folder `things` of `Settings.home`. A choice belongs to the
checkpoint's name and labels: where another revision has other labels, it is not taken for theirs.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from panoseg.errors import ModelError
from panoseg.files import write_whole
from panoseg.settings import settings
from panoseg.vocabulary import Vocabulary


def saved_things(name: str, labels: Sequence[str]) -> list[str] | None:
    """The labels that were said to be things, or None where nothing (readable) is remembered."""
    try:
        things = json.loads(_file(name, labels).read_text(encoding="utf-8"))["things"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    known = isinstance(things, list) and all(thing in labels for thing in things)
    return things if known else None


def save_things(name: str, vocabulary: Vocabulary) -> None:
    """Keep the vocabulary's things for the checkpoint of that name and of these labels.

    Raises:
        ModelError: the file cannot be written.
    """
    file = _file(name, vocabulary.labels)
    things = [label for i, label in enumerate(vocabulary.labels) if vocabulary.is_thing(i)]
    content = json.dumps({"model": name, "things": things}, ensure_ascii=False, indent=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content.encode())
    except OSError as error:
        raise ModelError(
            f"The choice of things cannot be kept in {file.parent}: {error.strerror or error}."
        ) from error


def _file(name: str, labels: Sequence[str]) -> Path:
    key = hashlib.sha256(json.dumps([name, *labels]).encode()).hexdigest()
    return settings().home / "things" / f"{key[:32]}.json"

"""A hub id → a folder with the checkpoint's files, through huggingface_hub and its cache.

What huggingface_hub understands holds here too: HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_ENDPOINT,
HF_TOKEN, proxies. Every way to fail ends in one sentence for the user.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panoseg.errors import CancelledError, ModelError
from panoseg.models.checkpoints.checkpoint import (
    CONFIG_FILE,
    PICKLED_FILES,
    PREPROCESSOR_FILE,
    PROCESSOR_FILE,
    SAFETENSORS_FILES,
)
from panoseg.models.downloads.hub_errors import not_cached, translate_errors
from panoseg.models.downloads.large_file import LargeFile
from panoseg.models.downloads.progress import Meter, Progress, Step, megabytes

if TYPE_CHECKING:
    from huggingface_hub import ModelInfo

ANSWER_SECONDS = 10.0
"""How long the hub may be silent before panoseg goes on with what is in the cache. Its answer to a look-up
takes a fraction of a second; a mobile network that wakes up takes some."""

_OFFICIAL = "facebook/mask2former-"
_OFFICIAL_LICENCE = "CC BY-NC 4.0"  # their pages on the hub say "other"

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_REVISION = re.compile(r"\w[\w./-]*", re.ASCII)


def is_hub_id(name: str) -> bool:
    """Whether the name has the form owner/name of a hub id; no look-up."""
    return bool(_ID.fullmatch(name)) and ".." not in name and "--" not in name


def public_name(name: str) -> str:
    """What visitors are told a model is called: of a folder its own name, and not where it lies.

    >>> public_name("facebook/some-model"), public_name("/srv/models/some-model/")
    ('facebook/some-model', 'some-model')
    """
    is_folder = not is_hub_id(name) or os.path.isdir(name)
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] if is_folder else name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit of a checkpoint in the download cache, perhaps without its weights yet.

    Attributes:
        name: hub id.
        commit: 40 hexadecimal digits.
        folder: where its files are; what the hub lacks is lacking there.
        online: whether the hub answered.
        licence: as its page on the hub has it; None where that was not asked or says nothing.
        weights: the files of its weights; none where their listing is unknown.
    """

    name: str
    commit: str
    folder: Path
    online: bool
    licence: str | None = None
    weights: tuple[LargeFile, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the weights."""
        return sum(file.size for file in self.weights)

    @property
    def missing(self) -> int:
        """Bytes of the weights that are still to be downloaded."""
        return self.size - sum(file.cached_bytes for file in self.weights)


Ask = Callable[[Snapshot], bool]
"""Called once before anything large is downloaded; answers whether to go on."""


def fetch_settings(name: str, revision: str | None) -> Snapshot:
    """Get the small configuration files of a checkpoint, and what is known of its weights.

    Args:
        name: a hub id.
        revision: branch, tag or commit; None is the main branch.

    Raises:
        ModelError: they cannot be had; the message says why.
    """
    from huggingface_hub import snapshot_download

    # The client looks for a revision as a path inside its cache, so ".." must not reach it.
    if revision is not None and (not _REVISION.fullmatch(revision) or ".." in revision):
        raise ModelError(f"A revision is a branch, a tag or a commit, got {revision[:80]!r}.")
    with translate_errors(name, revision):
        online, info = _look_up(name, revision)
        folder = Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=[CONFIG_FILE, PREPROCESSOR_FILE, PROCESSOR_FILE],
                local_files_only=not online,
                tqdm_class=_no_progress_bar(),
            )
        )
    return Snapshot(name, folder.name, folder, online, _licence(name, info), _weights(name, folder, info))


def fetch_weights(
    snapshot: Snapshot, progress: Progress, ask: Ask | None = None, *, check: bool = False
) -> None:
    """Get a checkpoint's weights into the folder where its settings are.

    Safetensors where there are any; pickled weights only where there is nothing else. A repository
    without either is left to whoever reads the folder. What `progress` raises ends the download; the
    next one goes on from there.

    Args:
        snapshot: from `fetch_settings`.
        progress: called with a `Step` for each piece that comes.
        ask: called before the download, if there is anything to download.
        check: also compare what the cache has already with the hub's sha256.

    Raises:
        CancelledError: `ask` answered no.
        ModelError: they cannot be had; the message says why.
    """
    from huggingface_hub import hf_hub_url, snapshot_download

    name, commit = snapshot.name, snapshot.commit
    with translate_errors(name, commit):
        if check and snapshot.missing < snapshot.size:
            progress(Step(f"Checking the weights of {name}"))
            for file in snapshot.weights:
                file.drop_if_damaged()
        cut_off = next((file for file in snapshot.weights if file.cut_off), None)
        if cut_off and not snapshot.online:
            raise ModelError(
                f"The {cut_off.path} of {name} in the download cache is cut off, and the hub cannot be "
                "reached to get it anew."
            )
        if snapshot.online and (missing := snapshot.missing):
            _check_room(snapshot)
            if ask is not None and not ask(snapshot):
                raise CancelledError(f"{name} was not downloaded.")
            text = f"Downloading the weights of {name}"
            meter = Meter(text, snapshot.size - missing, snapshot.size, progress)
            meter.add(0)
            for file in snapshot.weights:
                url = hf_hub_url(name, file.path, revision=commit)
                file.fetch(url, meter.add)
        # Links what was fetched into the snapshot's folder, and gets the small files.
        patterns = [file.path for file in snapshot.weights] or [*SAFETENSORS_FILES, *PICKLED_FILES]
        snapshot_download(
            name,
            revision=commit,
            allow_patterns=patterns,
            local_files_only=not snapshot.online,
            tqdm_class=_no_progress_bar(),
        )
    there = any(_matches(file.name, patterns) for file in snapshot.folder.iterdir())
    if not there and not snapshot.online:
        raise not_cached(name)


def _look_up(name: str, revision: str | None) -> tuple[bool, ModelInfo | None]:
    """(whether the hub can be reached, what it tells of the checkpoint), found out within seconds.

    The client's own calls wait for a silent network as long as the system does, which is minutes.
    """
    from huggingface_hub import HfApi, errors

    try:
        return True, HfApi().model_info(name, revision=revision, timeout=ANSWER_SECONDS, files_metadata=True)
    except (errors.HFValidationError, errors.HfHubHTTPError):
        return True, None  # an answer too: the next call deals with it
    except Exception:  # the transport's own errors, or HF_HUB_OFFLINE
        return False, None


def _licence(name: str, info: ModelInfo | None) -> str | None:
    if name.startswith(_OFFICIAL):
        return _OFFICIAL_LICENCE
    card = info and info.card_data
    licence = getattr(card, "license_name", None) or getattr(card, "license", None)
    return str(licence) if licence else None


def _weights(name: str, folder: Path, info: ModelInfo | None) -> tuple[LargeFile, ...]:
    """The files to load: safetensors, else pickled ones, else none."""
    from huggingface_hub import get_cached_repo_tree
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    if info and info.sha == folder.name and info.siblings:
        files = [
            LargeFile(file.rfilename, file.size or 0, file.lfs.sha256 if file.lfs else None, folder)
            for file in info.siblings
        ]
    else:
        try:
            tree = get_cached_repo_tree(name, revision=folder.name)
        except CachedRepoTreeNotFoundError:  # another program filled the cache, and no network
            return ()
        files = [LargeFile(file.path, file.size, None, folder) for file in tree]
    for patterns in (SAFETENSORS_FILES, PICKLED_FILES):
        if chosen := tuple(file for file in files if _matches(file.path, patterns)):
            return chosen
    return ()


def _matches(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def _check_room(snapshot: Snapshot) -> None:
    free = shutil.disk_usage(snapshot.folder).free
    if free < snapshot.missing:
        raise ModelError(
            f"{snapshot.name} needs {megabytes(snapshot.missing)} MB more, and the disk of the download "
            f"cache ({snapshot.folder.parents[2]}) has {megabytes(free)} MB left."
        )


def is_cached(name: str) -> bool:
    """Whether the weights of that hub id's main branch were downloaded before; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    return any(
        isinstance(try_to_load_from_cache(name, patterns[0]), str)
        for patterns in (SAFETENSORS_FILES, PICKLED_FILES)
    )


def _no_progress_bar() -> Any:
    """For `tqdm_class`, as panoseg reports the progress; the client's `silent_tqdm` fails in there."""
    from tqdm import tqdm

    return partial(tqdm, disable=True)

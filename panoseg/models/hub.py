"""A hub id → a folder with the checkpoint's files, through huggingface_hub and its cache.

What huggingface_hub understands holds here too: HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE, HF_ENDPOINT,
HF_TOKEN, proxies. Every way to fail ends in one sentence for the user.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from panoseg.errors import ModelError
from panoseg.models.checkpoint import (
    CONFIG_FILE,
    PICKLED_FILES,
    PREPROCESSOR_FILE,
    PROCESSOR_FILE,
    SAFETENSORS_FILES,
)
from panoseg.models.segmenter import Progress

ANSWER_SECONDS = 10.0
"""How long the hub may be silent before the cache has to do."""

_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_REVISION = re.compile(r"\w[\w./-]*", re.ASCII)


def is_hub_id(name: str) -> bool:
    """Whether the name has the form owner/name of a hub id; no look-up."""
    return bool(_ID.fullmatch(name)) and ".." not in name and "--" not in name


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One commit of a checkpoint in the download cache, perhaps without its weights yet.

    Attributes:
        name: hub id.
        commit: 40 hexadecimal digits.
        folder: where its files are; what the hub lacks is lacking there.
        online: whether the hub answered.
    """

    name: str
    commit: str
    folder: Path
    online: bool


def fetch_settings(name: str, revision: str | None) -> Snapshot:
    """Get the small configuration files of a checkpoint.

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
    with _in_a_sentence(name, revision):
        online = _answers(name, revision)
        folder = Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=[CONFIG_FILE, PREPROCESSOR_FILE, PROCESSOR_FILE],
                local_files_only=not online,
            )
        )
    return Snapshot(name, folder.name, folder, online)


def fetch_weights(snapshot: Snapshot, progress: Progress) -> None:
    """Get a checkpoint's weights into the folder where its settings are.

    Safetensors where there are any; pickled weights only where there is nothing else. A repository
    without either is left to whoever reads the folder.

    Raises:
        ModelError: they cannot be had; the message says why.
    """
    from huggingface_hub import get_cached_repo_tree, snapshot_download
    from huggingface_hub.errors import CachedRepoTreeNotFoundError

    name, commit = snapshot.name, snapshot.commit
    wanted: Sequence[str] = SAFETENSORS_FILES + PICKLED_FILES
    with _in_a_sentence(name, commit):
        try:
            files = get_cached_repo_tree(name, revision=commit)
        except CachedRepoTreeNotFoundError:  # another program filled the cache, and no network
            files = []
        for choice in (SAFETENSORS_FILES, PICKLED_FILES):
            missing = [file for file in files if _matches(file.path, choice)]
            if missing:
                wanted = choice
                size = sum(f.size for f in missing if not (snapshot.folder / f.path).exists())
                if size:
                    progress(f"Downloading the weights of {name} ({size / 1e6:.0f} MB) …")
                break
        snapshot_download(
            name, revision=commit, allow_patterns=list(wanted), local_files_only=not snapshot.online
        )
    there = any(_matches(file.name, wanted) for file in snapshot.folder.iterdir())
    if not there and not snapshot.online:
        raise _not_cached(name, None)


def _answers(name: str, revision: str | None) -> bool:
    """Whether the hub can be reached, found out within seconds.

    The client's own calls wait for a silent network as long as the system does, which is minutes.
    """
    from huggingface_hub import HfApi, errors

    try:
        HfApi().model_info(name, revision=revision, timeout=ANSWER_SECONDS)
    except (errors.HFValidationError, errors.HfHubHTTPError):
        return True  # an answer too: the next call deals with it
    except Exception:  # the transport's own errors, or HF_HUB_OFFLINE
        return False
    return True


def _matches(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


@contextmanager
def _in_a_sentence(name: str, revision: str | None) -> Iterator[None]:
    """Turn what huggingface_hub raises into a ModelError."""
    from huggingface_hub import errors

    try:
        yield
    except errors.HFValidationError:
        raise ModelError(f"{name[:80]!r} is no hub id; they look like owner/name.") from None
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{name} is gated: accept its terms on its page on the hub, sign in with "
            "`hf auth login`, then load it again."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"The hub knows no checkpoint {name}, or it is private: check the spelling, or sign in "
            "with `hf auth login`."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ModelError(f"{name} has no revision {revision}.") from error
    except errors.LocalEntryNotFoundError as error:
        raise _not_cached(name, error.__cause__) from error
    except errors.HfHubHTTPError as error:
        raise _refused(name, error) from error
    except PermissionError as error:
        raise ModelError(f"The download cache cannot be written, so {name} was not fetched.") from (error)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise ModelError(f"The disk is full, so {name} could not be downloaded.") from error
        raise _cut_off(name) from error
    except Exception as error:  # the client lets its transport's own errors through
        raise _cut_off(name) from error


def _not_cached(name: str, cause: BaseException | None) -> ModelError:
    from huggingface_hub import errors, is_offline_mode

    if isinstance(cause, errors.HfHubHTTPError):
        return _refused(name, cause)
    if is_offline_mode():
        return ModelError(f"{name} is not in the download cache, and HF_HUB_OFFLINE forbids to download it.")
    return ModelError(
        f"{name} is not in the download cache, and the hub cannot be reached: check the network "
        "connection, then load it again."
    )


def _refused(name: str, error: Exception) -> ModelError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return ModelError(
            f"The hub does not let this account read {name}: sign in with `hf auth login` as someone who may."
        )
    return ModelError(f"The hub answered with error {status} for {name}; try again later.")


def _cut_off(name: str) -> ModelError:
    return ModelError(
        f"The download of {name} was cut off: check the network connection, then load it again."
    )


def is_cached(name: str) -> bool:
    """Whether the weights of that hub id's main branch were downloaded before; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    return any(
        isinstance(try_to_load_from_cache(name, patterns[0]), str)
        for patterns in (SAFETENSORS_FILES, PICKLED_FILES)
    )

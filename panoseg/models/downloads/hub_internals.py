"""What panoseg uses of huggingface_hub beyond its documented interface; nothing else may.

tests/models/test_hub_internals.py holds each of these against the installed version.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def blob(snapshot: Path, sha256: str) -> Path:
    """Where the download cache keeps a large file's bytes: `blobs/` beside `snapshots/`."""
    return _repository(snapshot) / "blobs" / sha256


@contextmanager
def lock(snapshot: Path, sha256: str) -> Iterator[None]:
    """Keep every other process, the client's own downloads included, from writing that file meanwhile."""
    from huggingface_hub.utils import WeakFileLock

    repository = _repository(snapshot)
    file = repository.parent / ".locks" / repository.name / f"{sha256}.lock"
    file.parent.mkdir(parents=True, exist_ok=True)
    with WeakFileLock(file):
        yield


@contextmanager
def stream(url: str, start: int) -> Iterator[Any]:
    """The hub's response with a file's bytes from an offset on, as httpx2 has it.

    Signed in as the client is, and patient where the hub is busy. What the hub refuses is raised as the
    client's own errors; a broken connection as httpx2's.
    """
    from huggingface_hub import constants, hf_raise_for_status
    from huggingface_hub.utils import build_hf_headers, http_stream_backoff

    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}  # offsets count the file's own bytes
    if start:
        headers["Range"] = f"bytes={start}-"
    with http_stream_backoff(
        "GET",
        url,
        headers=headers,
        timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT,
        retry_on_exceptions=(),  # a broken connection is taken up again from where it was
        retry_on_status_codes=(408, 429),
    ) as response:
        hf_raise_for_status(response)
        yield response


def _repository(snapshot: Path) -> Path:
    """The cache's folder of a repository, `models--owner--name`, around `snapshots/COMMIT`."""
    return snapshot.parents[1]

"""Hot loops as machine code: compiled once, kept on disk, run on all cores.

The loops are plain Python in `panoseg.merging.kernels`, compiled by Numba. They release the GIL and are
spread over a pool of ordinary threads: Numba's own parallel loops may not be entered by two threads at once
where OpenMP is missing, and a page has a thread per visitor.

Numba looks for a stale cache per file, and a loop that calls a function of another file would keep that
function's old code. So the cache has a folder per state of all the kernels' sources, in the first place of
these that can be written to: $NUMBA_CACHE_DIR, the package's own __pycache__, the user's cache. Where none
can, every process compiles anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_KERNELS = Path(__file__).parent / "kernels"
_SHARES = 24
_decorating = threading.Lock()


def kernel(function: F) -> F:
    """The function as machine code, compiled for the types of its arguments when it is first called."""
    import numba  # half a second: nobody pays for it who does not merge

    config: Any = numba.config
    folder = _cache_folder()
    with _decorating:  # Numba asks for the folder when it decorates, not when it compiles
        users = config.CACHE_DIR
        config.CACHE_DIR = str(folder or "")
        try:
            compiled: Any = numba.njit(cache=folder is not None, nogil=True, error_model="numpy")(function)
        finally:
            config.CACHE_DIR = users
    return cast("F", compiled)


@cache
def _cache_folder() -> Path | None:
    """Where machine code of the present sources is kept; None if nothing can be written anywhere."""
    digest = sha256()
    for source in sorted(_KERNELS.glob("*.py")):
        digest.update(source.read_bytes())
    name = f"panoseg-{digest.hexdigest()[:16]}"
    users = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for place in (os.environ.get("NUMBA_CACHE_DIR"), _KERNELS / "__pycache__", users):
        if not place:
            continue
        folder = Path(place) / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="panoseg-merging")


if hasattr(os, "register_at_fork"):  # a forked process has the pool, but none of its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


def in_parallel(work: Callable[..., T], pieces: Iterable[tuple[Any, ...]]) -> list[T]:
    """`work(*piece)` for each piece, on all cores; results in the order of the pieces.

    The work is a kernel, or little more than one: it must not call this function in turn.
    """

    def attempt(piece: tuple[Any, ...]) -> T:
        try:
            return work(*piece)
        except OSError:  # the disk is full: Numba could not save its code, but it has it
            return work(*piece)

    pieces = list(pieces)
    if len(pieces) == 1 or cores() == 1:
        return [attempt(piece) for piece in pieces]
    return list(_pool().map(attempt, pieces))


def shares(count: int) -> Sequence[tuple[int, int]]:
    """0 … count cut into ranges (first, end), so many that no core waits long for the others.

    How many does not depend on the cores: sums come out the same on every machine.
    """
    parts = min(count, _SHARES)
    edges = [count * part // parts for part in range(parts + 1)] if parts else [0]
    return list(pairwise(edges))

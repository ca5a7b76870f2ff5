"""Hot loops as machine code: compiled once and kept on disk.

The loops are plain Python in `panoseg.merging.kernels`, compiled by Numba. They release the GIL.

Numba looks for a stale cache per file, and a loop that calls a function of another file would keep that
function's old code. So the cache has a folder per state of all the merging's sources, in the first place of
these that can be written to or has machine code already (as a container's image with a read-only root does):
$NUMBA_CACHE_DIR, the package's own __pycache__, the user's cache. Where there is none, every process compiles
anew.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_SOURCES = Path(__file__).parent
_decorating = threading.Lock()


def kernel(function: F) -> F:
    """The function as machine code, compiled for the types of its arguments when it is first called."""
    return _compiled(function)


def inner_kernel(function: F) -> F:
    """A kernel that allocates no array, and that no Python calls but other kernels alone.

    Numba counts references to each array of each tuple that is handed on, which would cost more than the work
    on a cell; where nothing is allocated, nothing needs to be counted. An entry from Python, too, would take
    longer to compile than the work. All of it becomes part of the kernel that calls it: left to the compiler,
    one line more here decided what became part of what there, and a merge took a quarter longer.
    """
    return _compiled(function, _nrt=False, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compiled(function: F, **options: bool) -> F:
    import numba  # half a second: nobody pays for it who does not merge

    from panoseg.merging.machine_code_cache import LOCATOR, ForgivingCache

    njit: Any = numba.njit
    compiled = njit(nogil=True, error_model="numpy", **options)(function)
    config: Any = numba.config
    if compiled is function:  # NUMBA_DISABLE_JIT
        return function
    if folder := _cache_folder():
        with _decorating:  # Numba asks for the folder when it decorates, not when it compiles
            users = config.CACHE_DIR, getattr(config, "CACHE_LOCATOR_CLASSES", "")
            config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = str(folder), LOCATOR
            try:
                compiled.enable_caching()
                compiled._cache = ForgivingCache(compiled._cache)
            except RuntimeError:
                pass  # a Numba that knows no other locators, and a folder that it cannot write to
            finally:
                config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = users
    return cast("F", compiled)


@cache
def _cache_folder() -> Path | None:
    """Where machine code of the present sources is kept; None if there is none and none can be written."""
    digest = sha256()
    for source in sorted(_SOURCES.rglob("*.py")):
        digest.update(source.read_bytes())
    name = f"panoseg-{digest.hexdigest()[:16]}"
    users = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for place in (os.environ.get("NUMBA_CACHE_DIR"), _SOURCES / "__pycache__", users):
        if not place:
            continue
        folder = Path(place) / name
        if next(folder.rglob("*.nbi"), None) is not None or _can_write(folder):
            return folder
    return None


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return True
    except OSError:
        return False

"""What visitors uploaded, for every session of this process."""

import threading

from panoseg.serving.picture_store import PictureStore

_lock = threading.Lock()
_store: PictureStore | None = None


def picture_store() -> PictureStore:
    """The one of this process, made when it is asked for first."""
    global _store
    with _lock:
        if _store is None:
            _store = PictureStore()
        return _store

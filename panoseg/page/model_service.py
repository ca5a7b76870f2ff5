"""The models of this process, for every session."""

import threading

from panoseg.page.pauses import FIRST_IMPORT_SECONDS
from panoseg.serving.model_service import ModelService, usual_cache_bytes
from panoseg.settings import settings

_lock = threading.Lock()
_service: ModelService | None = None


def model_service() -> ModelService:
    """The one of this process, made when it is asked for first."""
    global _service
    with _lock:
        if _service is None:
            chosen = settings()
            _service = ModelService(
                chosen.engine,
                cache_bytes(),
                delay=0.0 if chosen.server else FIRST_IMPORT_SECONDS,
                max_waiting=chosen.max_waiting,
                server=chosen.server,
            )
        return _service


def forget_service() -> None:
    """Begin anew with no model: for tests, of which each has models of its own."""
    global _service
    with _lock:
        _service = None


def cache_bytes() -> int:
    """What the operator gives to predictions, or the usual part of the memory."""
    megabytes = settings().cache_mb
    return usual_cache_bytes() if megabytes is None else megabytes * 2**20

"""The models of this process, for every session."""

import logging
import os
import threading

from panoseg.page.head_starts import FIRST_IMPORT_SECONDS
from panoseg.serving.service import ModelService, usual_cache_bytes

_lock = threading.Lock()
_service: ModelService | None = None
_log = logging.getLogger(__name__)


def model_service() -> ModelService:
    """The one of this process, made when it is asked for first."""
    global _service
    with _lock:
        if _service is None:
            engine = os.environ.get("PANOSEG_ENGINE") or "auto"
            _service = ModelService(engine, cache_bytes(), delay=FIRST_IMPORT_SECONDS)
        return _service


def forget_service() -> None:
    """Begin anew with no model: for tests, of which each has models of its own."""
    global _service
    with _lock:
        _service = None


def cache_bytes() -> int:
    """What the operator gives to predictions: PANOSEG_CACHE_MB, or the usual part of the memory."""
    given = os.environ.get("PANOSEG_CACHE_MB", "").strip()
    if given.isdecimal():
        return int(given) * 2**20
    if given:
        _log.warning("PANOSEG_CACHE_MB: wanted a whole number of megabytes, got %r.", given)
    return usual_cache_bytes()

"""The worker processes that decode visitors' files, for every session."""

import threading
from collections.abc import Callable

from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from panoseg.decoding import Decoders
from panoseg.errors import CancelledError

_PATIENCE_CALLS = 3

_lock = threading.Lock()
_decoders: Decoders | None = None


def decoders() -> Decoders:
    """Those of this process, started when they are asked for first."""
    global _decoders
    with _lock:
        if _decoders is None:
            _decoders = Decoders()
        return _decoders


def end_decoders() -> None:
    """End the processes; whoever asks again gets new ones."""
    global _decoders
    with _lock:
        ended, _decoders = _decoders, None
    if ended is not None:
        ended.close()


def presence() -> Callable[[], object]:
    """What raises `CancelledError` once the visitor of this run has left, in whatever thread it is called."""
    context = get_script_run_ctx()

    def check() -> None:
        if context is None or not runtime.exists():
            return
        if not runtime.get_instance().is_active_session(context.session_id):
            raise CancelledError("The visitor has left.")

    return check


def opening_notice(place: DeltaGenerator, words: str) -> Callable[[], object]:
    """What is said while a file is being opened, if that takes longer than it usually does.

    Each call of Streamlit's is where a run ends whose visitor has left or wants something else.
    """
    calls = 0

    def tell() -> None:
        nonlocal calls
        calls += 1
        if calls > _PATIENCE_CALLS:
            place.caption(words)
        else:
            place.empty()

    return tell

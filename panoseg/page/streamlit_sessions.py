"""Streamlit's sessions, as far as its public functions do not reach; a test holds it against that."""

from functools import cache
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import get_script_run_ctx

_ANSWERS = ("file_urls_response", "backend_operation_response")


def close_for_good(runtime: Runtime, session_id: str) -> None:
    """Forget a session and all that was kept for it.

    Streamlit's loop goes on holding the session that it sent a message to last, until another visitor comes:
    with the widgets' values and the functions of its fragments, which hold the picture.
    """
    manager: Any = runtime._session_mgr
    info = manager.get_session_info(session_id)
    runtime.close_session(session_id)
    if info is not None:
        _empty(info.session)


def is_history_navigation() -> bool:
    """Whether the browser's Back or Forward began this run of the page."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


@cache
def keep_answers() -> None:
    """From now on, what a browser waits for outlives the beginning of a run.

    Streamlit then throws away what the page has not been sent yet, among it where a file is to go, which it
    was asked for a moment before: the file of whoever moves a threshold and chooses a photo would never come.
    """
    clear = ForwardMsgQueue.clear

    def clear_but_answers(
        queue: ForwardMsgQueue,
        retain_lifecycle_msgs: bool = False,
        fragment_ids_this_run: list[str] | None = None,
    ) -> None:
        waiting = queue._queue if retain_lifecycle_msgs else []
        answers = [message for message in waiting if message.WhichOneof("type") in _ANSWERS]
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        kept = {id(message) for message in queue._queue}
        queue._queue += [message for message in answers if id(message) not in kept]

    setattr(ForwardMsgQueue, "clear", clear_but_answers)  # noqa: B010 - a method, which mypy guards


def _empty(session: AppSession) -> None:
    session._fragment_storage.clear()
    session.session_state.clear()

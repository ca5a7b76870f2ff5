"""Streamlit's sessions, as far as its public functions do not reach; a test holds it against that."""

from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession


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


def _empty(session: AppSession) -> None:
    session._fragment_storage.clear()
    session.session_state.clear()

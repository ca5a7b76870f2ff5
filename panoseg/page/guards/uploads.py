"""The files that Streamlit keeps for its sessions, and which it keeps in a plain dictionary."""

from collections.abc import Callable

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager


class Uploads:
    """What is kept, by session.

    Args:
        manager: Streamlit's store.
        is_active: whether a session has a browser.
    """

    def __init__(self, manager: MemoryUploadedFileManager, is_active: Callable[[str], bool]) -> None:
        self._manager = manager
        self.is_active = is_active

    def all_bytes(self) -> int:
        """Bytes of all sessions' files."""
        # Asked for with each piece of a file that comes, so it is not added up here.
        return sum(stat.byte_length for stats in self._manager.get_stats().values() for stat in stats)

    def make_room(self, session: str, most_bytes: int, most_files: int) -> None:
        """Let go of that session's oldest files until no more than so much is left."""
        files = dict(self._manager.file_storage.get(session, {}))
        kept = sum(len(file.data) for file in files.values())
        for count, (name, file) in enumerate(files.items()):
            if kept <= most_bytes and len(files) - count <= most_files:
                return
            self._manager.remove_file(session, name)
            kept -= len(file.data)

    def take_from_the_largest(self) -> bool:
        """Let go of the oldest file of whichever session keeps the most; whether there was one."""
        kept = {
            session: sum(len(file.data) for file in list(files.values()))
            for session, files in list(self._manager.file_storage.items())
        }
        largest = max(kept, key=lambda session: kept[session], default="")
        if not kept.get(largest):
            return False
        self._manager.remove_file(largest, next(iter(self._manager.file_storage[largest])))
        return True


def streamlit_uploads() -> Uploads:
    """Those of the server that runs."""
    server = runtime.get_instance()
    manager = server.uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)  # noqa: S101 - st.App makes no other
    return Uploads(manager, server.is_active_session)

"""What stands between the network and Streamlit: bounds for what a browser may send."""

from starlette.middleware import Middleware

from panoseg.page.guards.message_guard import MessageGuard
from panoseg.page.guards.upload_guard import UploadGuard


def guards() -> list[Middleware]:
    """For `st.App`, before any middleware of its own."""
    return [Middleware(MessageGuard), Middleware(UploadGuard)]


__all__ = ["guards"]

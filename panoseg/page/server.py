"""What the server does before anybody has come."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from panoseg.page import sidebar, state, viewer

FIRST_VISIT_SECONDS = 3.0
"""Who comes right after the start finds a server that has nothing else to do than to show the page."""


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Draw the first picture, then answer; load the first model while nobody asks for anything."""
    await asyncio.to_thread(_draw_first_picture)
    threading.Thread(target=_load_first_model, name="warm up", daemon=True).start()
    yield


def _draw_first_picture() -> None:
    viewer.photo_payload(sidebar.first_photo())
    sidebar.draw_thumbnails()


def _load_first_model() -> None:
    time.sleep(FIRST_VISIT_SECONDS)
    state.warm_up()

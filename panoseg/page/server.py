"""What the server does before anybody has come."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from panoseg.merging import warm_up as compile_merging
from panoseg.page import filmstrip, pauses, picture_picker, viewer
from panoseg.page.model_offers import offers
from panoseg.page.model_service import model_service
from panoseg.start_check import check_settings_or_exit


def checked_options() -> dict[str, Any]:
    """What the page's `st.App` takes beside its script; a wrong setting ends all with one sentence."""
    check_settings_or_exit()
    return {"lifespan": lifespan, "routes": viewer.routes()}


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Draw the first picture, then answer; load the first model while nobody asks for anything."""
    await asyncio.to_thread(_draw_first_picture)
    threading.Thread(target=_load_first_model, name="warm up", daemon=True).start()
    yield


def warm_up() -> None:
    """Start loading the first model on offer and the merging's machine code, before anybody waits."""
    model_service().models.get(offers()[0].name)
    threading.Thread(target=compile_merging, name="compile merging", daemon=True).start()


def _draw_first_picture() -> None:
    viewer.photo_payload(picture_picker.first_photo())
    filmstrip.draw_thumbnails()


def _load_first_model() -> None:
    time.sleep(pauses.FIRST_VISIT_SECONDS)
    warm_up()

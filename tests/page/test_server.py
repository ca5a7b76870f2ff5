"""The server that `streamlit run` finds in the page's file."""

import asyncio
import runpy
import threading

import streamlit as st

from panoseg.page import filmstrip, pauses, server
from tests import event_loop
from tests.page.page import SCRIPT


def test_the_pages_file_is_the_servers_too():
    app = runpy.run_path(str(SCRIPT), run_name="streamlit_app")["app"]
    assert isinstance(app, st.App)
    assert app.script_path == SCRIPT


def test_it_draws_before_it_answers_and_loads_after(monkeypatch):
    events, loaded = [], threading.Event()

    def warm_up():
        events.append("model")
        loaded.set()

    monkeypatch.setattr(pauses, "FIRST_VISIT_SECONDS", 0)
    monkeypatch.setattr(filmstrip, "draw_thumbnails", lambda: events.append("thumbnails"))
    monkeypatch.setattr(server, "warm_up", warm_up)

    async def serve():
        async with server.lifespan(None):
            assert events[:1] == ["thumbnails"]
            assert await asyncio.to_thread(loaded.wait, 20)

    event_loop.run(serve())
    assert events == ["thumbnails", "model"]

"""Models on their way into memory: one load per name and process, watched by every session."""

import gc
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

import panoseg
from panoseg.errors import PanosegError
from panoseg.models import Segmenter

_POLL_SECONDS = 0.05


class Loading:
    """A model that loads in a thread of its own, so that the page can say how far it is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = "Starting…"
        self.error: PanosegError | None = None
        self.segmenter: Segmenter | None = None
        self._thread = threading.Thread(target=self._load, name=f"load {name}", daemon=True)
        self._thread.start()

    def wait(self, report: Callable[[str], object]) -> Segmenter:
        """The model once it is there; meanwhile `report` hears what is being done.

        Raises:
            PanosegError: it could not be loaded. The next call of `loading` tries again.
        """
        said = ""
        while self._thread.is_alive():
            if self.text != said:
                report(said := self.text)
            time.sleep(_POLL_SECONDS)
        if self.error is not None:
            loading.clear(self.name)
            raise self.error
        if self.segmenter is None:
            raise PanosegError("The model could not be loaded.")
        return self.segmenter

    def _load(self) -> None:
        try:
            engine: Any = os.environ.get("PANOSEG_ENGINE") or "auto"
            self.segmenter = panoseg.load_segmenter(self.name, engine=engine, progress=self._say)
        except PanosegError as error:
            self.error = error
        except Exception as error:
            self.error = PanosegError(f"The model “{self.name}” could not be loaded.")
            self.error.__cause__ = error
        # The libraries and weights stay for good: no later collection needs to look at them.
        gc.collect()
        gc.freeze()

    def _say(self, text: str) -> None:
        self.text = text


@st.cache_resource(show_spinner=False)
def loading(name: str) -> Loading:
    """The load of that model in this process, started by whoever asks first."""
    return Loading(name)

"""The page with the real demo model, in which every photo stays until the test lets it go.

The folder HELD_PAGE_GATE is how they talk: the file "<digest> began" says that a photo is in the network,
"<digest> given up" that it was told to stop there, and "<digest> go" lets it through.
"""

import os
import runpy
import time
from pathlib import Path

import streamlit as st

import panoseg
from panoseg.errors import CancelledError
from panoseg.models import load_segmenter
from panoseg.page import server
from panoseg.page.app import SCRIPT

GATE = Path(os.environ["HELD_PAGE_GATE"])


class Held:
    """A segmenter behind the gate."""

    def __init__(self, segmenter):
        self._segmenter = segmenter

    def __getattr__(self, name):
        return getattr(self._segmenter, name)

    def predict_many(self, photos, *, cancelled, **options):
        for photo in photos:
            with (GATE / f"{photo.digest} began").open("a") as file:
                file.write("once\n")
            while not (GATE / f"{photo.digest} go").exists():
                time.sleep(0.01)
                if cancelled():
                    (GATE / f"{photo.digest} given up").touch()
                    raise CancelledError()
        return self._segmenter.predict_many(photos, cancelled=cancelled, **options)


def load_held(name, **options):
    return Held(load_segmenter(name, **options))


panoseg.load_segmenter = load_held  # before either begins: the server loads the first model by itself
if __name__ == "__main__":
    runpy.run_path(str(SCRIPT), run_name="__main__")
else:
    app = st.App(__file__, **server.checked_options())

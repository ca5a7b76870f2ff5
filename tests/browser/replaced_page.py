"""The page on a machine so busy that a run is replaced by a newer one while it still computes.

The folder REPLACED_PAGE_GATE is how tests talk to it: while it has the file "hold", each run of the picture's
part waits in its midst, where it does not hear that it was replaced, until there is a file "<n> go" for the
n-th of them. It says "<n> held" there, and "<n> over" once it has ended.
"""

import os
import runpy
import threading
import time
from itertools import count
from pathlib import Path

import streamlit as st

from panoseg.page import picture_page, server
from panoseg.page.app import SCRIPT

GATE = Path(os.environ["REPLACED_PAGE_GATE"])

_numbers = count(1)
_mine = threading.local()
_show_picture, _show_comparison = picture_page._show_picture, picture_page._show_comparison  # the page's own


def show_picture(*given):
    try:
        _show_picture(*given)
    finally:
        if number := getattr(_mine, "number", None):
            (GATE / f"{number} over").touch()
            _mine.number = None


def show_comparison(*given):
    shown = _show_comparison(*given)
    if (GATE / "hold").exists():
        _mine.number = next(_numbers)
        (GATE / f"{_mine.number} held").touch()
        while not (GATE / f"{_mine.number} go").exists():
            time.sleep(0.01)
    return shown


if __name__ == "__main__":
    runpy.run_path(str(SCRIPT), run_name="__main__")
else:
    picture_page._show_picture, picture_page._show_comparison = show_picture, show_comparison
    app = st.App(__file__, **server.checked_options())

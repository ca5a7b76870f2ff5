"""The page's frame: the tab, the measures, and what is shown in one line."""

import base64
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page.markdown import plain
from panoseg.photo import Photo

_HERE = Path(__file__).parent
STYLES = _HERE / "page.css", _HERE / "two_pictures.css"
"""All that panoseg changes of Streamlit's own look: the server puts it into the page itself, so that nothing
is laid out twice. A test says which of Streamlit's names it goes by."""
SCRIPT = _HERE / "page.js"
"""What the page does before Streamlit's own script begins."""


def set_up() -> None:
    """The tab's title and icon."""
    st.set_page_config("panoseg", page_icon=_icon(), layout="wide")


@cache
def _icon() -> str:
    """The icon itself: a browser would fetch a file's address again after every run of the script."""
    icon = base64.b64encode((_HERE / "icon.png").read_bytes())
    return "data:image/png;base64," + icon.decode("ascii")


def show_title(place: DeltaGenerator, photo: Photo, collection: str = "") -> None:
    """The page's name, the picture's with its size, and the run that it is from."""
    height, width = photo.size
    about = f"{plain(photo.name)} · {width} × {height}"
    if collection:
        about += f" · {plain(collection)}"
    place.markdown(f"**panoseg** :gray[{about}]")

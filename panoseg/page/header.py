"""The page's frame: the tab, the measures, and what is shown in one line."""

import base64
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer
from panoseg.photo import Photo

_HERE = Path(__file__).parent
STYLES = _HERE / "page.css"
"""All that panoseg changes of Streamlit's own look; a test says which of its names it goes by."""


def set_up() -> None:
    """The tab's title and icon, and the page's own measures."""
    st.set_page_config("panoseg", page_icon=_icon(), layout="wide")
    st.html(STYLES)


@cache
def _icon() -> str:
    """The icon itself: a browser would fetch a file's address again after every run of the script."""
    icon = base64.b64encode((_HERE / "icon.png").read_bytes())
    return "data:image/png;base64," + icon.decode("ascii")


def show_title(place: DeltaGenerator, photo: Photo, model: Offer) -> None:
    """The page's name, the picture's, and the model that is really in use."""
    height, width = photo.size
    about = f"{plain(photo.name)} · {width} × {height} · {plain(model.title)}"
    place.markdown(f"**panoseg** :gray[{about}]")

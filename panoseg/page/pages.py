"""The pages there are, and the links between them; the address says which one is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

PICTURE, COLLECTION = "picture", "collection"

_pages: dict[str, Any] = {}


def run_page(picture: Callable[[], None], collection: Callable[[], None]) -> None:
    """Run the page that the address names."""
    _pages[PICTURE] = st.Page(picture, title="panoseg", url_path="picture", default=True)
    _pages[COLLECTION] = st.Page(collection, title="Collection", url_path=COLLECTION)
    st.navigation(list(_pages.values()), position="hidden").run()


def link(page: str, label: str, icon: str, parameters: dict[str, str]) -> None:
    """A link to the other page, with what it is to show."""
    st.page_link(_pages[page], label=label, icon=icon, query_params=parameters)


def go_to(page: str, parameters: dict[str, str]) -> None:
    """End this run and begin one of the other page."""
    st.switch_page(_pages[page], query_params=parameters)

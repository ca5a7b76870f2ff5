"""The files to take home: one button for each format."""

from functools import partial

import streamlit as st

from panoseg import export


def show_downloads(view: export.View) -> None:
    """The files to take home, each computed when its button is pressed."""
    with st.container(horizontal=True):
        for name, kind in export.FORMATS.items():
            st.download_button(
                kind.title,
                data=partial(kind.encode, view),
                file_name=kind.file_name(view.photo.name),
                mime=kind.mime,
                key=f"download-{name}",
                help=kind.help,
                on_click="ignore",
                icon=":material/download:",
            )

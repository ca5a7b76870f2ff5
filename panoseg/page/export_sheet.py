"""The sheet from which files are taken home: which segments, which formats, what they look like."""

import base64
import io
import zipfile

import numpy as np
import streamlit as st
from PIL import Image

from panoseg.errors import CancelledError, PanosegError
from panoseg.export import FORMATS
from panoseg.export.measurements import PixelSize
from panoseg.export.run_json import run_json
from panoseg.page import runs
from panoseg.page.export_files import (
    Exportable,
    Files,
    Included,
    measured,
    packed,
    usual_choice,
    usual_name,
)
from panoseg.page.markdown import plain
from panoseg.page.session import current_session
from panoseg.png import encode_png

_PREVIEW = (900, 600)
_TABLE_LINES = 8


def want_export() -> None:
    """Callback: the sheet opens at the next run, once it is known what there is to export."""
    current_session().wants_export = True


@st.dialog("Export", width="large")
def show_export_sheet(exportable: Exportable, files: Files) -> None:
    """Choose, look, and take home; nothing of the page is asked again meanwhile."""
    view = exportable.view
    usual, formats = usual_choice(view)
    controls, preview = st.columns([2, 3], gap="medium")
    with controls:
        choices = [each for each in Included if each is not Included.SELECTED or view.selected]
        included = Included(
            st.segmented_control(
                "Which segments", [str(each) for each in choices], default=str(usual), required=True
            )
        )
        chosen = st.pills(
            "Formats",
            list(FORMATS),
            default=formats,
            selection_mode="multi",
            format_func=lambda name: FORMATS[name].title,
            wrap=True,
        )
        base = st.text_input("Name", usual_name(view.photo.name, exportable.origin), max_chars=120)
        with st.container():  # there with or without the question, so that what follows stays where it is
            if "csv" in chosen:
                exportable = _ask_for_measurements(exportable)
    if not chosen:
        controls.caption("Choose at least one format.")
        return
    try:
        with runs.waiting():  # files of a large picture take long, and others' runs do not wait for them
            made = {name: files.get(name, exportable, included) for name in chosen}
    except CancelledError:
        return
    about = run_json(view.photo, exportable.origin, included.value.lower())
    name, data, mime = packed(made, about, base or view.photo.name)
    with controls.container(key=f"export-in-the-{'dark' if st.context.theme.type == 'dark' else 'light'}"):
        count = len(made) + (len(made) > 1)
        st.caption(f"{plain(name)} · {count} {'file' if count == 1 else 'files'} · {_size(len(data))}")
        st.download_button(
            "Download",
            data,
            name,
            mime,
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
            # The same button whatever its file is called: a press that a new one came into would be lost.
            key="download",
        )
    with preview.container(key="export-preview"):
        for each in _previewed(list(made)):
            _show_preview(each, made[each])


def _ask_for_measurements(exportable: Exportable) -> Exportable:
    """The pixel size, if the table is to hold measurements."""
    text = st.text_input(
        "Measure: a pixel is",
        placeholder="0.25mm, or 1px",
        help="With a size, the table has perimeter, diameter, shape, colour and more of each segment.",
        max_chars=20,
        key="pixel-size",
    )
    if not text.strip():
        return exportable
    try:
        return measured(exportable, PixelSize.read(text))
    except PanosegError as error:
        st.caption(plain(str(error)))
        return exportable


def _previewed(names: list[str]) -> list[str]:
    """The first picture, and the first of anything else."""
    pictures = [name for name in names if FORMATS[name].mime == "image/png"]
    return pictures[:1] or names[:1]


def _show_preview(name: str, data: bytes) -> None:
    kind = FORMATS[name]
    if kind.mime == "image/png":
        with Image.open(io.BytesIO(data)) as picture:
            small = _stretched(picture) if picture.mode == "I;16" else picture.convert("RGBA")
            small.thumbnail(_PREVIEW)
            shown = encode_png(small)
        # With the page and not as a file of its own, which the next choice takes away, also from a browser
        # that has yet to fetch it.
        st.image(
            "data:image/png;base64," + base64.b64encode(shown).decode("ascii"),
            caption=f"{kind.title}: {kind.help}",
            alt=f"{kind.title}, as it will be",
        )
    elif kind.mime == "text/csv":
        # Words first, here and below: the lines' script may come late, and they would push what is below.
        lines = data.decode("utf-8-sig").splitlines()
        st.caption(f"{kind.title}: {len(lines) - 1} rows.")
        st.code("\n".join(lines[:_TABLE_LINES]), language=None)
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
        st.caption(f"{kind.title}: {len(names)} files.")
        st.code("\n".join(names[:_TABLE_LINES] + ["…"] * (len(names) > _TABLE_LINES)), language=None)


def _stretched(ids: Image.Image) -> Image.Image:
    """A map of ids, which would all look black, with the highest as white."""
    values = np.asarray(ids).astype(np.float32)
    return Image.fromarray((values * (255 / max(1.0, values.max()))).astype(np.uint8))


def _size(count: int) -> str:
    """
    >>> _size(1_234_567)
    '1.2 MB'
    """
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"

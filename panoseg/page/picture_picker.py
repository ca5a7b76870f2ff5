"""Where pictures come from: files, the camera, a click into the filmstrip, a link."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.typing import UploadedFile

from panoseg.collection.told import told
from panoseg.errors import PanosegError
from panoseg.page import runs
from panoseg.page.annotation_files import sort_files
from panoseg.page.decoders import presence
from panoseg.page.filmstrip import FIRST_SCENE, GONE, scene
from panoseg.page.kept_prediction import PREFIX, KeptPrediction, open_kept
from panoseg.page.session import Session, current_session, end_if_replaced, widget_value
from panoseg.photo import Photo


def first_photo() -> Photo:
    """The picture that the page opens with."""
    return scene(FIRST_SCENE)


def take_pictures(session: Session) -> None:
    """The ways in: a box for files, which the viewer fills (dropped, pasted, chosen), and the camera."""
    with st.container(key="open"):
        # Each batch has a box of its own: the one before lets go of its files.
        st.file_uploader(
            "Open photos",
            accept_multiple_files=True,
            label_visibility="collapsed",
            key=_box(session),
            on_change=_take_files,
        )
    with st.popover("Camera", icon=":material/photo_camera:", key="camera-open", on_change="rerun") as camera:
        if camera.open:  # or the browser would ask for the camera at once
            st.camera_input(
                "Take a picture", label_visibility="collapsed", key="camera", on_change=_take_shot
            )


def go_to(session: Session, name: str) -> None:
    """Show a scene, an upload or a run's picture.

    Where that cannot be, the picture stays and the page says why.
    """
    session.picture_error = ""
    kept: KeptPrediction | None = None
    photo: Photo | None
    try:
        if name.startswith(PREFIX):
            photo, kept = open_kept(name)
        else:
            photo = session.filmstrip.open(name, presence())
    except PanosegError as error:
        session.picture_error = told(error)
        return
    end_if_replaced()  # opening takes long
    if photo is None:
        session.filmstrip.remove(name)
        session.picture_error = GONE
        return
    session.photo, session.filmstrip.current, session.kept = photo, name, kept


def obey_filmstrip(session: Session, report: object) -> bool:
    """Do what was clicked in the filmstrip, if that is news; whether there is anything new to show.

    What a browser sends is not to be relied on: what makes no sense does nothing.
    """
    if not isinstance(report, Mapping) or not isinstance(number := report.get("number"), int):
        return False
    if number <= session.filmstrip_heard:
        return False
    name = report.get("id")
    if isinstance(name, str):
        _obey(session, str(report.get("action")), name)
    session.filmstrip_heard = number
    return isinstance(name, str)


def _obey(session: Session, action: str, name: str) -> None:
    if action == "remove":
        session.filmstrip.remove(name)
        if session.filmstrip.current == name:
            go_to(session, FIRST_SCENE)
    else:
        go_to(session, name)


def _box(session: Session) -> str:
    return f"open-{session.batch}"


def _take_files() -> None:
    """Callback: the first file that can be read is the picture; the others wait in the filmstrip."""
    session = current_session()
    files: Sequence[UploadedFile] = widget_value(_box(session), [])
    session.batch += 1
    _take(session, [(file.name, file.getvalue()) for file in files])


def _take_shot() -> None:
    """Callback: what the camera took is a picture like any other."""
    session = current_session()
    shot: UploadedFile | None = widget_value("camera", None)
    if shot is not None:
        _take(session, [("camera.jpg", shot.getvalue())])


def annotation_box(session: Session) -> str:
    """Key of the box for an annotation: for each batch another."""
    return f"annotation-{session.batch}"


def take_annotation() -> None:
    """Callback: files for the comparison; a picture among them is opened as such."""
    session = current_session()
    files: Sequence[UploadedFile] = widget_value(annotation_box(session), [])
    session.batch += 1
    _take(session, [(file.name, file.getvalue()) for file in files])
    session.is_page_stale = True


@runs.under_way("files")
def _take(session: Session, files: Sequence[tuple[str, bytes]]) -> None:
    """An annotation begins a comparison; everything else is a picture."""
    session.annotation_error = ""
    try:
        pictures, annotation = sort_files(files, presence())
    except PanosegError as error:
        session.annotation_error, session.has_new_annotation = str(error), True
        return
    if annotation:
        session.annotation_files, session.has_new_annotation = annotation, True
    if pictures:
        _take_pictures(session, pictures)


def _take_pictures(session: Session, files: Sequence[tuple[str, bytes]]) -> None:
    uploads = [session.filmstrip.add(name, data) for name, data in files]
    error = ""
    for upload in uploads:
        go_to(session, upload.token)
        if not session.picture_error:
            break
        error = error or session.picture_error
    session.picture_error = error
    if session.filmstrip.is_waiting:
        threading.Thread(
            target=session.filmstrip.read_waiting, args=[presence()], name="thumbnails", daemon=True
        ).start()

"""Where the picture comes from: the gallery of drawn scenes, a file or the camera."""

import streamlit as st
from PIL import Image
from streamlit.typing import UploadedFile

from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.errors import PanosegError
from panoseg.export.png import encode_png
from panoseg.page.markdown import plain
from panoseg.page.session import Session, Upload, current_session
from panoseg.photo import Photo, PhotoLimits, open_photo

LIMITS = PhotoLimits()


def first_photo() -> Photo:
    """The picture that the page opens with."""
    return _scene(next(iter(GALLERY)))


def choose_photo(session: Session) -> Photo:
    """The picture in use: the last one that could be read, a drawn scene at first."""
    st.subheader("Picture")
    source = st.segmented_control(
        "Where the picture comes from",
        ["Gallery", "Upload", "Camera"],
        default="Gallery",
        required=True,
        label_visibility="collapsed",
        width="stretch",
        key="source",
    )
    if source == "Gallery":
        _gallery(session)
    elif source == "Upload":
        upload = st.file_uploader("Upload a picture", label_visibility="collapsed", key="upload")
        if upload is None:
            st.caption(LIMITS.accepted)
        _take_upload(session, upload)
    else:
        photo = st.camera_input("Take a picture", label_visibility="collapsed", key="camera")
        _take_upload(session, photo)
    return session.photo


def draw_thumbnails() -> None:
    """Draw those of the gallery before anybody needs them."""
    for name in GALLERY:
        _thumbnail(name)


def _gallery(session: Session) -> None:
    with st.popover(plain(session.photo.name), icon=":material/image:", width="stretch"):
        columns = st.columns(2)
        for index, (name, title) in enumerate(GALLERY.items()):
            with columns[index % 2]:
                st.image(_thumbnail(name), output_format="PNG")  # or it is made a JPEG at every run
                st.button(title, key=f"scene-{name}", on_click=_take_scene, args=(name,), width="stretch")


@st.cache_resource(show_spinner=False)
def _thumbnail(name: str) -> bytes:
    """A file rather than pixels: Streamlit would encode those again at every run."""
    return encode_png(Image.fromarray(open_scene(name, (160, 240)).pixels))


@st.cache_resource(max_entries=16, show_spinner=False)
def _scene(name: str) -> Photo:
    return open_scene(name)


def _take_scene(name: str) -> None:
    """Callback: a scene of the gallery is the picture."""
    session = current_session()
    session.photo, session.drawn = _scene(name), True


def _take_upload(session: Session, upload: UploadedFile | None) -> None:
    """Read a file once; if it cannot be read, say why and keep the picture before it."""
    if upload is None:
        return
    if session.upload is None or session.upload.id != upload.file_id:
        try:
            session.photo = open_photo(upload.getvalue(), name=upload.name, limits=LIMITS)
        except PanosegError as error:
            session.upload = Upload(upload.file_id, str(error))
        else:
            session.upload, session.drawn = Upload(upload.file_id, ""), False
    if session.upload.error:
        st.error(plain(session.upload.error), icon=":material/broken_image:")

"""The controls at the left: what to look at, with which model, and how strictly."""

from dataclasses import asdict

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.errors import PanosegError
from panoseg.export.png import encode_png
from panoseg.page import early_map, input_size_picker, things_question
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer, offer, offers
from panoseg.photo import Photo, PhotoLimits, open_photo
from panoseg.segmentation import Thresholds
from panoseg.tasks import Task

LIMITS = PhotoLimits()
_CHOSEN = "chosen model"


def first_photo() -> Photo:
    """The picture that the page opens with."""
    return _scene(next(iter(GALLERY)))


def choose_photo() -> Photo:
    """The picture in use: the last one that could be read, a drawn scene at first."""
    if "photo" not in st.session_state:
        _take_scene(next(iter(GALLERY)))
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
        _gallery()
    elif source == "Upload":
        upload = st.file_uploader(
            "Upload a picture",
            label_visibility="collapsed",
            key="upload",
        )
        if upload is None:
            st.caption(LIMITS.accepted)
        _take_upload(upload)
    else:
        _take_upload(st.camera_input("Take a picture", label_visibility="collapsed", key="camera"))
    photo: Photo = st.session_state["photo"]
    return photo


def choose_model() -> Offer:
    """The model that the user wants; whether it can be had is another matter."""
    st.subheader("Model")
    allowed = {offer.name: offer for offer in offers()}
    if _CHOSEN in st.session_state:
        st.session_state["model"] = st.session_state.pop(_CHOSEN)
        _prepare()
    name = st.selectbox(
        "Model",
        list(allowed),
        format_func=lambda name: allowed[name].title,
        label_visibility="collapsed",
        key="model",
        bind="query-params",
        on_change=_prepare,
    )
    st.caption(allowed[name].about, help=allowed[name].more or None)
    things_question.offer_change(allowed[name])
    return allowed[name]


def choose_task(model: Offer) -> Task:
    """Panoptic, instances or semantic: all from the same forward pass; at first the model's own."""
    st.subheader("Task")
    own = model.task
    name = st.segmented_control(
        "Task",
        [task.value for task in Task],
        default=own.value,
        format_func=str.capitalize,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        wrap=False,
        key="task",
        bind="query-params",
    )
    if model.entry and name != own:
        st.caption(f"This checkpoint was trained for the {own.value.removesuffix('s')} task.")
    return Task(name)


def choose_thresholds(task: Task) -> tuple[Thresholds, DeltaGenerator]:
    """The three thresholds, at the paper's values unless moved, and the place under the score's."""
    st.subheader("Thresholds")

    def fraction(name: str, help_line: str) -> float:
        default = getattr(Thresholds(), name)
        return float(
            st.slider(
                name.capitalize(),
                0.0,
                1.0,
                default,
                0.01,
                key=name,
                bind="query-params",
                help=f"{help_line} The paper's value is {default}.",
                on_change=early_map.moved,
                disabled=name not in task.thresholds,
            )
        )

    score = fraction("score", "Show only segments whose label is more probable than this.")
    under_score = st.empty()
    mask = fraction("mask", "Give a segment only pixels that are at least this probable.")
    overlap = fraction("overlap", "Drop a segment if less of its own mask is left to it.")
    return Thresholds(score, mask, overlap), under_score


def thresholds() -> Thresholds:
    """What the sliders are at, before they are drawn."""
    paper = asdict(Thresholds())
    return Thresholds(**{name: st.session_state.get(name, default) for name, default in paper.items()})


def choose_doubt(task: Task) -> bool:
    """Whether to colour by doubt in place of the segments."""
    st.subheader("Display")
    doubt = st.toggle(
        "Where is it unsure?",
        key="doubt",
        bind="query-params",
        help="Colour each pixel by how close the runner-up came: red where a small change would give it to "
        "another segment.",
        disabled=task is not Task.PANOPTIC,
    )
    return doubt and task is Task.PANOPTIC


def _gallery() -> None:
    with st.popover(plain(st.session_state["photo"].name), icon=":material/image:", width="stretch"):
        columns = st.columns(2)
        for index, (name, title) in enumerate(GALLERY.items()):
            with columns[index % 2]:
                st.image(_thumbnail(name))
                st.button(title, key=f"scene-{name}", on_click=_take_scene, args=(name,), width="stretch")


def draw_thumbnails() -> None:
    """Draw those of the gallery before anybody needs them."""
    for name in GALLERY:
        _thumbnail(name)


@st.cache_resource(show_spinner=False)
def _thumbnail(name: str) -> bytes:
    """A file rather than pixels: Streamlit would encode those again at every run."""
    return encode_png(Image.fromarray(open_scene(name, (160, 240)).pixels))


def _take_scene(name: str) -> None:
    st.session_state["photo"] = _scene(name)
    st.session_state["drawn"] = True


@st.cache_resource(max_entries=16, show_spinner=False)
def _scene(name: str) -> Photo:
    return open_scene(name)


def _take_upload(upload: UploadedFile | None) -> None:
    """Read a file once; if it cannot be read, say why and keep the picture before it."""
    if upload is None:
        return
    if st.session_state.get("upload_id") != upload.file_id:
        st.session_state["upload_id"] = upload.file_id
        st.session_state["upload_error"] = ""
        try:
            st.session_state["photo"] = open_photo(upload.getvalue(), name=upload.name, limits=LIMITS)
            st.session_state["drawn"] = False
        except PanosegError as error:
            st.session_state["upload_error"] = str(error)
    if st.session_state["upload_error"]:
        st.error(plain(st.session_state["upload_error"]), icon=":material/broken_image:")


def use_model(name: str) -> None:
    """Choose that model in the picker at the next run, whichever part of the page asks for it."""
    st.session_state[_CHOSEN] = name


def _prepare() -> None:
    """Callback: another model begins with its own task, at the input size that it had before."""
    name = st.session_state["model"]
    st.session_state["task"] = offer(name).task.value
    input_size_picker.restore(name)


def is_drawn() -> bool:
    """Whether the picture in use is one of the demo model's own world."""
    return bool(st.session_state.get("drawn"))

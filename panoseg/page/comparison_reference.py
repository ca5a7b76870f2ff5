"""The control that puts a second segmentation beside the first, and where that one comes from."""

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from panoseg.comparison import Comparison, Outcome, Side, compare
from panoseg.errors import GroundTruthError, PanosegError
from panoseg.ground_truth import read_coco_panoptic
from panoseg.models.checkpoints.size_choice import SizeChoice as InputSize
from panoseg.page import download_panel, input_size_picker, state, things_question
from panoseg.page.markdown import plain
from panoseg.page.model_loads import Report
from panoseg.page.model_offers import Offer, offers
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation, Thresholds
from panoseg.tasks import Task, find
from panoseg.vocabulary import Vocabulary

_SLOT = "other"
_CANCELLED = "other model cancelled"


class Rival(StrEnum):
    """What the picture is compared with."""

    NOTHING = "Nothing"
    SETTINGS = "Other settings"
    MODEL = "Other model"
    ANNOTATION = "Annotation"

    @property
    def words(self) -> Mapping[Outcome, str]:
        """What each outcome is called; of two predictions neither is the truth."""
        if self is Rival.ANNOTATION:
            return {"match": "match", "left": "extra", "right": "missing", "uncounted": "not counted"}
        return {"match": "match", "left": "only left", "right": "only right"}


_EXPLAINED = {
    Rival.SETTINGS: "The same model twice. These settings are those of the picture at the right.",
    Rival.MODEL: "Another model at the same thresholds. Labels meet by name.",
    Rival.ANNOTATION: "The picture's annotation in the COCO panoptic format: an RGB PNG of ids, and the JSON "
    "that names them.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The segmentation at the right.

    Attributes:
        side: its segments.
        source: names the photo and the model or the files it comes from.
        stamp: tells one segmentation of a source from the next.
        title: one line to stand over it, in Markdown.
        nothing: one sentence on why there is no segment, empty if there is one.
    """

    side: Side
    source: str
    stamp: str
    title: str
    nothing: str = ""


def choose_rival(task: Task) -> Rival:
    """What to compare with."""
    name = st.container(horizontal_alignment="right").segmented_control(
        "Compare with",
        [rival.value for rival in Rival],
        default=Rival.NOTHING.value,
        required=True,
        wrap=True,
        key="compare",
        bind="query-params",
        help="Puts a second segmentation beside this one: segments match if their labels are the same and "
        "they share more than half of their union. Panoptic segmentations only.",
        disabled=task is not Task.PANOPTIC,
    )
    return Rival(name) if task is Task.PANOPTIC else Rival.NOTHING


def lay_out(rival: Rival) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Places for what the visitor is asked about the second picture, for the first, and for the second."""
    asked = st.container()
    if rival is Rival.NOTHING:
        (left,) = st.columns(1)
        return asked, left, left
    explained, asked = asked.columns(2, gap="medium", vertical_alignment="center")
    explained.caption(_EXPLAINED[rival])
    left, right = st.columns(2, gap="medium")
    return asked, left, right


def find_reference(
    rival: Rival,
    asked: DeltaGenerator,
    right: DeltaGenerator,
    photo: Photo,
    prediction: Prediction,
    model: Offer,
    size: InputSize,
    thresholds: Thresholds,
) -> Reference | None:
    """What stands at the right; None where there is nothing (yet), and the place says why."""
    if rival not in (Rival.SETTINGS, Rival.MODEL):
        state.give_up(_SLOT)
    match rival:
        case Rival.NOTHING:
            return None
        case Rival.SETTINGS:
            with asked:
                others, other_size = _choose_settings(model, size)
            if other_size == size:
                state.give_up(_SLOT)
                again: Prediction | None = prediction
            else:
                with right:
                    again = _predict_again(photo, model, other_size)
            return _predicted(photo, again, model, other_size, others) if again else None
        case Rival.MODEL:
            with asked:
                other = _choose_model(model)
            with right:
                found = _predict(photo, other, size)
            return _predicted(photo, found, other, size, thresholds) if other and found else None
        case Rival.ANNOTATION:
            with asked:
                png, description = _choose_files()
            with right:
                return _annotated(photo, prediction.vocabulary, png, description)


def against(
    reference: Reference | None, segmentation: Segmentation, vocabulary: Vocabulary, stamp: Hashable
) -> Comparison | None:
    """The comparison of a segmentation with the reference; `stamp` tells one segmentation from the next."""
    if reference is None:
        return None
    key = (stamp, reference.source, reference.stamp)
    return state.once("comparison", key, lambda: compare(Side(segmentation, vocabulary), reference.side))


def describe(model: Offer, size: InputSize, thresholds: Thresholds) -> str:
    """A model and its settings, in Markdown."""
    numbers = [f"{name} {value:.2f}" for name, value in asdict(thresholds).items()]
    if size != "shipped":
        numbers.append(f"input {size}")
    return f"**{plain(model.title)}** :gray[{' · '.join(numbers)}]"


def _choose_settings(model: Offer, size: InputSize) -> tuple[Thresholds, InputSize]:
    usual = asdict(Thresholds())
    *places, last = st.columns(len(usual) + 1)
    sizes = input_size_picker.choices(model, size)
    values = [
        place.slider(
            f"Right {name}",
            0.0,
            1.0,
            value,
            0.01,
            key=f"other-{name}",
            bind="query-params",
            help=f"The {name} threshold of the picture at the right. The paper's value is {value}.",
        )
        for place, (name, value) in zip(places, usual.items(), strict=True)
    ]
    other_size = last.selectbox(
        "Right input",
        list(sizes),
        format_func=sizes.__getitem__,
        key=f"other-input-{model.name}-{size}",
        help="How large the model sees the picture at the right: as it ships, as the paper tests, or its "
        "shorter edge. Larger is finer and slower.",
    )
    return Thresholds(*values), other_size


def _choose_model(model: Offer) -> Offer | None:
    others = {offer.name: offer for offer in offers() if offer != model}
    if not others:
        st.caption("No other model is offered here.")
        return None
    if st.session_state.pop(_CANCELLED, False):
        st.session_state["other-model"] = None
    name = st.selectbox(
        "Other model",
        list(others),
        index=None,
        format_func=lambda name: others[name].title,
        placeholder="Choose a model",
        label_visibility="collapsed",
        key="other-model",
        bind="query-params",
    )
    if name not in others:
        return None
    st.caption(others[name].about)
    return others[name]


def _predict(photo: Photo, model: Offer | None, size: InputSize) -> Prediction | None:
    if model is None:
        state.give_up(_SLOT)
        _wait("The other model's segments stand here once it is chosen.")
        return None
    if download_panel.watch_beside(model, _cancel):
        return None
    progress = st.empty()
    if not state.failure(model):
        try:
            prediction = state.predict(photo, model.name, _captions(progress), input_size=size, slot=_SLOT)
        except PanosegError as error:
            state.note_failure(model, error)
        else:
            progress.empty()
            if (known := things_question.known(model, prediction)) is None:
                _wait("Use this model by itself first, and say which of its labels are things.")
            return known
    progress.error(plain(state.failure(model)), icon=":material/error:")
    st.button("Try again", key="retry-other", on_click=state.retry, args=(model.name,))
    return None


def _predict_again(photo: Photo, model: Offer, size: InputSize) -> Prediction | None:
    """What the model in use says at another input size."""
    progress = st.empty()
    try:
        prediction = state.predict(photo, model.name, _captions(progress), input_size=size, slot=_SLOT)
    except PanosegError as error:
        progress.error(plain(str(error)), icon=":material/error:")
        return None
    progress.empty()
    return things_question.known(model, prediction)


def _captions(place: DeltaGenerator) -> Report:
    def report(text: str, share: float | None = None) -> None:
        place.caption(plain(text))

    return report


def _cancel() -> None:
    """The next run begins with no other model: a widget that was drawn keeps its value until then."""
    st.session_state[_CANCELLED] = True


def _predicted(
    photo: Photo, prediction: Prediction, model: Offer, size: InputSize, thresholds: Thresholds
) -> Reference:
    source = f"{photo.digest} {model.name} {size} {Task.PANOPTIC} {things_question.stamp(model)}"
    findings = state.once(
        "reference", (source, thresholds), lambda: find(Task.PANOPTIC, prediction, thresholds)
    )
    side = Side(findings.segmentation, prediction.vocabulary)
    return Reference(side, source, str(thresholds), describe(model, size, thresholds), findings.nothing)


def _choose_files() -> tuple[UploadedFile | None, UploadedFile | None]:
    left, right = st.columns(2)
    return left.file_uploader("PNG", key="truth-png"), right.file_uploader("JSON", key="truth-json")


def _annotated(
    photo: Photo, vocabulary: Vocabulary, png: UploadedFile | None, description: UploadedFile | None
) -> Reference | None:
    if png is None or description is None:
        _wait("The annotation stands here once both files are there.")
        return None
    source = f"{photo.digest} {png.file_id} {description.file_id} {hash(vocabulary)}"

    def read() -> Side:
        side = read_coco_panoptic(png.getvalue(), description.getvalue(), vocabulary, png.name).to_side()
        (height, width), (wanted_height, wanted_width) = side.segmentation.size, photo.size
        if (height, width) != (wanted_height, wanted_width):
            raise GroundTruthError(
                f"The annotation is {width}×{height} pixels and the picture {wanted_width}×{wanted_height}; "
                "wanted the annotation of this picture."
            )
        return side

    try:
        side = state.once("reference", source, read)
    except PanosegError as error:
        st.error(plain(str(error)), icon=":material/broken_image:")
        return None
    return Reference(side, source, "", f"**Annotation** :gray[{plain(png.name)}]")


def _wait(words: str) -> None:
    with st.container(border=True, height=220, horizontal_alignment="center", vertical_alignment="center"):
        st.caption(words, text_alignment="center")

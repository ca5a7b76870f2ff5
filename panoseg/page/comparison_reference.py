"""The control that puts a second segmentation beside the first, and where that one comes from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.comparison import Comparison, Outcome, Side, compare
from panoseg.errors import PanosegError
from panoseg.ground_truth import GroundTruth
from panoseg.merging import landscape
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page import runs, things_question
from panoseg.page.decoders import decoders, opening_notice
from panoseg.page.input_size_picker import choices as input_size_choices
from panoseg.page.look import Look
from panoseg.page.markdown import plain
from panoseg.page.model_download import Coming, coming_reference
from panoseg.page.model_in_use import failure, note_failure, try_again
from panoseg.page.model_offers import Offer, offers
from panoseg.page.picture_picker import annotation_box, take_annotation
from panoseg.page.scene import Scene, Shown
from panoseg.page.session import REFERENCE, Session, Widgets, current_session, set_widget, widget_value
from panoseg.page.widget_keys import stable_key
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds


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


_ASKED = {Rival.SETTINGS: "Settings", Rival.ANNOTATION: "Files"}
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


def choose_rival(session: Session, task: Task) -> Rival:
    """What to compare with."""
    if session.has_new_annotation:
        session.has_new_annotation = False
        set_widget(Widgets.COMPARE, Rival.ANNOTATION.value)
    name = st.segmented_control(
        "Compare with",
        [rival.value for rival in Rival],
        default=Rival.NOTHING.value,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        key=Widgets.COMPARE,
        on_change=_begin_settings,
        bind="query-params",
        help="Puts a second segmentation beside this one: segments match if their labels are the same and "
        "they share more than half of their union. Panoptic segmentations only.",
        disabled=task is not Task.PANOPTIC,
    )
    if task is Task.PANOPTIC:
        return Rival(name)
    st.caption(
        "Two segmentations are compared segment by segment (PQ), which takes panoptic ones: "
        "no pixel belongs to two of them, and things are told apart."
    )
    st.button("Look for panoptic segments", on_click=_choose_panoptic)
    return Rival.NOTHING


class Places(NamedTuple):
    """Where things stand: what the visitor is asked about the second picture, a line over each, and both.

    Without a second picture nothing stands over the first one.
    """

    asked: DeltaGenerator | None
    left_title: DeltaGenerator | None
    right_title: DeltaGenerator | None
    left: DeltaGenerator
    right: DeltaGenerator


def lay_out(rival: Rival) -> Places:
    """The places, of which there are always as many columns as there are pictures."""
    with st.container(key="pictures"):
        left, right = (*st.columns(1), None) if rival is Rival.NOTHING else st.columns(2, gap="small")
    if right is None:
        return Places(None, None, None, left, left)
    left_title = left.container(key="title-left").empty()
    row = right.container(
        key="title-right", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    right_title = row.container(width="content").empty()
    asked = row
    if rival is not Rival.MODEL:
        asked = row.popover(_ASKED[rival], icon=":material/tune:", key="reference-menu")
        asked.caption(_EXPLAINED[rival])
    return Places(asked, left_title, right_title, left, right)


def find_reference(session: Session, rival: Rival, places: Places, shown: Shown) -> Reference | Coming | None:
    """What stands at the right, or the model that it waits for.

    None where there is nothing (yet), and the place says why.
    """
    if rival not in (Rival.SETTINGS, Rival.MODEL):
        session.requests.give_up(REFERENCE)
    match rival:
        case Rival.NOTHING:
            return None
        case Rival.SETTINGS:
            return _other_settings(session, places, shown)
        case Rival.MODEL:
            return _other_model(session, places, shown)
        case Rival.ANNOTATION:
            with places.asked or places.right:
                _choose_files(session)
            with places.right:
                return _annotation(session, shown.scene)


def compare_with(
    session: Session, reference: Reference, segmentation: Segmentation, shown: Shown
) -> Comparison:
    """The comparison of what is shown with the reference."""
    side = Side(segmentation, shown.scene.prediction.vocabulary)
    key = (shown.scene.subject, shown.thresholds, reference.source, reference.stamp)
    return session.comparison.get(key, lambda: compare(side, reference.side))


def describe(model: Offer, size: SizeChoice, thresholds: Thresholds) -> str:
    """A model and its settings, in Markdown."""
    numbers = [f"{name} {value:.2f}" for name, value in asdict(thresholds).items()]
    if size != "shipped":
        numbers.append(f"input {size}")
    return f"**{plain(model.title)}** :gray[{' · '.join(numbers)}]"


def _choose_panoptic() -> None:
    """Callback: the task that can be compared."""
    current_session().chosen_task = Task.PANOPTIC


def _begin_settings() -> None:
    """Callback: a comparison with other settings begins with some that differ."""
    session = current_session()
    session.begins_settings = widget_value(Widgets.COMPARE, "") == Rival.SETTINGS.value


def _differing_score(prediction: Prediction, thresholds: Thresholds) -> float:
    """The nearest score threshold that shows more or fewer segments; half of it where none does."""
    known = landscape(prediction, thresholds.mask, thresholds.overlap)
    now = known.at(thresholds.score)
    steps = [step / 100 for step in range(1, 100)]
    for score in sorted(steps, key=lambda score: abs(score - thresholds.score)):
        then = known.at(score)
        if (then.things, then.stuff) != (now.things, now.stuff):
            return score
    return round(thresholds.score / 2, 2)


def _choose_settings(session: Session, scene: Scene, model: Offer) -> tuple[Thresholds, SizeChoice]:
    size = scene.subject.input_size
    if session.begins_settings:
        session.begins_settings = False
        look = session.look or Look()
        set_widget("other-score", _differing_score(scene.prediction, look.thresholds))
    usual = asdict(Thresholds())
    sizes = input_size_choices(model, size)
    values = [
        st.slider(
            f"Right {name}",
            0.0,
            1.0,
            value,
            0.01,
            key=f"other-{name}",
            bind="query-params",
            help=f"The {name} threshold of the picture at the right. The paper's value is {value}.",
        )
        for name, value in usual.items()
    ]
    other_size = st.selectbox(
        "Right input",
        list(sizes),
        format_func=sizes.__getitem__,
        key=f"other-input-{model.name}-{size}",
        help="How large the model sees the picture at the right: as it ships, as the paper tests, or its "
        "shorter edge. Larger is finer and slower.",
    )
    return Thresholds(*values), other_size


def _choose_model(session: Session, model: Offer) -> Offer | None:
    others = {offer.name: offer for offer in offers() if offer != model}
    if not others:
        st.caption("No other model is offered here.")
        return None
    if session.no_other_model:
        session.no_other_model = False
        set_widget(Widgets.OTHER_MODEL, None)
    name = st.selectbox(
        "Other model",
        list(others),
        index=None,
        format_func=lambda name: others[name].title,
        placeholder="Choose a model",
        label_visibility="collapsed",
        key=Widgets.OTHER_MODEL,
        bind="query-params",
    )
    if name not in others:
        return None
    st.caption(others[name].about)
    return others[name]


def _other_settings(session: Session, places: Places, shown: Shown) -> Reference | None:
    """The same model at other thresholds, and at another input size if one is chosen."""
    scene, model = shown.scene, shown.model
    with places.asked or places.right:
        thresholds, size = _choose_settings(session, scene, model)
    if size == scene.subject.input_size:
        session.requests.give_up(REFERENCE)
        return _predicted(session, scene, model, thresholds)
    with places.right:
        progress = st.empty()
        try:
            prediction = _predict(session, scene.photo, model, size, progress)
        except PanosegError as error:
            progress.error(plain(str(error)), icon=":material/error:")
            return None
        progress.empty()
    return _decided(session, scene, model, prediction, size, thresholds)


def _other_model(session: Session, places: Places, shown: Shown) -> Reference | Coming | None:
    """Another model at the same thresholds and input size."""
    scene = shown.scene
    size = scene.subject.input_size
    with places.asked or places.right:
        other = _choose_model(session, shown.model)
    with places.right:
        if other is None:
            session.requests.give_up(REFERENCE)
            _wait("The other model's segments stand here once it is chosen.")
            return None
        if coming := coming_reference(session, other, _cancel):
            return coming
        progress = st.empty()
        if not failure(session, other):
            try:
                prediction = _predict(session, scene.photo, other, size, progress)
            except PanosegError as error:
                note_failure(session, other, error)
            else:
                progress.empty()
                found = _decided(session, scene, other, prediction, size, shown.thresholds)
                if found is None:
                    _wait("Use this model by itself first, and say which of its labels are things.")
                return found
        progress.error(plain(failure(session, other)), icon=":material/error:")
        st.button("Try again", key="retry-other", on_click=try_again, args=(other.name,))
        return None


def _predict(
    session: Session, photo: Photo, model: Offer, size: SizeChoice, place: DeltaGenerator
) -> Prediction:
    def report(text: str, share: float | None = None) -> None:
        place.caption(plain(text))

    with runs.waiting(session.requests.has(REFERENCE, photo, model.name, size)):
        return session.requests.predict(REFERENCE, photo, model.name, size, report)


def _decided(
    session: Session,
    scene: Scene,
    model: Offer,
    prediction: Prediction,
    size: SizeChoice,
    thresholds: Thresholds,
) -> Reference | None:
    """The reference, unless nobody has told that model's things from stuff yet."""
    told = things_question.with_things(session, model, prediction)
    if told is None:
        return None
    subject = replace(
        scene.subject, model=model.name, input_size=size, things=things_question.stamp(session, model)
    )
    return _predicted(session, Scene(scene.photo, subject, told), model, thresholds)


def _predicted(session: Session, scene: Scene, model: Offer, thresholds: Thresholds) -> Reference:
    findings = session.reference.get(
        (scene.subject, thresholds), lambda: find(Task.PANOPTIC, scene.prediction, thresholds)
    )
    side = Side(findings.segmentation, scene.prediction.vocabulary)
    title = describe(model, scene.subject.input_size, thresholds)
    return Reference(side, str(scene.subject), str(thresholds), title, findings.nothing)


def _annotation(session: Session, scene: Scene) -> Reference | None:
    """The annotation in the files that were given last."""
    files = session.annotation_files
    if session.annotation_error:
        st.error(plain(session.annotation_error), icon=":material/broken_image:")
    if files is None:
        _wait(
            "Drop the picture's annotation anywhere, or open it like a photo: a ZIP, or a PNG of ids and its "
            "JSON together, in the COCO panoptic format."
        )
        return None
    vocabulary, photo = scene.prediction.vocabulary, scene.photo

    def read() -> Side:
        with runs.waiting():
            annotation = decoders().read_annotation(
                files.png,
                files.description,
                files.name,
                size=photo.size,
                waiting=opening_notice(place, "Reading the annotation…"),
            )
        return GroundTruth.of(annotation, vocabulary).to_side()

    place = st.empty()
    source = photo.digest, files.digest
    try:
        side = session.annotation.get((source, vocabulary), read)
    except PanosegError as error:
        place.error(plain(str(error)), icon=":material/broken_image:")
        return None
    place.empty()
    labels = stable_key("labels", vocabulary)
    return Reference(side, " ".join((*source, labels)), "", f"**Annotation** :gray[{plain(files.name)}]")


def _choose_files(session: Session) -> None:
    st.file_uploader(
        "Annotation",
        accept_multiple_files=True,
        label_visibility="collapsed",
        key=annotation_box(session),
        on_change=take_annotation,
    )


def _cancel() -> None:
    """The next run begins with no other model: a widget that was drawn keeps its value until then."""
    current_session().no_other_model = True


def _wait(words: str) -> None:
    with st.container(border=True, height=220, horizontal_alignment="center", vertical_alignment="center"):
        st.caption(words, text_alignment="center")

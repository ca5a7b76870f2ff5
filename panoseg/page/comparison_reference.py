"""The control that puts a second segmentation beside the first, and where that one comes from."""

from dataclasses import asdict, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.errors import PanosegError
from panoseg.merging import landscape
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page import runs, things_question
from panoseg.page.annotation_reference import annotation_beside
from panoseg.page.input_size_picker import choices as input_size_choices
from panoseg.page.look import Look
from panoseg.page.markdown import plain
from panoseg.page.model_download import Coming, coming_reference
from panoseg.page.model_in_use import failure, note_failure, try_again
from panoseg.page.model_offers import Offer
from panoseg.page.other_model import cancel_other_model, choose_other_model
from panoseg.page.reference import Places, Reference, predicted, wait
from panoseg.page.rivals import Rival
from panoseg.page.run_reference import run_beside
from panoseg.page.scene import Scene, Shown
from panoseg.page.session import (
    REFERENCE,
    Session,
    Widgets,
    current_session,
    end_if_replaced,
    set_widget,
    widget_value,
)
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds


def choose_rival(session: Session, task: Task) -> Rival:
    """What to compare with."""
    if session.has_new_annotation:
        end_if_replaced()
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
        case Rival.RUN:
            return run_beside(session, places, shown.scene.photo, shown.scene.subject, shown.thresholds)
        case Rival.ANNOTATION:
            return annotation_beside(session, places, shown.scene.photo, shown.scene.prediction.vocabulary)


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
        look = session.look or Look()
        score = _differing_score(scene.prediction, look.thresholds)
        end_if_replaced()
        session.begins_settings = False
        set_widget("other-score", score)
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
        key=f"other-input-{model.public_name}-{size}",
        help="How large the model sees the picture at the right: as it ships, as the paper tests, or its "
        "shorter edge. Larger is finer and slower.",
    )
    return Thresholds(*values), other_size


def _other_settings(session: Session, places: Places, shown: Shown) -> Reference | None:
    """The same model at other thresholds, and at another input size if one is chosen."""
    scene, model = shown.scene, shown.model
    with places.asked or places.right:
        thresholds, size = _choose_settings(session, scene, model)
    if size == scene.subject.input_size:
        session.requests.give_up(REFERENCE)
        return predicted(session, scene, model, thresholds)
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
        other = choose_other_model(session, shown.model)
    with places.right:
        if other is None:
            session.requests.give_up(REFERENCE)
            wait("The other model's segments stand here once it is chosen.")
            return None
        if coming := coming_reference(session, other, cancel_other_model):
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
                    wait("Use this model by itself first, and say which of its labels are things.")
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
    return predicted(session, Scene(scene.photo, subject, told), model, thresholds)

"""The page: reads from top to bottom like the screen, and is the only place that ends a run.

Functions return what they found (a prediction, a model on its way, a question, a failure), and what follows
from it is decided here.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from panoseg.collection.shelf import DEMO_ID
from panoseg.comparison import Outcome, Side
from panoseg.errors import CancelledError, PanosegError
from panoseg.evaluation.one_picture import PictureReasons
from panoseg.export import View
from panoseg.export.origin import Origin
from panoseg.merging import landscape, margin
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page import (
    comparison_view,
    notices,
    pages,
    runs,
    things_question,
    viewer,
)
from panoseg.page.comparison_reasons import find_map_reasons, find_reasons
from panoseg.page.comparison_reference import (
    choose_rival,
    find_reference,
)
from panoseg.page.display_size import display_size
from panoseg.page.export_files import Exportable
from panoseg.page.export_sheet import show_export_sheet, want_export
from panoseg.page.finished_comparison import find_map_reference
from panoseg.page.header import set_up, show_title
from panoseg.page.input_size_picker import choose_input_size
from panoseg.page.login import let_in
from panoseg.page.look import Look, view
from panoseg.page.model_download import POLL_SECONDS, Coming, coming_model, show_coming
from panoseg.page.model_in_use import failure, is_at_hand, model_in_use, note_failure, note_success
from panoseg.page.model_offers import Offer, offer
from panoseg.page.model_picker import choose_model, model_menu, put_back, use_model
from panoseg.page.model_service import model_service
from panoseg.page.navigation import RUN_NAME, follow_address, write_address
from panoseg.page.other_model import other_model_in_address
from panoseg.page.picture_picker import first_photo, obey_filmstrip, take_pictures
from panoseg.page.reference import Places, Reference, compare_with, describe, lay_out
from panoseg.page.rivals import Rival
from panoseg.page.scene import FinishedScene, Scene, Shown, Subject
from panoseg.page.session import PICTURE, Session, begin_session, end_if_replaced
from panoseg.page.session_look import look_at, look_compared
from panoseg.page.task_controls import choose_task
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.tasks import Findings, Task, find
from panoseg.thresholds import Thresholds


def page() -> None:
    """One run of the page."""
    with runs.run("run"):
        set_up()
        if let_in():
            _show_page()


def _show_page() -> None:
    session = begin_session(first_photo)
    session.is_page_stale = False
    follow_address(session)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        title = st.empty()
        menu = model_menu(session)
        with menu:
            wanted = choose_model(session)
            size = choose_input_size(session, wanted, session.photo)
        if session.kept and not session.kept.stays(session.photo, wanted.name, size):
            session.kept = None
        task = choose_task(session, wanted, menu)
        with st.popover("Compare", icon=":material/compare:", key="compare-menu"):
            rival = choose_rival(session, task)
        take_pictures(session)
        pages.link(
            pages.COLLECTION,
            "Back to the collection" if session.kept else "Collection",
            ":material/grid_view:",
            {RUN_NAME: session.kept.run if session.kept else session.collection or DEMO_ID},
        )
        st.button("Export", icon=":material/download:", key="export", on_click=want_export)
    write_address(session, session.refused or wanted, task)
    model = session.kept.model if session.kept else model_in_use(session, wanted)
    if not session.kept and model != wanted and failure(session, wanted):
        put_back(session, wanted, model, task)
        st.rerun()
    show_title(title, session.photo, session.kept.title if session.kept else "")

    with st.container(key="notices"):
        if session.kept:  # no model is waited for: the run has said it all
            notices.explain_kept(session, session.kept)
        else:
            _tell_of_model(session, wanted, model)
        notices.explain_address(session)  # below the others, which it would push
    # What follows runs again without the rest of the page when the visitor did something to the picture.
    st.fragment(_show_picture)(session, session.photo, wanted, size, task, rival)


def _tell_of_model(session: Session, wanted: Offer, model: Offer) -> None:
    """Which model is in use, and why, and what may come of it."""
    notices.explain_failure(session, model, use_model)
    if coming := coming_model(session, wanted, model, use_model):
        _follow(session, coming)
    else:
        notices.advise(session, model, use_model)


@runs.run("picture")
def _show_picture(
    session: Session, photo: Photo, wanted: Offer, size: SizeChoice, task: Task, rival: Rival
) -> None:
    """The picture, what was found in it, and the second picture where there is one."""
    if session.is_page_stale:
        st.rerun()
    kept = session.kept
    # The wanted one may have come meanwhile.
    model = kept.model if kept else model_in_use(session, wanted)
    if kept or model != wanted:
        size = kept.input_size if kept else "shipped"
    over = st.container(key="over-picture")
    places = lay_out(rival)
    with places.left:
        reports = viewer.show_photo(photo, key="viewer")
        if obey_filmstrip(session, reports.picture):
            st.rerun()
        _show_filmstrip(session)
        if not kept and not is_at_hand(model):
            if message := failure(session, model):
                notices.show_failure(over, message, model)
            return
        progress = notices.ProgressNotice(over)

    said = kept.run if kept else things_question.stamp(session, model)
    subject = Subject(photo.digest, model.name, size, task, said)
    look = look_at(session, str(subject), reports.look)
    if places.left_title:
        places.left_title.markdown(describe(model, size, look.thresholds))
    if kept and kept.segmentation:
        finished = FinishedScene(
            photo, replace(subject, task=Task.PANOPTIC), kept.segmentation, kept.vocabulary
        )
        _show_finished(session, rival, places, finished, look)
        return
    try:
        prediction = (kept and kept.prediction) or _predict(session, photo, model, size, progress)
    except CancelledError:  # the browser has gone, or a newer run wants something else
        return
    except PanosegError as error:
        progress.clear()
        note_failure(session, model, error)
        if model_in_use(session, wanted) != model:
            st.rerun()
        notices.show_failure(over, failure(session, model), model)
        return
    progress.clear()
    if not kept:
        note_success(session, model)

    decided = prediction if kept else things_question.with_things(session, model, prediction)
    scene = Scene(photo, subject, decided or prediction)
    if decided is None:
        nothing = Segmentation(np.zeros(photo.size, np.int32), ())
        viewer.show_map(photo, str(subject), task, nothing, "undecided", key="viewer")
        with over:
            things_question.ask(session, model, prediction.vocabulary)
        return
    shown = Shown(scene, model, look.thresholds)
    findings = _find_segments(session, shown)
    viewer.show_map(
        photo,
        str(subject),
        task,
        findings.segmentation,
        str(look.thresholds),
        key="viewer",
        thresholds=look.thresholds,
        candidates=findings.candidates,
        nothing=findings.nothing,
        prediction=decided,
    )
    look, outcomes = _show_comparison(session, rival, places, shown, findings)
    if session.wants_export:
        exported = _exported(shown, findings, look, outcomes)
        _open_export_sheet(session, subject, shown.thresholds, exported, look)
    wants_doubt = look.style.doubt and task is Task.PANOPTIC and findings.segmentation.segments
    viewer.show_doubt(photo, decided, look.thresholds if wants_doubt else None, key="viewer")
    _show_what_sliders_need(session, shown)


def _predict(
    session: Session, photo: Photo, model: Offer, size: SizeChoice, progress: notices.ProgressNotice
) -> Prediction:
    """What the network says, once it has said it; meanwhile other runs of the page may compute."""
    with runs.waiting(session.requests.has(PICTURE, photo, model.name, size)):
        return session.requests.predict(PICTURE, photo, model.name, size, progress.show)


def _show_finished(session: Session, rival: Rival, places: Places, scene: FinishedScene, look: Look) -> None:
    """A run's map that came finished from elsewhere: no threshold, and nothing to ask a model."""
    photo, subject, segmentation = scene.photo, scene.subject, scene.segmentation
    # Where nobody gave a score, each has 1.
    scored = any(segment.score < 1 for segment in segmentation.segments)
    viewer.show_map(
        photo, str(subject), subject.task, segmentation, subject.things, key="viewer", scored=scored
    )
    reference = find_map_reference(session, rival, places, scene, look.thresholds)
    look, outcomes = _show_second(
        session, rival, places, photo, reference, Side(segmentation, scene.vocabulary), subject,
        lambda found: find_map_reasons(session, rival, found, scene),
    )  # fmt: skip
    if session.wants_export:
        exported = view(photo, segmentation, scene.vocabulary, look, outcomes)
        _open_export_sheet(session, subject, None, exported, look)


def _show_what_sliders_need(session: Session, shown: Shown) -> None:
    """Last of all, as nobody waits for it: what every score would show, and what moving a threshold takes."""
    scene, mask, overlap = shown.scene, shown.thresholds.mask, shown.thresholds.overlap
    found = None
    if scene.subject.task is Task.PANOPTIC:
        key = scene.subject, mask, overlap
        found = session.landscape.get(key, lambda: landscape(scene.prediction, mask, overlap))
    viewer.show_landscape(scene.photo, found, key="viewer")
    message = session.logits.get(
        scene.subject,
        lambda: viewer.logits_bytes(
            "viewer", str(scene.subject), scene.prediction, scene.subject.task, display_size(scene.photo.size)
        ),
    )
    viewer.send_logits(message, key="viewer")


def _find_segments(session: Session, shown: Shown) -> Findings:
    """What is found; computed again only when something that matters to the task changed."""
    scene, thresholds = shown.scene, shown.thresholds
    task = scene.subject.task
    relevant = tuple(getattr(thresholds, name) for name in task.thresholds)
    return session.findings.get((scene.subject, relevant), lambda: find(task, scene.prediction, thresholds))


def _show_comparison(
    session: Session, rival: Rival, places: Places, shown: Shown, findings: Findings
) -> tuple[Look, Mapping[int, Outcome]]:
    """The second picture and what it makes of the first, if there is one; the look at the first."""
    reference = find_reference(session, rival, places, shown)
    if isinstance(reference, Coming):
        with places.right:
            _follow(session, reference)
        reference = None
    scene = shown.scene
    side = Side(findings.segmentation, scene.prediction.vocabulary)
    return _show_second(
        session, rival, places, scene.photo, reference, side, (scene.subject, shown.thresholds),
        lambda found: find_reasons(session, rival, found, shown),
    )  # fmt: skip


def _show_second(
    session: Session,
    rival: Rival,
    places: Places,
    photo: Photo,
    reference: Reference | None,
    side: Side,
    made_of: Hashable,
    reasons_for: Callable[[Reference], PictureReasons | None],
) -> tuple[Look, Mapping[int, Outcome]]:
    """The second picture, and what it makes of the first one, `side`; see `compare_with`."""
    comparison = None if reference is None else compare_with(session, reference, side, made_of)
    look = look_compared(session, session.look or Look(), comparison)
    reasons = None if reference is None else reasons_for(reference)
    viewer.show_outcomes(comparison, "left", rival.words, photo, reasons, key="viewer")
    viewer.show_look(look, other_model_in_address(session, rival), key="viewer")
    if comparison is None or reference is None:
        return look, {}
    if places.right_title:
        places.right_title.markdown(reference.title)
    with places.right:
        comparison_view.show_beside(photo, reference, comparison, rival, reasons)
    return look, comparison.outcomes("left")


def _exported(shown: Shown, findings: Findings, look: Look, outcomes: Mapping[int, Outcome]) -> View:
    """What files hold of what is shown now."""
    scene = shown.scene
    exported = view(scene.photo, findings.segmentation, scene.prediction.vocabulary, look, outcomes)
    if scene.subject.task is not Task.PANOPTIC:
        return exported
    return replace(exported, margins=lambda: margin(scene.prediction, shown.thresholds))


def _open_export_sheet(
    session: Session, subject: Subject, thresholds: Thresholds | None, exported: View, look: Look
) -> None:
    """The export sheet over the page, with what it shows now."""
    end_if_replaced()
    session.wants_export = False
    kept = session.kept
    revision = kept.revision if kept else model_service().revision(subject.model)
    model = offer(subject.model).public_name
    origin = Origin(model, subject.task, thresholds, subject.input_size, revision)
    stamp = subject, thresholds, replace(look, heard=0)
    show_export_sheet(Exportable(exported, origin, stamp), session.files)


def _show_filmstrip(session: Session) -> None:
    """The pictures to go to; again and again while some of them are being read."""

    def show() -> None:
        is_waiting = session.filmstrip.is_waiting
        viewer.show_pictures(session.filmstrip.payload(), key="viewer")
        if not is_waiting and session.awaits_thumbnails:
            session.awaits_thumbnails = False
            st.rerun()

    if session.filmstrip.is_waiting:
        session.awaits_thumbnails = True
        st.fragment(show, run_every=POLL_SECONDS)()
    else:
        session.awaits_thumbnails = False
        show()


def _follow(session: Session, coming: Coming) -> None:
    """Show how far a model is, again and again by itself; at its end, all of the page once more."""

    def follow() -> None:
        if show_coming(session, coming):
            st.rerun()

    st.fragment(follow, run_every=POLL_SECONDS)()

"""The page: reads from top to bottom like the screen, and is the only place that ends a run.

Functions return what they found (a prediction, a model on its way, a question, a failure), and what follows
from it is decided here.
"""

import time
from collections.abc import Mapping

import streamlit as st

from panoseg.comparison import Comparison, Outcome
from panoseg.errors import CancelledError, PanosegError
from panoseg.page import (
    comparison_view,
    head_starts,
    near_misses,
    notices,
    segment_numbers,
    things_question,
    viewer,
)
from panoseg.page.comparison_reference import (
    Places,
    Reference,
    Rival,
    choose_rival,
    compare_with,
    describe,
    find_reference,
    lay_out,
)
from panoseg.page.download_buttons import show_downloads
from panoseg.page.download_panel import POLL_SECONDS, Coming, coming_model, show_coming
from panoseg.page.early_map import EarlyMap, find_segments
from panoseg.page.header import set_up, show_header
from panoseg.page.input_size_picker import choose_input_size
from panoseg.page.landscape_strip import show_landscape
from panoseg.page.look import Look, view
from panoseg.page.model_in_use import failure, is_at_hand, model_in_use, note_failure
from panoseg.page.model_picker import choose_model, use_model
from panoseg.page.picture_picker import choose_photo, first_photo
from panoseg.page.session import PICTURE, Session, begin_session
from panoseg.page.session_look import look_at
from panoseg.page.subject import Scene, Shown, Subject
from panoseg.page.task_controls import choose_doubt, choose_task, choose_thresholds, present_thresholds
from panoseg.tasks import Findings, Task


def page() -> None:
    """One run of the page."""
    session = begin_session(first_photo)
    early_map = EarlyMap(session, present_thresholds())
    set_up()

    with st.sidebar:
        photo = choose_photo(session)
        wanted = choose_model(session)
        size = choose_input_size(session, wanted, photo)
        task = choose_task(wanted)
        thresholds, under_score = choose_thresholds(task)
        doubt = choose_doubt(task)

    model = model_in_use(session, wanted)
    if model != wanted:
        size = "shipped"
    heading, choice = st.columns(2, vertical_alignment="bottom")
    with heading:
        show_header(photo, model)
    with choice:
        rival = choose_rival(task)
    with st.container():
        notices.explain_failure(session, wanted, model)
        if coming := coming_model(session, wanted, model, use_model):
            _follow(session, coming)
        else:
            notices.advise(session, model, use_model)
    places = lay_out(rival)
    with places.left:
        if rival is not Rival.NOTHING:
            comparison_view.show_title("left", describe(model, size, thresholds))
        report = viewer.show_photo(photo, key="viewer")
        if not is_at_hand(model):
            if message := failure(session, model):
                notices.show_failure(message, model)
            return
        progress = notices.ProgressNotice()

    try:
        prediction = session.requests.predict(PICTURE, photo, model.name, size, progress.show)
    except CancelledError:  # the browser has gone, or a newer run wants something else
        return
    except PanosegError as error:
        progress.clear()
        note_failure(session, model, error)
        if model_in_use(session, wanted) != model:
            st.rerun()
        notices.show_failure(failure(session, model), model)
        return
    progress.clear()
    session.working = model

    subject = Subject(photo.digest, model.name, size, task, things_question.stamp(session, model))
    decided = things_question.with_things(session, model, prediction)
    scene = Scene(photo, subject, decided or prediction)
    if decided is None:
        if not early_map.show_nothing(scene):
            st.rerun()
        things_question.ask(session, model, prediction.vocabulary)
        return
    findings = find_segments(session, scene, thresholds)
    if not early_map.show(scene, thresholds, findings.segmentation):
        st.rerun()  # something else was changed, too: from the beginning
    shown = Shown(scene, model, thresholds)
    look, outcomes = _show_comparison(session, rival, places, shown, findings, report)
    _show_findings(session, shown, findings, look, outcomes)
    viewer.show_doubt(
        photo, decided, thresholds if doubt and findings.segmentation.segments else None, key="viewer"
    )
    if task is Task.PANOPTIC:
        show_landscape(session, scene, thresholds, under_score)


def _show_comparison(
    session: Session, rival: Rival, places: Places, shown: Shown, findings: Findings, report: object
) -> tuple[Look, Mapping[int, Outcome]]:
    """The second picture and what it makes of the first, if there is one; the look at the first."""
    reference = find_reference(session, rival, places, shown)
    comparison: Comparison | None = None
    if isinstance(reference, Coming):
        with places.right:
            _follow(session, reference)
    elif reference:
        comparison = compare_with(session, reference, findings.segmentation, shown)
    look = look_at(str(shown.scene.subject), report, comparison)
    viewer.show_outcomes(comparison, "left", rival.words, key="viewer")
    viewer.show_look(look, key="viewer")
    if comparison is None or not isinstance(reference, Reference):
        return look, {}
    with places.right:
        beside = comparison_view.show_beside(shown.scene.photo, reference, comparison, rival)
        comparison_view.show_quality(comparison)
        comparison_view.show_pairs(comparison, rival, look, beside)
    return look, comparison.outcomes("left")


def _show_findings(
    session: Session, shown: Shown, findings: Findings, look: Look, outcomes: Mapping[int, Outcome]
) -> None:
    """All that stands below the picture."""
    scene, segmentation = shown.scene, findings.segmentation
    if not session.has_visited:
        session.has_visited = True
        time.sleep(head_starts.FIRST_PICTURE_SECONDS)
    notices.explain_emptiness(findings, look.hidden)
    segment_numbers.show_summary(findings)
    show_downloads(view(scene.photo, segmentation, scene.prediction.vocabulary, look, outcomes))
    left, right = st.columns([3, 2], gap="large")
    near_miss = None
    with right if segmentation.segments else left:
        if scene.subject.task is Task.PANOPTIC:
            near_miss = near_misses.choose_near_miss(findings.candidates, shown.thresholds, scene.subject)
    if segmentation.segments:
        with left:
            segment_numbers.show_table(segmentation, look, outcomes)
        with right:
            segment_numbers.show_chart(segmentation, look)
    viewer.show_ghost(scene.photo, scene.prediction, near_miss, shown.thresholds.mask, key="viewer")


def _follow(session: Session, coming: Coming) -> None:
    """Show how far a model is, again and again by itself; at its end, all of the page once more."""

    def follow() -> None:
        if show_coming(session, coming):
            st.rerun()

    st.fragment(follow, run_every=POLL_SECONDS)()

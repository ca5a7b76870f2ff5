"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.page import (
    comparison_reference,
    comparison_view,
    download_panel,
    early_map,
    input_size_picker,
    near_misses,
    panels,
    shared_look,
    sidebar,
    state,
    things_question,
    viewer,
)
from panoseg.tasks import Task


def page() -> None:
    """One run of the page."""
    shown_map = early_map.Map(sidebar.thresholds())
    panels.set_up()

    with st.sidebar:
        photo = sidebar.choose_photo()
        wanted = sidebar.choose_model()
        size = input_size_picker.choose(wanted, photo)
        task = sidebar.choose_task(wanted)
        thresholds, under_score = sidebar.choose_thresholds(task)
        doubt = sidebar.choose_doubt(task)

    model = state.usable(wanted)
    if model != wanted:
        size = "shipped"
    heading, choice = st.columns(2, vertical_alignment="bottom")
    with heading:
        panels.header(photo, model)
    with choice:
        rival = comparison_reference.choose_rival(task)
    with st.container():
        panels.trouble(wanted, model)
        if not download_panel.watch(wanted, model):
            panels.advise(model, drawn=sidebar.is_drawn())
    asked, left, right = comparison_reference.lay_out(rival)
    with left:
        if rival is not comparison_reference.Rival.NOTHING:
            comparison_view.title("left", comparison_reference.describe(model, size, thresholds))
        report = viewer.show_photo(photo, key="viewer")
        download_panel.require(model)
        notice = panels.Notice()

    subject = f"{photo.digest} {model.name} {size} {task} {things_question.stamp(model)}"
    try:
        prediction = state.predict(photo, model.name, notice.show, input_size=size)
    except PanosegError as error:
        notice.clear()
        state.fail(model, error)
    notice.clear()
    state.succeed(model)
    prediction = things_question.settle(model, prediction, photo, subject, task, shown_map)

    findings = shown_map.show(early_map.Scene(photo, subject, prediction, task), thresholds)
    segmentation = findings.segmentation

    reference = comparison_reference.find_reference(
        rival, asked, right, photo, prediction, model, size, thresholds
    )
    comparison = comparison_reference.against(
        reference, segmentation, prediction.vocabulary, (subject, thresholds)
    )
    look = shared_look.shared(subject, report, comparison)
    viewer.show_outcomes(comparison, "left", rival.words, key="viewer")
    viewer.show_look(look, key="viewer")
    if reference and comparison:
        with right:
            beside = comparison_view.show_beside(photo, reference, comparison, rival)
            comparison_view.quality(comparison)
            comparison_view.table(comparison, rival, look, beside)
    found = comparison.outcomes("left") if comparison else {}

    panels.let_the_picture_go_first()
    panels.empty_notice(findings, look.hidden)
    panels.summary(findings)
    panels.downloads(shared_look.view(photo, segmentation, prediction.vocabulary, look, found))
    left, right = st.columns([3, 2], gap="large")
    near_miss = None
    with right if segmentation.segments else left:
        if task is Task.PANOPTIC:
            near_miss = near_misses.choose_near_miss(findings.candidates, thresholds, subject)
    if segmentation.segments:
        with left:
            panels.table(segmentation, look, found)
        with right:
            panels.chart(segmentation, look)

    viewer.show_ghost(photo, prediction, near_miss, thresholds.mask, key="viewer")
    doubted = thresholds if doubt and segmentation.segments else None
    viewer.show_doubt(photo, prediction, doubted, key="viewer")
    if task is Task.PANOPTIC:
        near_misses.show_landscape(prediction, thresholds, subject, under_score)

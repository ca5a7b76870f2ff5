"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg import export
from panoseg.errors import PanosegError
from panoseg.ui import insight, panels, sidebar, state, viewer
from panoseg.tasks import Task
from panoseg.ui.words import plain

panels.set_up()
state.warm_up()

with st.sidebar:
    photo = sidebar.choose_photo()
    wanted = sidebar.choose_model()
    task = sidebar.choose_task()
    thresholds, under_score = sidebar.choose_thresholds(task)
    display = sidebar.choose_display(task)

model = state.usable(wanted)
panels.header(photo, model)
panels.trouble(wanted, model)
panels.advise(model, drawn=sidebar.is_drawn())
hidden = viewer.show_photo(photo, key="viewer")

progress = st.empty()
try:
    prediction = state.predict(photo, model.name, lambda text: progress.caption(plain(text)))
except PanosegError as error:
    state.fail(model, error)
progress.empty()
state.succeed(model)

subject = (photo.digest, model.name, task)
findings = state.findings(subject, prediction, task, thresholds)
segmentation = findings.segmentation
viewer.show_map(photo, model.name, task, segmentation, str(thresholds), key="viewer")
style = viewer.Style(display.opacity, display.outlines, panels.selected_keys(subject))
viewer.show_style(style, key="viewer")

visible = frozenset(segment.id for segment in segmentation.segments if segment.key not in hidden)
panels.empty_notice(findings, hidden)
panels.summary(findings)
panels.downloads(
    export.View(photo, segmentation, prediction.vocabulary, display.opacity, visible, display.outlines)
)
left, right = st.columns([3, 2], gap="large")
near_miss = None
with right if segmentation.segments else left:
    if task is Task.PANOPTIC:
        near_miss = insight.choose_near_miss(findings.candidates, thresholds, subject)
if segmentation.segments:
    with left:
        panels.table(segmentation, subject)
    with right:
        panels.chart(segmentation)

viewer.show_ghost(photo, prediction, near_miss, thresholds.mask, key="viewer")
doubt = thresholds if display.doubt and segmentation.segments else None
viewer.show_doubt(photo, prediction, doubt, key="viewer")
if task is Task.PANOPTIC:
    insight.show_landscape(prediction, thresholds, subject, under_score)

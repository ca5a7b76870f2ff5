"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.tasks import Task
from panoseg.ui import compare, getting, insight, looking, panels, sidebar, state, viewer
from panoseg.ui.words import plain

panels.set_up()
state.warm_up()

with st.sidebar:
    photo = sidebar.choose_photo()
    wanted = sidebar.choose_model()
    task = sidebar.choose_task()
    thresholds, under_score = sidebar.choose_thresholds(task)
    doubt = sidebar.choose_doubt(task)

model = state.usable(wanted)
panels.header(photo, model)
panels.trouble(wanted, model)
if not getting.watch(wanted, model):
    panels.advise(model, drawn=sidebar.is_drawn())
subject = f"{photo.digest} {model.name} {task}"
look = looking.shared(subject, viewer.show_photo(photo, key="viewer"))

getting.require(model)
progress = st.empty()
try:
    prediction = state.predict(photo, model.name, lambda text: progress.caption(plain(text)))
except PanosegError as error:
    state.fail(model, error)
progress.empty()
state.succeed(model)

findings = state.findings(subject, prediction, task, thresholds)
segmentation = findings.segmentation
viewer.show_map(photo, subject, task, segmentation, str(thresholds), key="viewer")
viewer.show_look(look, key="viewer")

panels.empty_notice(findings, look.hidden)
panels.summary(findings)
panels.downloads(looking.view(photo, segmentation, prediction.vocabulary, look))
left, right = st.columns([3, 2], gap="large")
near_miss = None
with right if segmentation.segments else left:
    if task is Task.PANOPTIC:
        near_miss = insight.choose_near_miss(findings.candidates, thresholds, subject)
if segmentation.segments:
    with left:
        panels.table(segmentation, look)
    with right:
        panels.chart(segmentation, look)

if task is Task.PANOPTIC:
    compare.compare_with_annotation(segmentation, prediction.vocabulary, subject)

viewer.show_ghost(photo, prediction, near_miss, thresholds.mask, key="viewer")
doubted = thresholds if doubt and segmentation.segments else None
viewer.show_doubt(photo, prediction, doubted, key="viewer")
if task is Task.PANOPTIC:
    insight.show_landscape(prediction, thresholds, subject, under_score)

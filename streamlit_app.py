"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.tasks import Task
from panoseg.ui import compare, insight, looking, outcomes, panels, sidebar, state, viewer
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
heading, choice = st.columns(2, vertical_alignment="bottom")
with heading:
    panels.header(photo, model)
with choice:
    rival = compare.choose_rival(task)
with st.container():
    panels.trouble(wanted, model)
    panels.advise(model, drawn=sidebar.is_drawn())
asked, left, right = compare.lay_out(rival)
with left:
    if rival is not compare.Rival.NOTHING:
        outcomes.title("left", compare.describe(model, thresholds))
    report = viewer.show_photo(photo, key="viewer")
    progress = st.empty()

try:
    prediction = state.predict(photo, model.name, lambda text: progress.caption(plain(text)))
except PanosegError as error:
    state.fail(model, error)
progress.empty()
state.succeed(model)

subject = f"{photo.digest} {model.name} {task}"
findings = state.findings(subject, prediction, task, thresholds)
segmentation = findings.segmentation
viewer.show_map(photo, subject, task, segmentation, str(thresholds), key="viewer")

reference = compare.find_reference(rival, asked, right, photo, prediction, model, thresholds)
comparison = compare.against(reference, segmentation, prediction.vocabulary, (subject, thresholds))
look = looking.shared(subject, report, comparison)
viewer.show_outcomes(comparison, "left", rival.words, key="viewer")
viewer.show_look(look, key="viewer")
if reference and comparison:
    with right:
        beside = outcomes.show_beside(photo, reference, comparison, rival)
        outcomes.quality(comparison)
        outcomes.table(comparison, rival, look, beside)
found = comparison.outcomes("left") if comparison else {}

panels.empty_notice(findings, look.hidden)
panels.summary(findings)
panels.downloads(looking.view(photo, segmentation, prediction.vocabulary, look, found))
left, right = st.columns([3, 2], gap="large")
near_miss = None
with right if segmentation.segments else left:
    if task is Task.PANOPTIC:
        near_miss = insight.choose_near_miss(findings.candidates, thresholds, subject)
if segmentation.segments:
    with left:
        panels.table(segmentation, look, found)
    with right:
        panels.chart(segmentation, look)

viewer.show_ghost(photo, prediction, near_miss, thresholds.mask, key="viewer")
doubted = thresholds if doubt and segmentation.segments else None
viewer.show_doubt(photo, prediction, doubted, key="viewer")
if task is Task.PANOPTIC:
    insight.show_landscape(prediction, thresholds, subject, under_score)

"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.tasks import Task
from panoseg.ui import ahead, compare, input_size, insight, looking, panels, sidebar, state, things, viewer

shown_map = ahead.Map(sidebar.thresholds())
panels.set_up()
state.warm_up()

with st.sidebar:
    photo = sidebar.choose_photo()
    wanted = sidebar.choose_model()
    size = input_size.choose(wanted, photo)
    task = sidebar.choose_task(wanted)
    thresholds, under_score = sidebar.choose_thresholds(task)
    doubt = sidebar.choose_doubt(task)

model = state.usable(wanted)
if model != wanted:
    size = "shipped"
panels.header(photo, model)
panels.trouble(wanted, model)
panels.advise(model, drawn=sidebar.is_drawn())
subject = f"{photo.digest} {model.name} {size} {task} {things.stamp(model)}"
look = looking.shared(subject, viewer.show_photo(photo, key="viewer"))

notice = panels.Notice()
try:
    prediction = state.predict(photo, model.name, notice.show, input_size=size)
except PanosegError as error:
    notice.clear()
    state.fail(model, error)
notice.clear()
state.succeed(model)
prediction = things.settle(model, prediction, photo, subject, task, shown_map)

findings = shown_map.show(ahead.Scene(photo, subject, prediction, task), thresholds)
segmentation = findings.segmentation
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

"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg import export
from panoseg.errors import PanosegError
from panoseg.ui import panels, sidebar, state, viewer

panels.set_up()
state.warm_up()

with st.sidebar:
    photo = sidebar.choose_photo()
    wanted = sidebar.choose_model()
    thresholds = sidebar.choose_thresholds()
    opacity, outlines = sidebar.choose_display()

model = state.usable(wanted)
panels.header(photo, model)
panels.trouble(wanted, model)
panels.advise(model, drawn=sidebar.is_drawn())
hidden = viewer.show_photo(photo, key="viewer")

progress = st.empty()
try:
    prediction = state.predict(photo, model.name, progress.caption)
except PanosegError as error:
    state.fail(model, error)
progress.empty()
state.succeed(model)

source = (photo.digest, model.name)
segmentation, candidates = state.segment(photo, model.name, prediction, thresholds)
viewer.show_map(photo, model.name, segmentation, str(thresholds), key="viewer")
viewer.show_style(viewer.Style(opacity, outlines, panels.selected_keys(source)), key="viewer")

visible = frozenset(segment.id for segment in segmentation.segments if segment.key not in hidden)
panels.empty_notice(segmentation, candidates, thresholds, hidden)
panels.summary(segmentation, candidates)
panels.downloads(export.View(photo, segmentation, prediction.vocabulary, opacity, visible, outlines))
if segmentation.segments:
    left, right = st.columns([3, 2], gap="large")
    with left:
        panels.table(segmentation, source)
    with right:
        panels.chart(segmentation)

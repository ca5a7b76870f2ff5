"""The page: reads top to bottom the way the screen does."""

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.ui import looking, panels, sidebar, state, viewer

panels.set_up()
state.warm_up()

with st.sidebar:
    photo = sidebar.choose_photo()
    wanted = sidebar.choose_model()
    thresholds = sidebar.choose_thresholds()

model = state.usable(wanted)
panels.header(photo, model)
panels.trouble(wanted, model)
panels.advise(model, drawn=sidebar.is_drawn())
source = f"{photo.digest} {model.name}"
look = looking.shared(source, viewer.show_photo(photo, key="viewer"))

progress = st.empty()
try:
    prediction = state.predict(photo, model.name, progress.caption)
except PanosegError as error:
    state.fail(model, error)
progress.empty()
state.succeed(model)

segmentation, candidates = state.segment(photo, model.name, prediction, thresholds)
viewer.show_map(photo, source, segmentation, str(thresholds), key="viewer")
viewer.show_look(look, key="viewer")

panels.empty_notice(segmentation, candidates, thresholds, look.hidden)
panels.summary(segmentation, candidates)
panels.downloads(looking.view(photo, segmentation, prediction.vocabulary, look))
if segmentation.segments:
    left, right = st.columns([3, 2], gap="large")
    with left:
        panels.table(segmentation, look)
    with right:
        panels.chart(segmentation)

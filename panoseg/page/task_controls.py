"""What to look for."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page.model_offers import Offer
from panoseg.page.session import Session, Widgets, set_widget
from panoseg.tasks import Task


def choose_task(session: Session, model: Offer, about: DeltaGenerator) -> Task:
    """Panoptic, instances or semantic: all from the same forward pass; at first the model's own.

    What there is to say of the model then stands in `about`. A map that came finished from elsewhere has none
    of them to choose.
    """
    if session.chosen_task is not None:
        set_widget(Widgets.TASK, session.chosen_task.value)
        session.chosen_task = None
    own = model.task
    name = st.segmented_control(
        "Task",
        [task.value for task in Task],
        default=own.value,
        format_func=str.capitalize,
        required=True,
        label_visibility="collapsed",
        wrap=False,
        disabled=session.kept is not None and session.kept.segmentation is not None,
        key=Widgets.TASK,
    )
    if model.entry and name != own:
        about.caption(f"This checkpoint was trained for the {own.value.removesuffix('s')} task.")
    return Task(name)

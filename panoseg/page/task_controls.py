"""What to look for, and doubt in place of colours."""

import streamlit as st

from panoseg.page.model_offers import Offer
from panoseg.page.session import Widgets
from panoseg.tasks import Task


def choose_task(model: Offer) -> Task:
    """Panoptic, instances or semantic: all from the same forward pass; at first the model's own."""
    st.subheader("Task")
    own = model.task
    name = st.segmented_control(
        "Task",
        [task.value for task in Task],
        default=own.value,
        format_func=str.capitalize,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        wrap=False,
        key=Widgets.TASK,
        bind="query-params",
    )
    if model.entry and name != own:
        st.caption(f"This checkpoint was trained for the {own.value.removesuffix('s')} task.")
    return Task(name)


def choose_doubt(task: Task) -> bool:
    """Whether to colour by doubt in place of the segments."""
    st.subheader("Display")
    doubt = st.toggle(
        "Where is it unsure?",
        key="doubt",
        bind="query-params",
        help="Colour each pixel by how close the runner-up came: red where a small change would give it to "
        "another segment.",
        disabled=task is not Task.PANOPTIC,
    )
    return doubt and task is Task.PANOPTIC

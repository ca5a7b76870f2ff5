"""What to look for and how strictly: the task, the three thresholds, and doubt in place of colours."""

from dataclasses import asdict

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import early_map
from panoseg.page.model_offers import Offer
from panoseg.page.session import Widgets, widget_value
from panoseg.segmentation import Thresholds
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


def choose_thresholds(task: Task) -> tuple[Thresholds, DeltaGenerator]:
    """The three thresholds, at the paper's values unless moved, and the place under the score's."""
    st.subheader("Thresholds")

    def fraction(name: str, help_line: str) -> float:
        default = getattr(Thresholds(), name)
        return float(
            st.slider(
                name.capitalize(),
                0.0,
                1.0,
                default,
                0.01,
                key=name,
                bind="query-params",
                help=f"{help_line} The paper's value is {default}.",
                on_change=early_map.threshold_moved,
                disabled=name not in task.thresholds,
            )
        )

    score = fraction("score", "Show only segments whose label is more probable than this.")
    under_score = st.empty()
    mask = fraction("mask", "Give a segment only pixels that are at least this probable.")
    overlap = fraction("overlap", "Drop a segment if less of its own mask is left to it.")
    return Thresholds(score, mask, overlap), under_score


def present_thresholds() -> Thresholds:
    """What the sliders are at, before they are drawn."""
    return Thresholds(**{name: widget_value(name, default) for name, default in asdict(Thresholds()).items()})


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

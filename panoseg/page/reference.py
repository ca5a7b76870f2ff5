"""The second segmentation of a comparison, and where it stands."""

from collections.abc import Hashable
from dataclasses import asdict, dataclass
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.comparison import Comparison, Side, compare
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer
from panoseg.page.rivals import ASKED, EXPLAINED, Rival
from panoseg.page.scene import Scene
from panoseg.page.session import Session
from panoseg.tasks import Task, find
from panoseg.thresholds import Thresholds


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The segmentation at the right.

    Attributes:
        side: its segments.
        source: names the photo and the model or the files it comes from.
        stamp: tells one segmentation of a source from the next.
        title: one line to stand over it, in Markdown.
        nothing: one sentence on why there is no segment, empty if there is one.
    """

    side: Side
    source: str
    stamp: str
    title: str
    nothing: str = ""


class Places(NamedTuple):
    """Where things stand: what the visitor is asked about the second picture, a line over each, and both.

    Without a second picture nothing stands over the first one.
    """

    asked: DeltaGenerator | None
    left_title: DeltaGenerator | None
    right_title: DeltaGenerator | None
    left: DeltaGenerator
    right: DeltaGenerator


def lay_out(rival: Rival) -> Places:
    """The places, of which there are always as many columns as there are pictures."""
    with st.container(key="pictures"):
        left, right = (*st.columns(1), None) if rival is Rival.NOTHING else st.columns(2, gap="small")
    if right is None:
        return Places(None, None, None, left, left)
    left_title = left.container(key="title-left").empty()
    row = right.container(
        key="title-right", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    right_title = row.container(width="content").empty()
    asked = row
    if rival in ASKED:
        asked = row.popover(ASKED[rival], icon=":material/tune:", key="reference-menu")
        asked.caption(EXPLAINED[rival])
    return Places(asked, left_title, right_title, left, right.container(key="second"))


def describe(model: Offer, size: SizeChoice, thresholds: Thresholds) -> str:
    """A model and its settings, in Markdown."""
    numbers = [f"{name} {value:.2f}" for name, value in asdict(thresholds).items()]
    if size != "shipped":
        numbers.append(f"input {size}")
    return f"**{plain(model.title)}** :gray[{' · '.join(numbers)}]"


def predicted(session: Session, scene: Scene, model: Offer, thresholds: Thresholds) -> Reference:
    """What a model says of the picture."""
    findings = session.reference.get(
        (scene.subject, thresholds), lambda: find(Task.PANOPTIC, scene.prediction, thresholds)
    )
    side = Side(findings.segmentation, scene.prediction.vocabulary)
    title = describe(model, scene.subject.input_size, thresholds)
    return Reference(side, str(scene.subject), str(thresholds), title, findings.nothing)


def compare_with(session: Session, reference: Reference, side: Side, made_of: Hashable) -> Comparison:
    """The comparison of what is shown with the reference.

    Args:
        session: the visitor's.
        reference: at the right.
        side: at the left.
        made_of: names all that decides what is at the left.
    """
    key = (made_of, reference.source, reference.stamp)
    return session.comparison.get(key, lambda: compare(side, reference.side))


def wait(words: str) -> None:
    """Say what is to come, where a picture will stand."""
    with st.container(
        key="second-to-come",
        border=True,
        height=220,
        horizontal_alignment="center",
        vertical_alignment="center",
    ):
        st.caption(words, text_alignment="center")

"""The id map's way to the viewer: a moved threshold's answer goes ahead of the page.

The script draws the page from top to bottom, and a browser works on each piece as it comes: a map sent in
its turn waits for the sidebar, here and there. A slider's callback runs before the script does, so it
notes the move, and the script begins with the map.
"""

import time
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import state, viewer
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation, Thresholds
from panoseg.tasks import Findings, Task

HEAD_START_SECONDS = 0.06
"""What a browser takes to paint a map: the rest of the page would only hold it up."""

_MOVED, _SCENE = "threshold moved", "scene"


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to threshold.

    Attributes:
        subject: names the photo, the model and the task.
    """

    photo: Photo
    subject: str
    prediction: Prediction
    task: Task


def moved() -> None:
    """Callback: a threshold, and nothing else, was changed."""
    st.session_state[_MOVED] = True


class Map:
    """The map of one run of the script, in its place on the page."""

    def __init__(self, thresholds: Thresholds) -> None:
        """Send the last scene's map at these thresholds, if they are all that was changed."""
        self._place: DeltaGenerator | None = None
        self._sent: tuple[str, Thresholds] | None = None
        scene: Scene | None = st.session_state.get(_SCENE)
        if st.session_state.pop(_MOVED, False) and scene is not None:
            self.show(scene, thresholds)
            time.sleep(HEAD_START_SECONDS)
        else:
            self._place = _make_place()

    def show(self, scene: Scene, thresholds: Thresholds) -> Findings:
        """What is found in the scene, on its way to the viewer."""
        found = state.findings(scene.subject, scene.prediction, scene.task, thresholds)
        shown = scene.subject, thresholds
        if self._sent not in (None, shown):
            st.rerun()  # something else was changed, too: from the beginning
        if self._sent is None:
            self._sent = shown
            st.session_state[_SCENE] = scene
            self._send(scene.photo, scene.subject, scene.task, found.segmentation, str(thresholds))
        return found

    def show_nothing(self, photo: Photo, subject: str, task: Task) -> None:
        """No segment at all, as long as it is open what is to be shown."""
        if self._sent is not None:
            st.rerun()
        st.session_state.pop(_SCENE, None)
        self._send(photo, subject, task, Segmentation(np.zeros(photo.size, np.int32), ()), "undecided")

    def _send(self, photo: Photo, subject: str, task: Task, segmentation: Segmentation, stamp: str) -> None:
        # Made no sooner than it is filled: a browser works on each piece of the page at once.
        with self._place or _make_place():
            viewer.show_map(photo, subject, task, segmentation, stamp, key="viewer")


def _make_place() -> DeltaGenerator:
    return st.container(key="viewer-map-place")

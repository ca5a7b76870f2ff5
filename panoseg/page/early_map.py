"""The id map's way to the viewer: a moved threshold's answer goes ahead of the page.

The script draws the page from top to bottom, and a browser works on each piece as it comes: a map sent in
its turn waits for the sidebar, here and there. A slider's callback runs before the script does, so it
notes the move, and the script begins with the map.
"""

import time
from collections.abc import Hashable

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from panoseg.page import head_starts, viewer
from panoseg.page.session import Session, current_session
from panoseg.page.subject import Scene
from panoseg.segmentation import Segmentation, Thresholds
from panoseg.tasks import Findings, find


def threshold_moved() -> None:
    """Callback: a threshold, and nothing else, was changed."""
    current_session().threshold_moved = True


def find_segments(session: Session, scene: Scene, thresholds: Thresholds) -> Findings:
    """What is found in a scene; computed again only when something that matters to its task changed."""
    task = scene.subject.task
    relevant = tuple(getattr(thresholds, name) for name in task.thresholds)
    return session.findings.get((scene.subject, relevant), lambda: find(task, scene.prediction, thresholds))


class EarlyMap:
    """The map of one run of the script, in its place on the page."""

    def __init__(self, session: Session, thresholds: Thresholds) -> None:
        """Send the last scene's map at these thresholds, if they are all that was changed."""
        self._session = session
        self._place: DeltaGenerator | None = None
        self._sent: Hashable = None
        scene, moved = session.scene, session.threshold_moved
        session.threshold_moved = False
        if moved and scene is not None:
            self.show(scene, thresholds, find_segments(session, scene, thresholds).segmentation)
            time.sleep(head_starts.MAP_SECONDS)
        else:
            self._place = _make_place()

    def show(self, scene: Scene, thresholds: Thresholds, segmentation: Segmentation) -> bool:
        """Send a map; whether the viewer has it and no other one of this run."""
        shown = scene.subject, thresholds
        if self._sent is None:
            self._sent = shown
            self._session.scene = scene
            self._send(scene, segmentation, str(thresholds))
        return self._sent == shown

    def show_nothing(self, scene: Scene) -> bool:
        """Send a map without segments while it is open what to show; whether that is all that was sent."""
        if self._sent is not None:
            return False
        self._session.scene = None
        self._send(scene, Segmentation(np.zeros(scene.photo.size, np.int32), ()), "undecided")
        return True

    def _send(self, scene: Scene, segmentation: Segmentation, stamp: str) -> None:
        # Made no sooner than it is filled: a browser works on each piece of the page at once.
        with self._place or _make_place():
            viewer.show_map(
                scene.photo, str(scene.subject), scene.subject.task, segmentation, stamp, key="viewer"
            )


def _make_place() -> DeltaGenerator:
    return st.container(key="viewer-map-place")

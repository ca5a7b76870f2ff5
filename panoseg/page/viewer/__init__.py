"""The picture with its segments, drawn in the browser (Streamlit components v2).

The photo and each payload that changes later travel as elements of their own: Streamlit does not send an
element again whose message is unchanged, so that a moved threshold costs one deflated id map. The code of
both kinds of element is not part of these messages: `routes` serves it (served_code.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import streamlit as st
from starlette.routing import Route

from panoseg.comparison import Comparison, Outcome
from panoseg.evaluation.one_picture import PictureReasons
from panoseg.merging import Candidate, Landscape
from panoseg.page.look import Look
from panoseg.page.session import current_session
from panoseg.page.shown_pictures import Source
from panoseg.page.viewer.close_up import FOLDER, close_up_routes
from panoseg.page.viewer.payloads import (
    doubt_payload,
    drawing_rules,
    landscape_payload,
    logits_bytes,
    look_payload,
    map_payload,
    outcomes_payload,
    photo_payload,
)
from panoseg.page.viewer.served_code import code_routes, component_script
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

__all__ = [
    "logits_bytes",
    "map_payload",
    "routes",
    "send_logits",
    "show_collection",
    "show_doubt",
    "show_landscape",
    "show_look",
    "show_map",
    "show_outcomes",
    "show_photo",
    "show_pictures",
]

_viewer = st.components.v2.component("panoseg_viewer", js=component_script("viewer.js"))
# An element that shows nothing and hands its payload to the viewer of that name.
_payload = st.components.v2.component("panoseg_payload", js=component_script("payload.js"))
# The same for bytes, which a component takes only as the whole of its data.
_bytes = st.components.v2.component("panoseg_bytes", js=component_script("logits_message.js"))


# The grid of a collection: it asks the server for all that it shows (page/collection/routes.py).
_collection = st.components.v2.component("panoseg_collection", js=component_script("collection.js"))


def routes() -> list[Route]:
    """What `st.App` must answer besides the page: the viewer's code, and what it asks for by itself."""
    return [*code_routes(), *close_up_routes()]


class Reports(NamedTuple):
    """What the viewer reported last, as the browser sent it: not to be relied on.

    Attributes:
        look: for `session_look`.
        picture: what was done in the filmstrip, for `picture_picker`.
    """

    look: object
    picture: object


def show_photo(photo: Photo, *, key: str, beside: str | None = None) -> Reports:
    """Mount the viewer with a photo; `show_map` and `show_look` of the same key fill it.

    Args:
        photo: to show.
        key: the viewer's.
        beside: key of the viewer that this one stands beside and moves with; it has the tools for both.

    """
    pictures = current_session().shown_pictures
    pictures.show_photo(key, photo)
    folder = f"{FOLDER}/{pictures.token}"
    data = {
        "viewer": key,
        "beside": beside,
        "photo": photo_payload(photo, f"{folder}/photo/{photo.digest}.jpg"),
        "rules": drawing_rules(),
        "close_up": folder,
    }
    # A state value reaches Python only if its callback is named, even one that has nothing to do.
    result = _viewer(key=key, data=data, on_look_change=lambda: None, on_picture_change=lambda: None)
    return Reports(result.look, result.picture)


def show_collection(payload: Mapping[str, Any], *, key: str) -> object:
    """Mount the grid of a collection; returns what it reported last, as the browser sent it.

    Args:
        payload: what modules/collection/collection.js describes.
        key: the element's.
    """
    data = {**payload, "rules": drawing_rules()}
    return _collection(key=key, data=data, on_open_change=lambda: None).open


def show_pictures(filmstrip: Mapping[str, Any], *, key: str) -> None:
    """Send the pictures that the visitor can go to: `Filmstrip.payload`."""
    _send("pictures", filmstrip, key=key)


def show_map(
    photo: Photo,
    source: str,
    task: str,
    segmentation: Segmentation,
    stamp: str,
    *,
    key: str,
    scored: bool = True,
    thresholds: Thresholds | None = None,
    candidates: Sequence[Candidate] = (),
    prediction: Prediction | None = None,
    nothing: str = "",
) -> None:
    """Send the id map, the list of segments, and what else the thresholds left.

    Args:
        photo: the one that was segmented.
        source: names the photo, the model and the task.
        task: the last of these.
        segmentation: what to show.
        stamp: tells one map of a source from the next.
        key: the viewer's.
        scored: whether the scores say anything.
        thresholds: those of the map, where the viewer's sliders move them.
        candidates: what became of each query.
        prediction: what the map was made of, where there are thresholds: near misses are listed, and the
            browser may ask about pixels.
        nothing: one sentence on why there is no segment, empty if there is one.
    """
    made_of = None
    if prediction is not None and thresholds is not None:
        made_of = Source(prediction, Task(task), thresholds, tuple(candidates))
    name = current_session().shown_pictures.show_map(key, (source, stamp, task), segmentation, made_of)
    payload = {
        "name": name,
        "explained": made_of is not None,
        "photo": photo.digest,
        "source": source,
        "task": task,
        "stamp": stamp,
        "nothing": nothing,
        **map_payload(
            segmentation,
            scored=scored,
            thresholds=thresholds,
            candidates=candidates,
            prediction=prediction if task == Task.PANOPTIC else None,
        ),
    }
    _send("map", payload, key=key)


def show_look(look: Look, other_model: str | None = None, *, key: str, styled: bool = True) -> None:
    """Send what is hidden and selected, and the style; the viewer takes it if it has nothing newer.

    The first one writes it into the address, and which model the picture is compared with. One that stands
    beside another has that one's style: to it, none is sent.
    """
    payload = look_payload(look, other_model, styled=styled)
    _send("look", payload, key=key)


def show_outcomes(
    comparison: Comparison | None,
    side: Literal["left", "right"],
    words: Mapping[Outcome, str],
    photo: Photo,
    reasons: PictureReasons | None = None,
    *,
    key: str,
) -> None:
    """Send what a comparison made of the segments at one side; None takes it away."""
    payload = None
    if comparison is not None:
        payload = outcomes_payload(comparison, side, words, photo.size, reasons)
    _send("outcomes", payload, key=key)


def show_doubt(photo: Photo, prediction: Prediction, thresholds: Thresholds | None, *, key: str) -> None:
    """Paint how sure each pixel is of its owner in place of the colours; None takes it away."""
    payload = None if thresholds is None else doubt_payload(photo, prediction, thresholds)
    _send("doubt", payload, key=key)


def show_landscape(photo: Photo, landscape: Landscape | None, *, key: str) -> None:
    """Draw what each score threshold would show behind the score's slider; None takes it away."""
    _send("landscape", None if landscape is None else landscape_payload(photo, landscape), key=key)


def send_logits(message: bytes, *, key: str) -> None:
    """Send what the browser needs to merge by itself while a threshold is moved: `logits_bytes`."""
    _bytes(key=f"{key}-logits", data=message)


def _send(topic: str, payload: Mapping[str, Any] | None, *, key: str) -> None:
    """Send what is new about a topic (modules/from_python.js) to the viewer of that key."""
    _payload(key=f"{key}-{topic}", data={"viewer": key, "topic": topic, "payload": payload})

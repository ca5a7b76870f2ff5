"""What the page remembers: predictions for everyone, the present result for each session."""

import threading
from collections.abc import Callable, Hashable
from typing import NoReturn, TypeVar

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.merging import warm_up as compile_merging
from panoseg.models import Segmenter
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Thresholds
from panoseg.tasks import Findings, Task, find
from panoseg.ui.loading import is_loaded, is_local, loading
from panoseg.ui.offers import DEMO, Offer, offers
from panoseg.ui.words import plain

T = TypeVar("T")
_SLOTS = "once"


def once(slot: str, key: Hashable, compute: Callable[[], T]) -> T:
    """`compute()`, or this session's last result in that slot if the key is the same."""
    slots = st.session_state.setdefault(_SLOTS, {})
    if slots.get(slot, (None,))[0] != key:
        slots.pop(slot, None)  # let go of the old result before the new one needs room
        keep(slot, key, compute())
    result: T = slots[slot][1]
    return result


def keep(slot: str, key: Hashable, value: object) -> None:
    """Remember a value as this session's last result in that slot."""
    st.session_state.setdefault(_SLOTS, {})[slot] = (key, value)


@st.cache_resource(max_entries=32, show_spinner=False)
def _predict(digest: str, model: str, _photo: Photo, _segmenter: Segmenter) -> Prediction:
    """One forward pass per photo and model, whoever asks."""
    return _segmenter.predict(_photo)


def predict(photo: Photo, model: str, report: Callable[[str], object]) -> Prediction:
    """The prediction, from memory if this photo has met this model before.

    Raises:
        PanosegError: the model could not be loaded or run.
    """
    segmenter = loading(model).wait(report)
    report("Finding segments…")
    try:
        return _predict(photo.digest, model, photo, segmenter)
    except PanosegError:
        raise
    except Exception as error:
        raise PanosegError("The model could not process this picture.") from error


def findings(subject: Hashable, prediction: Prediction, task: Task, thresholds: Thresholds) -> Findings:
    """What the task found; computed again only when something that matters to it changed."""
    matter = tuple(getattr(thresholds, name) for name in task.thresholds)
    return once("findings", (subject, task, matter), lambda: find(task, prediction, thresholds))


def warm_up() -> None:
    """Start loading the first model on offer and the merging's machine code before anybody waits."""
    _compile()
    if not failure(offers()[0]):
        loading(offers()[0].name)


@st.cache_resource(show_spinner=False)
def _compile() -> threading.Thread:
    thread = threading.Thread(target=compile_merging, name="compile merging", daemon=True)
    thread.start()
    return thread


def usable(wanted: Offer) -> Offer:
    """The model to go on with: the wanted one, the last that worked, or the shipped one.

    The first that is in memory; else one that needs no download; else the wanted one all the same.
    """
    working: list[Offer] = [st.session_state["working"]] if "working" in st.session_state else []
    shipped = [offer for offer in offers() if offer.name == DEMO]
    candidates = [offer for offer in (wanted, *working, *shipped) if not failure(offer)]
    loaded = (offer for offer in candidates if is_loaded(offer.name))
    local = (offer for offer in candidates if is_local(offer.name))
    return next(loaded, None) or next(local, wanted)


def failure(model: Offer) -> str:
    """Why that model could not be had in this session; empty if it was not tried or works."""
    message: str = st.session_state.get("failures", {}).get(model.name, "")
    return message


def succeed(model: Offer) -> None:
    """Remember a model that works: the one to go back to."""
    st.session_state["working"] = model


def note(model: Offer, error: PanosegError) -> None:
    """Remember why a model could not be had."""
    st.session_state.setdefault("failures", {})[model.name] = str(error)


def fail(model: Offer, error: PanosegError) -> NoReturn:
    """Go on with the model before this one, or stop with the message if there is none."""
    note(model, error)
    if usable(model).name != model.name:
        st.rerun()
    give_up(model)


def give_up(model: Offer) -> NoReturn:
    """Say why there is no model to go on with, and stop."""
    st.error(plain(failure(model)), icon=":material/error:")
    st.button("Try again", on_click=retry, args=(model.name,))
    st.stop()


def retry(name: str) -> None:
    """Callback: forget that the model failed."""
    st.session_state.get("failures", {}).pop(name, None)

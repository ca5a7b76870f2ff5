"""What the page remembers for each session: the present results, and which models could not be had."""

import threading
from collections.abc import Callable, Hashable
from typing import NoReturn, TypeVar

import streamlit as st

from panoseg.errors import PanosegError
from panoseg.merging import warm_up as compile_merging
from panoseg.models.checkpoints.size_choice import SizeChoice as InputSize
from panoseg.page.markdown import plain
from panoseg.page.model_loads import Report, is_loaded, is_local, models
from panoseg.page.model_offers import DEMO, Offer, offers
from panoseg.page.waiting import desk, wait
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Thresholds
from panoseg.tasks import Findings, Task, find

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


def predict(
    photo: Photo, model: str, report: Report, *, input_size: InputSize = "shipped", slot: str = "main"
) -> Prediction:
    """The prediction, from memory if this photo has met this model before.

    Args:
        photo: what to look at.
        model: its name.
        report: told several times a second what is being done, until the prediction is there.
        input_size: how large the network sees the photo.
        slot: what the prediction is for. A session waits for one per slot: the newest it asked for.

    Raises:
        PanosegError: the model could not be loaded or run.
    """
    return wait(photo, model, input_size, slot, report)


def give_up(slot: str) -> None:
    """Want no prediction for that slot any more."""
    desk().close(slot)


def findings(subject: Hashable, prediction: Prediction, task: Task, thresholds: Thresholds) -> Findings:
    """What the task found; computed again only when something that matters to it changed."""
    matter = tuple(getattr(thresholds, name) for name in task.thresholds)
    return once("findings", (subject, task, matter), lambda: find(task, prediction, thresholds))


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Start loading the first model on offer and the merging's machine code, once, before anybody waits."""
    models().get(offers()[0].name)
    threading.Thread(target=compile_merging, name="compile merging", daemon=True).start()


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


def fail(model: Offer, error: PanosegError) -> NoReturn:
    """Go on with the model before this one, or stop with the message if there is none."""
    note_failure(model, error)
    if usable(model).name != model.name:
        st.rerun()
    stop_without(model)


def stop_without(model: Offer) -> NoReturn:
    """Say why there is no model to go on with, and stop."""
    st.error(plain(failure(model)), icon=":material/error:")
    st.button("Try again", on_click=retry, args=(model.name,))
    st.stop()


def note_failure(model: Offer, error: PanosegError) -> None:
    """Remember why a model cannot be had, so that it is not tried again until somebody asks."""
    st.session_state.setdefault("failures", {})[model.name] = str(error)


def retry(name: str) -> None:
    """Callback: forget that the model failed."""
    st.session_state.get("failures", {}).pop(name, None)

"""Which labels are things, where only the visitor can know: asked once, never guessed.

Such a model is loaded as if all its labels were stuff, which costs one network however many visitors say
different things of it; what a visitor says changes the vocabulary of that visitor's predictions. It holds
for the visit, as nobody may decide for everybody else, unless the operator sets PANOSEG_SAVE_THINGS=1:
then it is remembered with the model. `panoseg models things` does the same from a shell.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

import panoseg
from panoseg.errors import ModelError, UnknownThingsError
from panoseg.models import Segmenter, remember_things
from panoseg.page.markdown import plain
from panoseg.page.model_offers import Offer
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.tasks import Task
from panoseg.vocabulary import Vocabulary

if TYPE_CHECKING:
    from panoseg.page.early_map import Map

Things = frozenset[int]

_loaded: dict[str, Things | None] = {}
"""Models of this process whose things nobody had said when they were loaded, and what was saved since."""
_SLOT = "chosen things"


def load(name: str, **options: Any) -> Segmenter:
    """`load_segmenter`; where nothing tells its things from stuff, all is stuff until `settle`."""
    try:
        segmenter = panoseg.load_segmenter(name, **options)
    except UnknownThingsError:
        segmenter = panoseg.load_segmenter(name, things=(), **options)
        _loaded[name] = None
    else:
        _loaded.pop(name, None)
    return segmenter


def settle(
    model: Offer, prediction: Prediction, photo: Photo, subject: str, task: Task, shown_map: Map
) -> Prediction:
    """The prediction with things told from stuff; if nobody has done so yet, ask, and end the run here.

    Args:
        photo, subject, task: as of `shown_map`, which shows no segment as long as nobody has.
    """
    told = known(model, prediction)
    if told is None:
        shown_map.show_nothing(photo, subject, task)
        _ask(model, prediction.vocabulary)
        st.stop()
    return told


def known(model: Offer, prediction: Prediction) -> Prediction | None:
    """The prediction with things told from stuff; None if nobody has done so yet."""
    if model.name not in _loaded:
        return prediction
    vocabulary = prediction.vocabulary
    chosen = _chosen(model)
    if chosen is None:
        return None
    told = Vocabulary(vocabulary.labels, chosen, vocabulary.dataset_ids)
    return replace(prediction, vocabulary=told)


def stamp(model: Offer) -> str:
    """Changes with what was said of that model's things; empty where nobody had to say it."""
    chosen = _chosen(model)
    return "" if chosen is None else ",".join(map(str, sorted(chosen)))


def offer_change(model: Offer) -> None:
    """A way back to the question, for who has answered it in this visit."""
    if model.name in st.session_state.get(_SLOT, {}):
        st.button(
            "Change its things",
            icon=":material/category:",
            on_click=_forget,
            args=(model.name,),
            width="stretch",
        )


def _chosen(model: Offer) -> Things | None:
    said: dict[str, Things] = st.session_state.get(_SLOT, {})
    return said.get(model.name, _loaded.get(model.name))


def _ask(model: Offer, vocabulary: Vocabulary) -> None:
    with st.form("things", border=True):
        st.markdown(f"**Which of the labels of {plain(model.title)} are countable things?**")
        st.caption(
            "Things come one by one, such as a person or a car; everything else is stuff, such as sky or "
            "road. The model does not say, and panoseg does not guess."
        )
        chosen = st.multiselect(
            "Things",
            range(len(vocabulary)),
            format_func=vocabulary.labels.__getitem__,
            placeholder="None: all is stuff",
            label_visibility="collapsed",
            key="things-chosen",
        )
        if st.form_submit_button("Use these as things", type="primary"):
            _say(model, frozenset(chosen))
        st.caption(
            "Kept with the model, for everybody."
            if _saves()
            else "Holds for this visit; the operator of this server can make it stay."
        )


def _say(model: Offer, things: Things) -> None:
    if _saves():
        try:
            remember_things(model.name, things)
        except ModelError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        _loaded[model.name] = things
    else:
        st.session_state.setdefault(_SLOT, {})[model.name] = things
    st.rerun()


def _forget(name: str) -> None:
    """Callback: ask again."""
    st.session_state[_SLOT].pop(name)


def _saves() -> bool:
    return os.environ.get("PANOSEG_SAVE_THINGS", "") == "1"

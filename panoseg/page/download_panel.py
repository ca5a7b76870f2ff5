"""A model that is not at hand yet: the question, the progress and the way back, while the page goes on."""

from collections.abc import Callable

import streamlit as st

from panoseg.models.downloads.hub import Snapshot
from panoseg.models.downloads.progress import megabytes
from panoseg.page import panels, sidebar, state
from panoseg.page.markdown import plain
from panoseg.page.model_loads import Loading, is_loaded, is_local, models
from panoseg.page.model_offers import Offer

_POLL_SECONDS = 0.5
_AWAITED = "awaited"


def watch(wanted: Offer, model: Offer) -> bool:
    """Show how the wanted model comes, if it is not the one in use; whether there is anything to show.

    Only this part of the page runs again meanwhile, and all of it once the model is there.
    """
    if wanted == model and is_local(model.name):  # then the page itself waits for it
        state.keep(_AWAITED, None, None)
        return False
    return _watch(_AWAITED, wanted, model, lambda: sidebar.use_model(model.name))


def watch_beside(wanted: Offer, leave: Callable[[], object]) -> bool:
    """The same for a second model, beside the one in use; `leave` is called where it is cancelled."""
    return not is_local(wanted.name) and _watch(f"{_AWAITED} beside", wanted, None, leave)


def require(model: Offer) -> None:
    """Go on only with a model that is at hand; otherwise the page ends here for now."""
    if is_loaded(model.name) or is_local(model.name):
        return
    if state.failure(model):
        state.stop_without(model)
    st.stop()


def _watch(slot: str, wanted: Offer, model: Offer | None, leave: Callable[[], object]) -> bool:
    if is_loaded(wanted.name) or state.failure(wanted):
        state.keep(slot, None, None)
        return False
    # The same one until its end was seen: a failed load is not on the shelf any more.
    coming = state.once(slot, wanted.name, lambda: models().get(wanted.name))
    st.fragment(_show, run_every=_POLL_SECONDS)(slot, coming, wanted, model, leave)
    return True


def _show(
    slot: str, coming: Loading, wanted: Offer, model: Offer | None, leave: Callable[[], object]
) -> None:
    coming.watch(_visitor())
    if coming.over:
        state.keep(slot, None, None)
        if coming.error is not None:
            state.note_failure(wanted, coming.error)
        st.rerun()
    words, action = panels.notice()
    buttons = action.container(horizontal=True)
    if coming.question is not None:
        words.markdown(_question(wanted, coming.question))
        buttons.button(
            "Download", key=f"{slot} download", on_click=coming.agree, type="primary", width="stretch"
        )
    else:
        words.progress(coming.step.fraction or 0.0, text=plain(str(coming.step)))
    if wanted == model and coming.step.total is None:
        return  # there is neither a download to stop nor a model to go back to
    if buttons.button("Cancel", key=f"{slot} cancel", width="stretch"):
        coming.leave(_visitor())
        state.keep(slot, None, None)
        leave()
        st.rerun()


def _question(wanted: Offer, download: Snapshot) -> str:
    size = f"{megabytes(download.size)} MB"
    if download.missing < download.size:
        size += f" ({megabytes(download.missing)} MB still missing)"
    licence = (
        f"licence {download.licence}" if download.licence else "its licence stands on its page on the hub"
    )
    return f"**{plain(wanted.title)}** is {size}, {plain(licence)}. Download it from the Hugging Face hub?"


def _visitor() -> object:
    """Something that only this session has."""
    return st.session_state.setdefault("visitor", object())

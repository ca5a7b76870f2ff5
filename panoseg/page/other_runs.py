"""The same picture in another run: which runs have it, and what the chosen one says of it."""

import streamlit as st

from panoseg.collection.told import told
from panoseg.errors import PanosegError, RunError
from panoseg.page.collection.desk import desk
from panoseg.page.kept_prediction import KeptPrediction, read_kept
from panoseg.page.session import Session
from panoseg.photo import Photo

_MOST = 50
"""Runs that are looked into, once for each picture."""

Found = tuple[tuple[str, str, int], ...]
"""Id and title of each run, and the picture's position in it."""


def choose_other_run(session: Session, photo: Photo) -> KeptPrediction | str:
    """What another run says of the picture, or why there is nothing, in a sentence.

    Pictures are the same if their names in both runs and, where both tell, their pixels are.
    """
    kept = session.kept
    if kept is None:
        return "Open a picture of a collection; what another collection says of it stands here."
    try:
        name = desk().open(kept.run)[1].item(kept.position).name
    except RunError as error:
        return told(error)
    others = tuple(each.id for each in desk().shelf.shared()[:_MOST] if each.id != kept.run)
    key = photo.digest, name, others
    having = session.runs_with_it.get(key, lambda: _runs_with(name, photo, others))
    found = {run: (title, position) for run, title, position in having}
    if not found:
        return "No other collection here has this picture."
    chosen = st.selectbox(
        "Other collection",
        list(found),
        format_func=lambda run: found[run][0],
        label_visibility="collapsed",
        key="other-run",
        bind="query-params",
    )
    run = chosen if chosen in found else next(iter(found))
    position = found[run][1]
    try:
        return session.other_run.get(
            (run, position, photo.digest), lambda: read_kept(*desk().open(run), position, photo.digest)
        )
    except PanosegError as error:
        return told(error)


def _runs_with(name: str, photo: Photo, runs: tuple[str, ...]) -> Found:
    found = []
    for run in runs:
        try:
            shelved, opened = desk().open(run)
            row = opened.run.find(name).row
        except RunError:
            continue
        if not row.sha256 or row.sha256 == photo.digest:
            found.append((run, shelved.title, row.position))
    return tuple(found)

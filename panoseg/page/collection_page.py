"""The Collection page: a bar, and one component that asks the server for everything else by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from panoseg.collection.overview import SORTS
from panoseg.collection.shelf import DEMO_ID, picture_folders
from panoseg.collection.told import told
from panoseg.errors import PanosegError
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.page import pages, runs, viewer
from panoseg.page.collection.desk import desk
from panoseg.page.collection.own_runs import ARCHIVES, models_at_hand
from panoseg.page.collection.quality import annotation_beside
from panoseg.page.collection.routes import FOLDER
from panoseg.page.header import set_up
from panoseg.page.kept_prediction import name_of, run_of
from panoseg.page.login import let_in
from panoseg.page.look import Look, changed_thresholds
from panoseg.page.navigation import PICTURE_NAME, RUN_NAME, address_of
from panoseg.page.picture_picker import first_photo
from panoseg.page.session import Session, begin_session
from panoseg.runs.sources import PICTURE_SUFFIXES
from panoseg.settings import settings
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

_LONGEST_KEY = 64


def page() -> None:
    """One run of the page."""
    with runs.run("run"):
        set_up()
        if let_in():
            _show_page()


def _show_page() -> None:
    session = begin_session(first_photo)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**panoseg** :gray[Collection]")
        with st.container(key="to-picture", width="content"):
            pages.link(pages.PICTURE, "Picture", ":material/image:", address_of(session))
    # The widgets of the page of pictures are forgotten while they are not drawn: its address restores them.
    session.address = {}
    session.collection = _run_in_address()
    report = viewer.show_collection(_payload(session), key="collection")
    if opened := _opened(session, report):
        pages.go_to(pages.PICTURE, opened)


def _run_in_address() -> str:
    """The run that the address names.

    On its way to a picture Streamlit leaves an entry in the browser's history that has this page's path
    and the picture's name: Back leads there.
    """
    named = st.query_params.get(RUN_NAME)
    return named or run_of(st.query_params.get(PICTURE_NAME, "")) or DEMO_ID


def _payload(session: Session) -> dict[str, Any]:
    """What the component has to know, in plain JSON types (modules/collection/collection.js)."""
    chosen = settings()
    return {
        "folder": f"{FOLDER}/{session.collections.token}",
        "run": session.collection,
        "thresholds": _values((session.look or Look()).thresholds),
        "sorts": [{"name": name, "title": title} for name, title in SORTS.items()],
        "tasks": [task.value for task in Task],
        "formats": [
            {"name": name, "title": each.title, "help": each.help, "measures": each.measures}
            for name, each in RUN_FORMATS.items()
        ],
        "making": {
            "pictures": chosen.run_pictures,
            "megabytes": chosen.run_mb,
            "suffixes": [*PICTURE_SUFFIXES, *ARCHIVES],
            "models": [{"name": each.public_name, "title": each.title} for each in models_at_hand()],
            "folders": [title for title, _ in picture_folders(chosen.pictures)],
        },
    }


def _values(thresholds: Thresholds) -> dict[str, float]:
    return {"score": thresholds.score, "mask": thresholds.mask, "overlap": thresholds.overlap}


def _opened(session: Session, report: object) -> dict[str, str]:
    """The address of the picture that was opened, if that is news; nothing of a report is to be relied on."""
    if not isinstance(report, Mapping) or not isinstance(number := report.get("number"), int):
        return {}
    if number <= session.collection_heard:
        return {}
    session.collection_heard = number
    run, position = report.get("run"), report.get("position")
    if not isinstance(run, str) or not isinstance(position, int) or isinstance(position, bool):
        return {}
    look = session.look or Look()
    thresholds = changed_thresholds(look.thresholds, report.get("thresholds"))
    key = report.get("key")
    session.selects = (key[:_LONGEST_KEY],) if isinstance(key, str) else ()
    session.look = replace(look, thresholds=thresholds)
    task = report.get("task")
    if report.get("beside") is True and task == Task.PANOPTIC:
        _put_beside(session, run[:64], position, thresholds)
    parameters = {PICTURE_NAME: name_of(run[:64], position)}
    if task in [each.value for each in Task] and task != Task.PANOPTIC:
        parameters["task"] = str(task)
    return parameters


def _put_beside(session: Session, run: str, position: int, thresholds: Thresholds) -> None:
    """Have the picture that is opened stand beside its annotation; without one, it stands alone."""
    try:
        files = annotation_beside(desk(), run, position, thresholds)
    except PanosegError as error:
        session.annotation_files, session.annotation_error = None, told(error)
        session.has_new_annotation = True
        return
    if files is not None:
        session.annotation_files, session.annotation_error = files, ""
        session.has_new_annotation = True

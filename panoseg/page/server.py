"""The page's server: what stands around it, and what it does before anybody has come."""

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

import panoseg
from panoseg import events
from panoseg.hosting import hosts, library_logs, probes
from panoseg.hosting.admission import Admission, Doors
from panoseg.hosting.figures import CountedAnswers, Figures, Now
from panoseg.hosting.headers import SecurityHeaders, inline_script_hashes, script_hash
from panoseg.hosting.hosts import Hosts
from panoseg.hosting.log import Log
from panoseg.hosting.page_additions import PageAdditions
from panoseg.hosting.pieces import Pieces
from panoseg.hosting.stopping import stopping_gently
from panoseg.merging import warm_up as compile_merging
from panoseg.page import filmstrip, header, pauses, picture_picker, runs, viewer
from panoseg.page.collection import collection_routes
from panoseg.page.decoders import decoders, end_decoders
from panoseg.page.departures import departures
from panoseg.page.guards import guards
from panoseg.page.login import check_login_or_exit
from panoseg.page.model_offers import is_open, offers
from panoseg.page.model_service import model_service
from panoseg.page.streamlit_sessions import keep_answers
from panoseg.page.viewer.photo_file import forget_photo_files, photo_file
from panoseg.patient_threads import take_short_turns, wait_patiently
from panoseg.serving.readiness import Readiness
from panoseg.settings import settings
from panoseg.start_check import check_settings_or_exit

_SERVER_PAUSE_SECONDS = 5.0
_PAGE = Path(st.__file__).parent / "static/index.html"


def checked_options() -> dict[str, Any]:
    """What the page's `st.App` takes beside its script; a wrong setting ends all with one sentence."""
    wait_patiently()
    take_short_turns()
    check_settings_or_exit()
    check_login_or_exit()
    chosen = settings()
    if is_open() and chosen.models is None:
        # Strangers choose what is here already: nothing is fetched for them, newer versions neither.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    base = _base()
    css = "\n".join(path.read_text(encoding="utf-8") for path in header.STYLES)
    script = header.SCRIPT.read_text(encoding="utf-8")
    return {
        "lifespan": lifespan,
        "routes": [
            *viewer.routes(),
            *collection_routes(),
            *probes.routes(
                why_unready, _figures() if chosen.metrics_token else None, chosen.metrics_token, base
            ),
        ],
        "middleware": [
            Middleware(Pieces),
            Middleware(CountedAnswers),
            Middleware(
                SecurityHeaders,
                frames=chosen.frames,
                https=chosen.https,
                scripts=[*inline_script_hashes(_PAGE), script_hash(script)],
            ),
            Middleware(Hosts, hosts=hosts.names_of(_address(), chosen.hosts), base=base),
            Middleware(Admission, doors=doors(), uploads_per_minute=chosen.uploads_per_minute, base=base),
            *guards(),
            Middleware(PageAdditions, css=css, script=script),
        ],
        "on_script_error": _note_error,
    }


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Start what decodes, draw the first picture, then answer; load the first model while nobody asks."""
    events.listen(_log())
    if settings().metrics_token:
        events.listen(_figures())
    library_logs.take_over()
    keep_answers()
    events.note("start", version=panoseg.__version__, models=len(offers()), open=is_open())
    decoders()
    looking = asyncio.create_task(departures.keep_looking(_let_go_of_pictures))
    await asyncio.to_thread(_draw_first_picture)
    threading.Thread(target=_load_first_model, name="warm up", daemon=True).start()
    try:
        with stopping_gently(_close, _busy):
            yield
    finally:
        looking.cancel()
        end_decoders()
        events.note("stop", outcome="ok")
        for listener in (_log(), _figures()):
            events.ignore(listener)


def warm_up() -> None:
    """Load the first model on offer and the merging's machine code, before anybody waits."""
    compiling = threading.Thread(target=_import_and_compile, name="compile merging", daemon=True)
    compiling.start()
    _readiness().try_out(picture_picker.first_photo(), compiling.join)
    compile_merging()  # what is left: an evaluation's, which the first picture does not wait for


def why_unready() -> str:
    """Why nobody should be sent to this server, in a sentence; empty where they should."""
    return doors().closed or _readiness().why_not


@cache
def doors() -> Doors:
    """Who is inside."""
    return Doors(settings().max_sessions)


def forget() -> None:
    """Begin anew, as nobody is inside: for tests."""
    for made in (doors, _readiness, _figures, _log):
        made.cache_clear()


@cache
def _readiness() -> Readiness:
    return Readiness(model_service(), offers()[0].name)


@cache
def _figures() -> Figures:
    return Figures(_now)


@cache
def _log() -> Log:
    return Log(settings().log)


def _now() -> Now:
    service = model_service()
    queues = service.queues()
    waiting = sum(queue.waiting for queue in queues)
    return Now(doors().inside, waiting, service.cache.nbytes, len(queues))


def _note_error(error: Exception) -> None:
    events.note("error", where="page", outcome=type(error).__name__, cause=events.cause(error))


def _close() -> None:
    doors().closing = True


def _busy() -> bool:
    return runs.any_running() or any(queue.busy for queue in model_service().queues())


def _base() -> str:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}" if base else ""


def _address() -> str | None:
    address: str | None = st.get_option("server.address")
    return address


def _let_go_of_pictures() -> None:
    """Nobody is here any more for whom they were kept; but the next one's first picture comes soon."""
    model_service().cache.clear()
    forget_photo_files()
    _draw_first_picture()


def _draw_first_picture() -> None:
    photo = picture_picker.first_photo()
    photo_file(photo.digest, photo.pixels)
    filmstrip.draw_thumbnails()


def _import_and_compile() -> None:
    # Streamlit looks for data frames in all that a part of the page is sent, and imports it for that.
    import_module("pandas")
    compile_merging(counting=False)


def _load_first_model() -> None:
    if settings().server is None:
        time.sleep(pauses.FIRST_VISIT_SECONDS)
    warm_up()
    while settings().server is not None and not _readiness().tried:  # it may start after the page
        time.sleep(_SERVER_PAUSE_SECONDS)
        _readiness().try_out(picture_picker.first_photo())

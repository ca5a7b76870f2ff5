"""Runs that visitors make: files come in, stand in line, are predicted; all of it bounded."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from itertools import islice
from pathlib import Path, PurePosixPath

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from panoseg.collection.jobs import Job
from panoseg.collection.shelf import MOST_BYTES, Shelved, picture_folders
from panoseg.errors import InvalidValueError, RunError
from panoseg.hosting.numbers import number
from panoseg.hosting.places import Place, Places, SlowError
from panoseg.page.collection.arrivals import IDLE_SECONDS, Arrivals
from panoseg.page.collection.desk import desk
from panoseg.page.collection.visitors import MOST_NEW_RUNS
from panoseg.page.model_offers import Offer, offers
from panoseg.page.model_service import model_service
from panoseg.runs.archive_bounds import ArchiveLimits
from panoseg.runs.archives import members
from panoseg.runs.sources import PICTURE_SUFFIXES, find_pictures
from panoseg.runs.writing import holds_a_run
from panoseg.settings import settings

ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz")

MOST_MEMBERS = 20_000
"""Files in an archive, of which a run takes a few hundred; others may be annotations and words."""

MOST_LIST_BYTES = 4 * 2**20
"""Of a zip archive's list: of so many files with usual names."""

MOST_TIMES_UNPACKED = 4
"""What a tar archive may unpack to, of what the files of a run may take: pictures hardly shrink."""

MOST_STARTED_AT_ONCE = 2

_KINDS = (*PICTURE_SUFFIXES, *ARCHIVES)
_NEW = {"Cache-Control": "no-store"}
_NAME_BYTES = 200  # of the 255 that file systems take
_LOOK_BYTES = 16 * 2**20  # of a file, after which it is looked again what others take
_FULL = "Visitors' runs take all the room of this server at the moment; try again later."
_arrivals = Arrivals()
_coming = Places(MOST_BYTES)


def models_at_hand() -> list[Offer]:
    """The models with which a run can be made at once: none is downloaded for one."""
    return [each for each in offers() if each.is_local or model_service().is_loaded(each.name)]


async def begin(request: Request) -> Response:
    """A place for a new run; its id.

    Raises:
        RunError: this visit began enough of them, or there is no room.
    """
    visitor = request.state.visitor
    if not settings().run_pictures:
        raise RunError("On this server visitors make no runs.")
    visitor.begun = [run for run in visitor.begun if desk().shelf.find(run) is not None]
    if len(visitor.begun) + visitor.beginning >= MOST_NEW_RUNS:
        raise RunError(f"One visit may have {MOST_NEW_RUNS} runs; remove one first.")
    title = " ".join(request.query_params.get("title", "").split())[:80] or "My pictures"
    visitor.beginning += 1
    try:
        shelved = await run_in_threadpool(_new, title)
    finally:
        visitor.beginning -= 1
    visitor.begun.append(shelved.id)
    return JSONResponse({"id": shelved.id}, headers=_NEW)


async def take_file(request: Request) -> Response:
    """A picture or an archive for a run that was not started yet, straight onto the disk.

    Raises:
        RunError: it is not the visitor's, has begun, or has no room for it.
    """
    shelved = _own(request)
    touch = partial(desk().shelf.touch, shelved)  # a file may take longer than an idle run is kept
    touch()
    name = PurePosixPath(request.path_params["name"].replace("\\", "/")).name[-120:]
    if not name.lower().endswith(_KINDS):
        raise InvalidValueError(f"“{name[:60]}” is neither a picture nor a zip or tar archive.")
    folder = desk().shelf.pictures(shelved)
    length = request.headers.get("content-length", "")
    size = number(length)
    if size is None:
        raise InvalidValueError(f"“{name[:60]}” came without its length.")
    bounds = {"most_files": settings().run_pictures, "most_bytes": settings().run_mb * 2**20}
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        with _arrivals.expect(shelved.id, folder, size, **bounds):
            async with _coming.take(0) as place:
                assert place is not None  # noqa: S101 - it takes nothing yet
                await _write(request, part, size, place, touch)
            os.replace(part, _unused(folder, name))
    except SlowError:
        raise RunError("The file came too slowly, and others need its room; try again.") from None
    except OSError as error:
        raise RunError(f"The file could not be kept ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return JSONResponse({}, headers=_NEW)


async def start(request: Request) -> Response:
    """Have a run made, or gone on with.

    Raises:
        RunError: it is not the visitor's, holds no picture or too many, or too many are in line.
    """
    if request.path_params["run"] == desk().shelf.demo.id:
        await run_in_threadpool(desk().begin_demo)
        return JSONResponse({"state": "waiting"}, headers=_NEW)
    # A few at a time: archives are looked into, and whoever starts many of them takes no thread from others.
    asked = dict(request.query_params)
    job = await to_thread.run_sync(_start, _own(request), asked, limiter=_starting())
    return JSONResponse({"state": job.state}, headers=_NEW)


async def stop(request: Request) -> Response:
    """Stop a run of the visitor's at its next picture."""
    shelved = _own(request)
    job = desk().jobs.find(shelved.id)
    if job is not None:
        job.stop()
    return JSONResponse({}, headers=_NEW)


async def remove(request: Request) -> Response:
    """Take a run of the visitor's away, with its pictures.

    Raises:
        RunError: it is not the visitor's, or is being made.
    """
    shelved = _own(request)
    job = desk().jobs.find(shelved.id)
    if job is not None and job.state in ("waiting", "running"):
        raise RunError("This run is being made; stop it first.")
    desk().opened.forget(shelved.folder)
    await run_in_threadpool(desk().shelf.remove, shelved)
    return JSONResponse({}, headers=_NEW)


@cache
def _starting() -> CapacityLimiter:
    return CapacityLimiter(MOST_STARTED_AT_ONCE)


@cache
def _measuring() -> CapacityLimiter:
    return CapacityLimiter(1)


def _own(request: Request) -> Shelved:
    """A visitor's own run: whoever knows its id, which nobody can guess, may go on with it after a reload."""
    shelved = desk().shelf.find(request.path_params["run"])
    if shelved is None or shelved.kind != "own":
        raise RunError("This run is not yours to change.")
    return shelved


def _new(title: str) -> Shelved:
    return desk().shelf.new(title, busy=desk().jobs.busy_folders())


def _start(shelved: Shelved, asked: dict[str, str]) -> Job:
    model = next((each.name for each in models_at_hand() if each.public_name == asked.get("model")), None)
    if holds_a_run(shelved.folder):
        model = desk().opened.open(shelved.folder).run.header.model
        job = Job(shelved.id, shelved.folder, [], model, retry=asked.get("retry") == "1")
        return desk().jobs.add(job)
    if model is None:
        raise RunError("This model is not here; choose another.")
    most = settings().run_pictures
    try:
        parts = _parts(_source(shelved, asked))
        count = sum(1 for _ in islice(find_pictures(parts), most + 1))
    except FileNotFoundError as error:
        raise RunError("These pictures were taken away meanwhile.") from error
    if count > most:
        raise RunError(f"There are more than {most} pictures, which is as many as a run may have here.")
    return desk().jobs.add(Job(shelved.id, shelved.folder, parts, model))


def _source(shelved: Shelved, asked: dict[str, str]) -> Path:
    """The files that came, or one of the operator's folders by its number."""
    if not asked.get("folder"):
        return desk().shelf.pictures(shelved)
    folders = picture_folders(settings().pictures)
    place = number(asked["folder"])
    if place is None or place >= len(folders):
        raise RunError("This folder is not here any more.")
    return folders[place][1]


def _parts(folder: Path) -> list[Path]:
    """A folder's pictures, and the archives in it one by one.

    Raises:
        SourceError: an archive cannot be read, or holds more than one of a visitor's may.
    """
    found = sorted(p for p in folder.iterdir() if p.name.lower().endswith(ARCHIVES))
    limits = ArchiveLimits(MOST_MEMBERS, MOST_LIST_BYTES, MOST_TIMES_UNPACKED * settings().run_mb * 2**20)
    for archive in found:
        members(archive, limits)
    has_pictures = any(p.name.lower().endswith(PICTURE_SUFFIXES) for p in folder.iterdir())
    return [folder, *found] if has_pictures or not found else found


async def _taken(wanted: int = 0) -> int:
    """Bytes of all visitors' runs, of as many as they may have, once room was made for so many."""
    return MOST_BYTES - await to_thread.run_sync(_room, wanted, limiter=_measuring())


def _room(wanted: int) -> int:
    shelf = desk().shelf
    shelf.make_room(wanted, busy=desk().jobs.busy_folders())
    return shelf.room()


async def _write(request: Request, path: Path, size: int, place: Place, touch: Callable[[], object]) -> None:
    """The body of a request to a file, as it comes.

    Args:
        request: whose body it is.
        path: of the file.
        size: that was announced.
        place: of the file, among all that come.
        touch: called with each piece.

    Raises:
        RunError: it does not come, is longer than was said, or has no room.
    """
    taken = await _taken(size)
    if taken + size > MOST_BYTES:
        raise RunError(_FULL)
    written = looked = 0
    pieces = aiter(request.stream())
    try:
        with path.open("wb") as file:
            while True:
                with place.waiting():
                    piece = await asyncio.wait_for(anext(pieces, b""), IDLE_SECONDS)
                if not piece:
                    break
                place.moved(len(piece))
                if place.has_stalled:
                    raise TimeoutError
                touch()
                written += len(piece)
                if written > size:
                    raise RunError("The file is longer than was said.")
                if written - looked > _LOOK_BYTES:
                    looked, taken = written, await _taken()
                if not _coming.grow(place, len(piece), taken):
                    raise RunError(_FULL)
                await run_in_threadpool(file.write, piece)
    except (ClientDisconnect, TimeoutError):
        raise RunError("The file did not come.") from None


def _unused(folder: Path, name: str) -> Path:
    """Where a visitor's file of that name is kept: a number tells it from those that are called so already.

    Names of visitors never become paths. Of this one stay letters and digits, as many of the last as disks
    take, and which kind of file it is.
    """
    kind = max((each for each in _KINDS if name.lower().endswith(each)), key=len)
    letters = "".join(each if each.isalnum() or each in "-_. " else "_" for each in name[: -len(kind)])
    stem = letters.encode()[-_NAME_BYTES:].decode(errors="ignore").strip(". ") or "picture"
    path, count = folder / f"{stem}{kind}", 2
    while path.exists():
        path, count = folder / f"{stem}-{count}{kind}", count + 1
    return path

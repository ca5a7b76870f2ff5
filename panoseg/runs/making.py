"""`make_run`: pictures → a run on disk, from its beginning or from where it was left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from panoseg.errors import InvalidValueError, RunError, SourceError, sentence_of
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.photo import Photo
from panoseg.runs.asked_model import Asked, Described, Load
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger, Row
from panoseg.runs.listing import list_pictures
from panoseg.runs.pipeline import Outcome, Pipeline, in_groups
from panoseg.runs.records import encode_prediction
from panoseg.runs.remote import PuttingBack, working_folder
from panoseg.runs.run import Run
from panoseg.runs.sources import Source, find_pictures
from panoseg.runs.stores import is_url
from panoseg.runs.writer_lock import WriterLock
from panoseg.runs.writing import (
    NotWritableError,
    Progress,
    RunProgress,
    RunWriter,
    holds_a_run,
    make_run_folder,
)
from panoseg.setting_values import EngineName

if TYPE_CHECKING:
    from panoseg.runs.on_ray import RayOptions

_VERSIONS_OF = ("panoseg", "torch", "transformers", "openvino", "numpy", "pillow")

Decode = Callable[[bytes, str], Photo]


def make_run(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str] = (),
    *,
    store: str | os.PathLike[str],
    model: str | Segmenter | None = None,
    input_size: SizeChoice | None = None,
    engine: EngineName = "auto",
    batch: int | None = None,
    things: Iterable[str | int] | None = None,
    keep_pictures: bool | None = None,
    retry: bool = False,
    progress: Progress | None = None,
    problem: Callable[[SourceError], object] | None = None,
    load: Load | None = None,
    decode: Decode | None = None,
    ray: RayOptions | str | None = None,
) -> Run:
    """Predict many pictures and keep what the network said; or go on where that was left.

    A picture that fails is noted in the run and ends nothing. Whatever ends the process, what was predicted
    stays, and the same call goes on from there: the run is then the same, byte for byte, as one that was
    never interrupted.

    Args:
        paths: files, folders (with those below), patterns, zip and tar archives. New ones are put behind
            those that the run has; without any, it goes on with what it has.
        store: the run's folder, made if need be.
        model: "demo" (the default), a hub id, a folder, or a segmenter; the run's own where there is one.
        input_size, engine: as of `load_segmenter` and `Segmenter.predict`; the run's own where there is one.
        batch: pictures in a forward pass; the segmenter's by default.
        things: as of `load_segmenter`.
        keep_pictures: put the pictures' files into the run, too; by default it only knows where they lie.
        retry: try once more what failed before.
        progress: called at the start, and in another thread after each picture.
        problem: called with what is wrong with one of the paths, which is then left out.
        load: makes the segmenter of a model's name, in place of `load_segmenter`; it is told how passes are
            to share the cores.
        decode: opens a picture's bytes, called so, in place of `open_photo`; for strangers' pictures
            `panoseg.decoding.Decoders().open_photo`, which a file cannot break or hold up for long.
        ray: spread the work with Ray Data: a cluster's address, "" for one on this machine as long as it
            takes, or `RayOptions`. Then the model is a name; and folders are the same for every machine, or
            lie on object storage (`store="s3://bucket/run"`, pictures likewise).

    Raises:
        SourceError: a folder or an archive without a picture, or a pattern that fits nothing.
        ModelError: the model cannot be loaded, or is another than the run's.
        RunBusyError: another process is writing to this run.
        RunError: the folder holds something else, a damaged or newer run, or one that was made in another
            way; or there is no room left.
    """
    if is_url(store) and ray is None:
        raise RunError(f"{store!r} is on object storage, where runs are made with Ray (--ray).")
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = list(find_pictures(given, problem))
    try:
        with ExitStack() as stack:
            folder, existing = _begun(stack, store, sources)
            asked = Asked(model, engine, things, load, input_size, existing)
            way = _Here(asked, decode) if ray is None else _on_ray(stack, ray, asked, store)
            header = _header(way.described(), existing, input_size, batch, keep_pictures)
            if existing is None:
                header.write(folder)
            else:
                existing.check_same(header, folder)
            ledger = stack.enter_context(closing(Ledger(folder, write=True)))
            list_pictures(ledger, sources)
            if retry:
                ledger.wait_again(ledger.positions("failed"))
            follow = _followed(stack, folder, store, progress or _ignore)
            way.predict(folder, ledger, existing or header, follow)
    except OSError as error:
        raise NotWritableError(store, error) from error
    return Run(store)


def _begun(
    stack: ExitStack, store: str | os.PathLike[str], sources: list[Source]
) -> tuple[Path, Header | None]:
    """The run's folder, locked as long as the stack lasts, and the header of a run that is there already."""
    folder = stack.enter_context(working_folder(store))
    existing = _existing(folder, store)
    if existing is None and not sources:
        raise RunError(f"There is no run in {str(store)!r} yet, and no picture to make it of.")
    make_run_folder(folder)
    stack.enter_context(WriterLock(folder))
    return folder, existing


def _followed(stack: ExitStack, folder: Path, store: str | os.PathLike[str], progress: Progress) -> Progress:
    """The progress; on object storage the ledger is put back after it, and when the stack ends."""
    if is_url(store):
        return stack.enter_context(PuttingBack(folder, str(store), progress))
    return progress


def _existing(folder: Path, store: str | os.PathLike[str]) -> Header | None:
    existing = Header.read(folder) if holds_a_run(folder) else None
    if existing is not None and existing.holds != "predictions":
        raise RunError(
            f"The run in {str(store)!r} holds results of others ({existing.model}); nothing can be added."
        )
    return existing


class Way(Protocol):
    """How a run's pictures are predicted: here, or on Ray."""

    def described(self) -> Described:
        """What the model is; it is loaded for that."""
        ...

    def predict(self, folder: Path, ledger: Ledger, header: Header, progress: Progress) -> None:
        """Predict what waits in the ledger, and write it down."""
        ...


class _Here:
    """In this process; a `Way`."""

    def __init__(self, asked: Asked, decode: Decode | None) -> None:
        self._segmenter = asked.segmenter()
        self._decode = decode

    def described(self) -> Described:
        return Described.of(self._segmenter)

    def predict(self, folder: Path, ledger: Ledger, header: Header, progress: Progress) -> None:
        with RunWriter(folder, ledger, header, progress) as writer:
            pipeline = Pipeline[Row](
                self._segmenter,
                lambda row: (Source(row.name, row.place, row.member).read(), PurePosixPath(row.name).name),
                lambda outcomes: writer.settle([_settled(outcome) for outcome in outcomes]),
                input_size=header.input_size,
                batch=header.batch,
                keep_content=header.keeps_pictures,
                decode=self._decode,
                encode=encode_prediction,
            )
            # Cut by position: so that the same pictures share a forward pass in every sitting.
            pipeline.run(in_groups(ledger.waiting(), lambda row: row.position // header.batch))


def _on_ray(stack: ExitStack, ray: RayOptions | str, asked: Asked, store: str | os.PathLike[str]) -> Way:
    """On a cluster that the stack leaves."""
    from panoseg.runs.on_ray import OnRay, RayOptions, cluster

    options = RayOptions(ray) if isinstance(ray, str) else ray
    return OnRay(stack.enter_context(cluster(options)), options, asked, store)


def _settled(outcome: Outcome[Row]) -> tuple[Row, bytes | None, bytes | None]:
    height, width = outcome.size
    row = replace(
        outcome.source,
        state="failed",
        error=sentence_of(outcome.error or ""),
        sha256=outcome.sha256,
        bytes=outcome.bytes,
        height=height,
        width=width,
        seconds=outcome.seconds,
    )
    if outcome.record is None:
        return row, None, None
    return row, outcome.record, outcome.content


def _header(
    model: Described,
    existing: Header | None,
    input_size: SizeChoice | None,
    batch: int | None,
    keep_pictures: bool | None,
) -> Header:
    """What the run of this model says of itself; what was not said is as in the run that is there."""
    if batch is not None and batch < 1:
        raise InvalidValueError(f"batch: wanted at least 1 picture, got {batch}.")
    before = existing or Header("", model.vocabulary, batch=model.batch)
    return Header(
        model=model.name,
        vocabulary=model.vocabulary,
        revision=model.revision,
        weights_sha256=model.weights_sha256,
        engine=model.engine,
        precision=model.precision,
        device=model.device,
        input_size=before.input_size if input_size is None else input_size,
        batch=before.batch if batch is None else batch,
        threads=model.threads,
        keeps_pictures=before.keeps_pictures if keep_pictures is None else keep_pictures,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Of what makes a prediction, as far as it is installed."""
    found = {}
    for name in _VERSIONS_OF:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _ignore(progress: RunProgress) -> None:
    """The progress of callers who want to know of none."""

"""`make_run`: pictures → a run on disk, from its beginning or from where it was left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath

from panoseg.errors import InvalidValueError, RunError, SourceError
from panoseg.models import Segmenter, load_segmenter
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.models.forward_pass import SideBySide, usable_cores
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger, Row
from panoseg.runs.listing import list_pictures
from panoseg.runs.pipeline import Outcome, Pipeline, in_groups
from panoseg.runs.records import encode_prediction
from panoseg.runs.run import Run
from panoseg.runs.sources import Source, find_pictures
from panoseg.runs.writer_lock import WriterLock
from panoseg.runs.writing import (
    Progress,
    RunProgress,
    RunWriter,
    holds_a_run,
    make_run_folder,
    not_writable,
)
from panoseg.settings import EngineName

_VERSIONS_OF = ("panoseg", "torch", "transformers", "openvino", "numpy", "pillow")
_ROWS_AT_ONCE = 512

Load = Callable[[str, SideBySide], Segmenter]


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

    Raises:
        SourceError: a folder or an archive without a picture, or a pattern that fits nothing.
        ModelError: the model cannot be loaded, or is another than the run's.
        RunBusyError: another process is writing to this run.
        RunError: the folder holds something else, a damaged or newer run, or one that was made in another
            way; or there is no room left.
    """
    folder = Path(store)
    existing = Header.read(folder) if holds_a_run(folder) else None
    if existing is not None and existing.holds != "predictions":
        raise RunError(
            f"The run in {str(folder)!r} holds results of others ({existing.model}); nothing can be added."
        )
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = list(find_pictures(given, problem))
    if existing is None and not sources:
        raise RunError(f"There is no run in {str(folder)!r} yet, and no picture to make it of.")
    make_run_folder(folder)
    with WriterLock(folder):
        side_by_side = _side_by_side(existing, input_size)
        segmenter = _segmenter(model, existing, engine, things, load, side_by_side)
        header = _header(segmenter, existing, input_size, batch, keep_pictures)
        if existing is None:
            header.write(folder)
        else:
            existing.check_same(header, folder)
            header = existing
        ledger = Ledger(folder, write=True)
        try:
            list_pictures(ledger, sources)
            if retry:
                ledger.wait_again(ledger.positions("failed"))
            with RunWriter(folder, ledger, header, progress or _ignore) as writer:
                _predict_waiting(ledger, header, segmenter, writer)
        except OSError as error:
            raise not_writable(folder, error) from error
        finally:
            ledger.close()
    return Run(folder)


def _predict_waiting(ledger: Ledger, header: Header, segmenter: Segmenter, writer: RunWriter) -> None:
    pipeline = Pipeline[Row](
        segmenter,
        lambda row: (Source(row.name, row.place, row.member).read(), PurePosixPath(row.name).name),
        lambda outcomes: writer.settle([_settled(outcome) for outcome in outcomes]),
        input_size=header.input_size,
        batch=header.batch,
        keep_content=header.keeps_pictures,
    )
    # Cut by position: so that the same pictures share a forward pass in every sitting.
    pipeline.run(in_groups(_waiting(ledger), lambda row: row.position // header.batch))


def _waiting(ledger: Ledger) -> Iterator[Row]:
    position = -1
    while rows := ledger.rows("waiting", position, _ROWS_AT_ONCE):
        yield from rows
        position = rows[-1].position


def _settled(outcome: Outcome[Row]) -> tuple[Row, bytes | None, bytes | None]:
    height, width = outcome.size
    row = replace(
        outcome.source,
        state="failed",
        error=" ".join(str(outcome.error or "").split()),
        sha256=outcome.sha256,
        bytes=outcome.bytes,
        height=height,
        width=width,
        seconds=outcome.seconds,
    )
    if outcome.prediction is None:
        return row, None, None
    return row, encode_prediction(outcome.prediction), outcome.content


def _segmenter(
    model: str | Segmenter | None,
    existing: Header | None,
    engine: EngineName,
    things: Iterable[str | int] | None,
    load: Load | None,
    side_by_side: SideBySide,
) -> Segmenter:
    if model is not None and not isinstance(model, (str, os.PathLike)):
        return model
    name = str(model or (existing.model if existing else "demo"))
    if load is not None:
        return load(name, side_by_side)
    if existing is not None and existing.engine in ("torch", "openvino") and engine == "auto":
        engine = "torch" if existing.engine == "torch" else "openvino"
    return load_segmenter(name, engine=engine, things=things, steady=True, side_by_side=side_by_side)


def _side_by_side(existing: Header | None, input_size: SizeChoice | None) -> SideBySide:
    """Many pictures: each pass on one core, as a rule, and as many passes as there are cores.

    A run that is there goes on with as many threads a pass as it began with.
    """
    if existing is None:
        return SideBySide(input_size or "shipped")
    return SideBySide(existing.input_size, existing.threads or usable_cores())


def _header(
    segmenter: Segmenter,
    existing: Header | None,
    input_size: SizeChoice | None,
    batch: int | None,
    keep_pictures: bool | None,
) -> Header:
    """What the run of this segmenter says of itself; what was not said is as in the run that is there."""
    if batch is not None and batch < 1:
        raise InvalidValueError(f"batch: wanted at least 1 picture, got {batch}.")
    before = existing or Header("", segmenter.vocabulary, batch=segmenter.batch)
    return Header(
        model=segmenter.name,
        vocabulary=segmenter.vocabulary,
        revision=segmenter.revision,
        weights_sha256=getattr(segmenter, "weights_sha256", ""),
        engine=getattr(segmenter, "engine", ""),
        precision=getattr(segmenter, "precision", ""),
        device=segmenter.device.partition(":")[0],
        input_size=before.input_size if input_size is None else input_size,
        batch=before.batch if batch is None else batch,
        threads=getattr(segmenter, "threads", 0),
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

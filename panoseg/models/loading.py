"""`load_segmenter`: from a name to something that predicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from panoseg.errors import InvalidValueError, ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.remembered_things import save_things
from panoseg.models.downloads import hub
from panoseg.models.downloads.progress import Progress, Step
from panoseg.models.engines.choice import load_engine
from panoseg.models.engines.engine import Precision
from panoseg.models.forward_pass import SideBySide, lanes
from panoseg.models.network_segmenter import NetworkSegmenter
from panoseg.models.remote.address import ServerAddress, is_address
from panoseg.models.remote.remote_segmenter import connect
from panoseg.models.segmenter import Segmenter
from panoseg.setting_values import EngineName
from panoseg.settings import settings

DEMO = "demo"
DEMO_FOLDER = Path(__file__).parents[1] / "demo" / "weights"

MEMORY_PER_WEIGHT = 1.3
FORWARD_PASS_BYTES = 2**30
"""What a network needs beside its weights, generously: they are read in pieces, and it has to run."""


def load_segmenter(
    name: str | os.PathLike[str] = DEMO,
    *,
    device: str | None = None,
    engine: EngineName = "auto",
    precision: Precision = "float32",
    revision: str | None = None,
    things: Iterable[str | int] | None = None,
    progress: Progress | None = None,
    ask: hub.Ask | None = None,
    make_room: Callable[[int], object] | None = None,
    steady: bool = False,
    token: str | None = None,
    side_by_side: SideBySide | None = None,
) -> Segmenter:
    """Load a checkpoint of Mask2Former or its relatives, downloading it first where that is needed.

    Args:
        name: "demo" for the model that comes with panoseg; a folder written by `save_pretrained`;
            a hub id such as "facebook/mask2former-swin-tiny-coco-panoptic"; or the address of a model
            server, https://HOST for its first model or https://HOST/v1/models/NAME. A folder of that
            name goes before a hub id; a path object is always a folder.
        device: "cpu", "cuda", "cuda:1" or "mps"; None takes the fastest that is there.
        engine: "torch" on any device, or "openvino" on a CPU, which converts the network before the first
            photo of each input size. "auto" takes torch on a GPU and for a small network, else OpenVINO
            where it is installed, and then torch serves while networks are converted.
        precision: "float32", or "bfloat16" or (torch only) "float16": faster on hardware that knows them,
            with logits that are off by tenths.
        revision: branch, tag or commit of a hub id; None is its main branch.
        things: the labels (or class ids) that are countable things, for a checkpoint whose data set
            panoseg does not know; see `panoseg.models.checkpoints.data_sets`. They hold for this segmenter;
            `remember_things` makes them stay.
        progress: called with a `Step` before each thing that takes time, and with each piece of a
            download. What it raises ends the loading; a download goes on from there the next time.
        ask: called before weights are downloaded, with a `hub.Snapshot` that tells size, licence and
            folder; False is no. Without it, they are downloaded.
        make_room: called with the bytes of memory that loading and running it takes, before it does;
            and, on a CPU, with those of each forward pass, which False refuses.
        token: what a model server asks for; by default what PANOSEG_TOKEN holds. Of the other options, only
            `things` means something there, and the precision "float16", in which its logits then travel.
        steady: one engine from the first photo to the last: where "auto" takes OpenVINO, the first photo
            waits for the conversion. So the same photo gives the same prediction at any time.
        side_by_side: on a CPU, several forward passes at once, each on cores of its own, in place of one on
            all of them: a picture takes longer, and more of them come through. Only who calls from several
            threads gains by it.

    Returns:
        A segmenter that threads may share.

    Raises:
        UnknownThingsError: nothing tells things from stuff; it carries the labels.
        ModelServerError: a model server cannot be reached, refuses, or has no such model.
        ModelError: in one sentence for the user: no network, an unknown, private or gated id, a
            missing folder, damaged or foreign files, no labels, no such device, no OpenVINO, too
            little memory.
        InvalidValueError: no such engine or precision, or a device or precision that the engine lacks.

    >>> load_segmenter("no/such/folder")
    Traceback (most recent call last):
        ...
    panoseg.errors.ModelError: There is no folder 'no/such/folder'.
    """
    report = progress or _ignore
    if is_address(name):
        return _connect(str(name), device, engine, precision, revision, things, report, token)
    checkpoint = _locate(name, revision, things, report, ask)
    report(Step("Loading the network"))
    if make_room is not None:
        make_room(round(MEMORY_PER_WEIGHT * checkpoint.weights_bytes) + FORWARD_PASS_BYTES)
    engine_in_use = load_engine(
        checkpoint, device, engine, precision, steady=steady, lanes=lanes(checkpoint, side_by_side)
    )
    return NetworkSegmenter(checkpoint, engine_in_use, make_room)


def _connect(
    name: str,
    device: str | None,
    engine: EngineName,
    precision: Precision,
    revision: str | None,
    things: Iterable[str | int] | None,
    report: Progress,
    token: str | None,
) -> Segmenter:
    if device is not None or engine != "auto" or revision is not None or precision == "bfloat16":
        raise InvalidValueError(
            "device, engine, revision and precision: a model server chooses its own; only the precision "
            "float16 can be asked for, in which logits then travel."
        )
    address = ServerAddress.read(name)
    report(Step(f"Asking {address.host}"))
    return connect(
        address,
        token or settings().token,
        things=things,
        precision="half" if precision == "float16" else "full",
    )


def look_up(
    name: str | os.PathLike[str],
    *,
    revision: str | None = None,
    things: Iterable[str | int] | None = None,
    progress: Progress | None = None,
) -> Checkpoint:
    """What a checkpoint says about itself, its weights neither downloaded nor read.

    Args and errors are those of `load_segmenter`.
    """
    return _locate(name, revision, things, progress or _ignore, weights=False)


def remember_things(
    name: str | os.PathLike[str],
    things: Iterable[str | int],
    *,
    revision: str | None = None,
    progress: Progress | None = None,
) -> Checkpoint:
    """Say once for all which labels of a checkpoint are countable things: `look_up`, and write it down.

    Args:
        things: labels or class ids; empty where all of it is stuff.

    Raises:
        ModelError: as `load_segmenter`; the choice cannot be written.
    """
    checkpoint = look_up(name, revision=revision, things=things, progress=progress)
    save_things(checkpoint.name, checkpoint.vocabulary)
    return checkpoint


def pull(
    name: str,
    *,
    revision: str | None = None,
    progress: Progress | None = None,
    ask: hub.Ask | None = None,
) -> hub.Snapshot:
    """Get a checkpoint into the download cache without loading it, and check what is there already.

    Args:
        name: a hub id.
        revision, progress, ask: as of `load_segmenter`.

    Returns:
        Where it is.

    Raises:
        ModelError: as `load_segmenter`, as far as that can be known without loading the weights.
    """
    report = progress or _ignore
    if not hub.is_hub_id(name):
        raise ModelError(f"{name[:80]!r} is no hub id; they look like owner/name.")
    report(Step(f"Looking up {name}"))
    snapshot = hub.fetch_settings(name, revision)
    # Which classes are things can still be said when it is loaded.
    checkpoint = Checkpoint.read(snapshot.folder, name, snapshot.commit, things=())
    hub.fetch_weights(snapshot, report, ask, check=True)
    checkpoint.check_weights()
    return snapshot


def _locate(
    name: str | os.PathLike[str],
    revision: str | None,
    things: Iterable[str | int] | None,
    report: Progress,
    ask: hub.Ask | None = None,
    *,
    weights: bool = True,
) -> Checkpoint:
    given = os.fspath(name)
    if isinstance(name, str) and hub.is_hub_id(given) and not os.path.isdir(given):
        report(Step(f"Looking up {given}"))
        snapshot = hub.fetch_settings(given, revision)
        # Read before the weights come: what cannot be run need not be downloaded.
        checkpoint = Checkpoint.read(snapshot.folder, given, snapshot.commit, things)
        if weights:
            hub.fetch_weights(snapshot, report, ask)
        return checkpoint
    if revision is not None:
        raise ModelError(f"Only a hub id has revisions; {given[:80]!r} is none.")
    if name == DEMO:
        return Checkpoint.read(DEMO_FOLDER, DEMO, things=things)
    folder = os.path.expanduser(given)
    if os.path.isdir(folder):
        return Checkpoint.read(Path(folder), Path(folder).resolve().name, things=things)
    if not isinstance(name, str) or given.count("/") > 1 or given.startswith((".", "/", "~", "\\")):
        raise ModelError(f"There is no folder {given[:200]!r}.")
    raise ModelError(
        f"{given[:80]!r} is no model: name {DEMO!r}, a folder, or a hub id, which looks like owner/name."
    )


def _ignore(step: Step) -> None:
    """The progress of callers who want to know of none."""

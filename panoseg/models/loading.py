"""`load_segmenter`: from a name to something that predicts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from panoseg.errors import ModelError
from panoseg.models import hub
from panoseg.models.checkpoint import Checkpoint
from panoseg.models.engine import Precision
from panoseg.models.engines import EngineName, load_engine
from panoseg.models.network_segmenter import NetworkSegmenter
from panoseg.models.segmenter import Progress, Segmenter

DEMO = "demo"
DEMO_FOLDER = Path(__file__).parents[1] / "demo" / "weights"


def load_segmenter(
    name: str | os.PathLike[str] = DEMO,
    *,
    device: str | None = None,
    engine: EngineName = "auto",
    precision: Precision = "float32",
    revision: str | None = None,
    things: Iterable[str | int] | None = None,
    progress: Progress | None = None,
) -> Segmenter:
    """Load a Mask2Former checkpoint, downloading it first where that is needed.

    Args:
        name: "demo" for the model that comes with panoseg; a folder written by `save_pretrained`;
            or a hub id such as "facebook/mask2former-swin-tiny-coco-panoptic". A folder of that
            name goes before a hub id; a path object is always a folder.
        device: "cpu", "cuda", "cuda:1" or "mps"; None takes the fastest that is there.
        engine: "torch" on any device, or "openvino" on a CPU, which converts the network before the first
            photo of each input size. "auto" takes torch on a GPU and for a small network, else OpenVINO
            where it is installed, and then torch serves while networks are converted.
        precision: "float32", or "bfloat16" or (torch only) "float16": faster on hardware that knows them,
            with logits that are off by tenths.
        revision: branch, tag or commit of a hub id; None is its main branch.
        things: the labels (or class ids) that are countable things, for a checkpoint whose data set
            panoseg does not know; see `panoseg.models.vocabularies`.
        progress: called with a short sentence before each step that takes time.

    Returns:
        A segmenter that threads may share.

    Raises:
        ModelError: in one sentence for the user: no network, an unknown, private or gated id, a
            missing folder, damaged or foreign files, no labels, nothing that tells things from
            stuff, no such device, no OpenVINO, too little memory.
        InvalidValueError: no such engine or precision, or a device or precision that the engine lacks.

    >>> load_segmenter("no/such/folder")
    Traceback (most recent call last):
        ...
    panoseg.errors.ModelError: There is no folder 'no/such/folder'.
    """
    tell = progress or _silence
    checkpoint = _locate(name, revision, things, tell)
    tell("Loading the network …")
    return NetworkSegmenter(checkpoint, load_engine(checkpoint, device, engine, precision))


def _locate(
    name: str | os.PathLike[str],
    revision: str | None,
    things: Iterable[str | int] | None,
    tell: Progress,
) -> Checkpoint:
    given = os.fspath(name)
    if isinstance(name, str) and hub.is_hub_id(given) and not os.path.isdir(given):
        tell(f"Looking up {given} …")
        snapshot = hub.fetch_settings(given, revision)
        # Read before the weights come: what cannot be run need not be downloaded.
        checkpoint = Checkpoint.read(snapshot.folder, given, snapshot.commit, things)
        hub.fetch_weights(snapshot, tell)
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


def _silence(sentence: str) -> None:
    """Tell nobody."""

"""What Ray's processes do: tasks that read and prepare, actors that predict and write, tasks that seal.

Nothing here imports Ray: these are functions and classes that it calls.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from panoseg.decoding import Decoders
from panoseg.decoding.network_pictures import NetworkPictures, pixels_or_refusal
from panoseg.errors import PanosegError, sentence_of
from panoseg.models import Segmenter, load_segmenter, look_up
from panoseg.models.forward_pass import SideBySide
from panoseg.models.network_segmenter import PreparedPhoto
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.runs.asked_model import Described, Load
from panoseg.runs.header import Header
from panoseg.runs.ledger import Row
from panoseg.runs.on_ray.pieces import Carried, Piece, Seen, ShrunkPhoto, pack, seen_to_json, unpack
from panoseg.runs.passes import forward
from panoseg.runs.records import encode_prediction
from panoseg.runs.shards import END, member, picture_name, record_name, shard_file
from panoseg.runs.sources import Source
from panoseg.runs.stores import open_store
from panoseg.setting_values import EngineName

POISON = "It ended the process that looked at it, several times; it breaks the model or needs more memory."


@dataclass(frozen=True)
class Job:
    """What every process has to know.

    Attributes:
        store: the run's folder, the same for every machine, or URL.
        model, engine, things: as of `load_segmenter`.
        header: the run's; None before there is one.
        load: makes the segmenter of a model's name, in place of `load_segmenter`.
    """

    store: str
    model: str
    engine: EngineName
    side_by_side: SideBySide
    things: tuple[str | int, ...] | None = None
    header: Header | None = None
    load: Load | None = None

    @property
    def known(self) -> Header:
        """The header, once there is one."""
        if self.header is None:
            raise RuntimeError("The header is not known yet.")
        return self.header

    def segmenter(self) -> Segmenter:
        """Load the model, as every actor does."""
        one = self.side_by_side._replace(most=1)
        if self.header is not None and self.header.threads:
            one = one._replace(threads=self.header.threads)
        if self.load is not None:
            return self.load(self.model, one)
        return load_segmenter(
            self.model, engine=self.engine, things=self.things, steady=True, side_by_side=one
        )


def describe(job: Job) -> Described | str:
    """Load the model once where it will run, and say what it is; or why it cannot be loaded."""
    try:
        segmenter = job.segmenter()
    except PanosegError as error:
        return str(error)
    return Described.of(segmenter)


# --- read, decode, prepare ---


def prepare(item: dict[str, Any], job: Job) -> dict[str, Any]:
    """A piece with all that the network needs of its pictures; one that fails takes nothing with it."""
    piece = Piece.from_json(item["piece"])
    return {**item, "pictures": pack([_prepared(row, job) for row in piece.rows])}


def _prepared(row: Row, job: Job) -> Carried:
    seen = Seen(row.position)
    try:
        content = Source(row.name, row.place, row.member).read()
        seen = replace(seen, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        name = PurePosixPath(row.name).name
        kept = content if job.known.keeps_pictures else None
        if job.load is not None:
            photo = _decoders().open_photo(content, name=name)
            return replace(seen, height=photo.size[0], width=photo.size[1]), photo, kept
        policy = _policy(job)
        size, pixels = _network_pictures().open(content, name=name, policy=policy)
        seen = replace(seen, height=size[0], width=size[1])
        return seen, ShrunkPhoto(pixels_or_refusal(pixels, size, policy), size), kept
    except PanosegError as error:
        return replace(seen, error=sentence_of(error)), None, None


@cache
def _decoders() -> Decoders:
    """A process that decodes for this one: a file that breaks a decoder breaks nothing else."""
    return Decoders(1)


@cache
def _network_pictures() -> NetworkPictures:
    """The same, and it hands over no more of a picture than the network sees."""
    return NetworkPictures(1)


_policies: dict[tuple[object, ...], Any] = {}


def _policy(job: Job) -> Any:
    """How the checkpoint wants its pictures; its weights are not read."""
    header = job.known
    key = (job.model, header.input_size, header.engine)
    if key not in _policies:
        policy = look_up(job.model, things=header.vocabulary.things).policy.at(header.input_size)
        _policies[key] = policy.of_few_sizes() if header.engine == "openvino" else policy
    return _policies[key]


# --- network ---


class Attempts:
    """Who keeps count of pieces whose process ended: an actor of its own, which outlives it.

    Where a piece was begun before and never ended, its pictures are watched one by one; one that a process
    ended over twice is left out.
    """

    def __init__(self) -> None:
        self._begun: dict[str, int] = {}
        self._at: dict[str, int] = {}
        self._blamed: dict[int, int] = {}

    def begin(self, piece: str) -> tuple[bool, list[int]]:
        """Whether to be careful, and which positions to leave out."""
        tries = self._begun.get(piece, 0)
        self._begun[piece] = tries + 1
        if (position := self._at.pop(piece, None)) is not None:
            self._blamed[position] = self._blamed.get(position, 0) + 1
        return tries > 0, [position for position, count in self._blamed.items() if count > 1]

    def at(self, piece: str, position: int) -> None:
        """This picture is about to be looked at."""
        self._at[piece] = position

    def end(self, piece: str) -> None:
        """All of it is written."""
        self._begun.pop(piece, None)
        self._at.pop(piece, None)


class Predicting:
    """An actor: pieces in, a file per piece into the store, names and numbers out. Threads may share it.

    Args:
        job: what it works on.
        ask: calls a method of `Attempts` and waits for its answer.

    Raises:
        RuntimeError: the weights here are not those of the run.
    """

    def __init__(self, job: Job, ask: Callable[..., Any]) -> None:
        self._job = job
        self._ask = ask
        self._store = open_store(job.store)
        # Whoever is watched is watched alone: where two were, a process that ends would tell of neither.
        self._watching = threading.Lock()
        self._segmenter = job.segmenter()
        found = getattr(self._segmenter, "weights_sha256", "")
        if found != job.known.weights_sha256:
            raise RuntimeError(f"The weights on this machine are others (sha256 {found[:12]} …).")

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """One piece or more; see `panoseg.runs.on_ray.pieces`."""
        texts = [str(text) for text in batch["piece"]]
        seen = [
            self._piece(Piece.from_json(text), bytes(pictures))
            for text, pictures in zip(texts, batch["pictures"], strict=True)
        ]
        return {"piece": texts, "seen": [seen_to_json(each) for each in seen]}

    def _piece(self, piece: Piece, pictures: bytes) -> list[Seen]:
        careful, poison = self._ask("begin", piece.file)
        with self._watching if careful else nullcontext():
            seen, content = self._predicted(piece, pictures, careful=careful, poison=poison)
        self._store.write(piece.file, content)
        self._ask("end", piece.file)
        return seen

    def _predicted(
        self, piece: Piece, pictures: bytes, *, careful: bool, poison: list[int]
    ) -> tuple[list[Seen], bytes]:
        """What is known of each picture of a piece, and the piece's file."""
        carried = unpack(pictures, [PurePosixPath(row.name).name for row in piece.rows])
        batch = self._job.known.batch
        seen: list[Seen] = []
        content = bytearray()
        for group in _passes(carried, batch):
            outcomes = self._predict(piece, group, careful=careful, poison=poison)
            for (known, _, file), (result, seconds) in zip(group, outcomes, strict=True):
                name = piece.rows[len(seen)].name
                seen.append(_written(known, name, result, seconds, file, content))
        return seen, bytes(content)

    def _predict(
        self, piece: Piece, group: list[Carried], *, careful: bool, poison: list[int]
    ) -> list[tuple[Prediction | str, float]]:
        """For each picture its prediction or what failed, and the seconds that its share took."""
        outcomes: list[tuple[Prediction | str, float]] = [(known.error, 0.0) for known, _, _ in group]
        sound: dict[int, ShrunkPhoto | Photo] = {}
        for index, (known, photo, _) in enumerate(group):
            if known.position in poison:
                outcomes[index] = (POISON, 0.0)
            elif photo is not None:
                sound[index] = photo
        if careful:  # one by one, before they are looked at together as they must be
            for index, photo in sound.items():
                self._ask("at", piece.file, group[index][0].position)
                if len(sound) > 1:
                    self._forward([photo])
        if sound:
            start = time.perf_counter()
            results = self._forward(list(sound.values()))
            share = (time.perf_counter() - start) / len(sound)
            for index, result in zip(sound, results, strict=True):
                outcomes[index] = (sentence_of(result) if isinstance(result, PanosegError) else result, share)
        return outcomes

    def _forward(self, photos: list[ShrunkPhoto | Photo]) -> list[Prediction | PanosegError]:
        inputs = [self._input(photo) for photo in photos]
        return forward(self._segmenter, inputs, self._job.known.input_size)

    def _input(self, photo: ShrunkPhoto | Photo) -> PreparedPhoto | Photo:
        """What `forward` takes: colours are normalised here, so that a quarter of the bytes travels."""
        if isinstance(photo, Photo):
            return photo
        return PreparedPhoto(_policy(self._job).of_content(*photo), photo.image_size)


def _passes(carried: list[Carried], batch: int) -> list[list[Carried]]:
    """Pictures that share a forward pass, by their positions."""
    groups: list[list[Carried]] = []
    for each in carried:
        if groups and groups[-1][0][0].position // batch == each[0].position // batch:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _written(
    known: Seen, name: str, result: Prediction | str, seconds: float, file: bytes | None, content: bytearray
) -> Seen:
    if isinstance(result, str):
        return replace(known, error=result or "The model gave no answer.")
    record = encode_prediction(result)
    content += member(record_name(known.position), record)
    if file is not None:
        content += member(picture_name(known.position, name), file)
    return replace(
        known,
        record_length=len(record),
        record_sha256=hashlib.sha256(record).hexdigest(),
        picture_length=0 if file is None else len(file),
        seconds=seconds,
    )


# --- shards ---


def seal(store: str, shard: int, end: int, pieces: list[str]) -> str:
    """Write a shard whole: what it holds up to `end` bytes, then its new pieces; or say why it cannot be."""
    files = open_store(store)
    name = shard_file(shard)
    try:
        content = bytearray(files.read(name, 0, end)) if end else bytearray()
        if len(content) != end:
            return f"{name} is shorter than the ledger says"
        for piece in pieces:
            content += files.read(piece)
        if content:
            files.write(name, bytes(content + END))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def forget(store: str, pieces: list[str]) -> None:
    """Delete pieces that stand in a shard by now; what cannot be deleted is in nobody's way."""
    files = open_store(store)
    for piece in pieces:
        try:
            files.delete(piece)
        except OSError:
            continue

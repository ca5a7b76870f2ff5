"""A run written shard by shard, each into a folder of its own: by one process, or by many that share nothing.

out/000000/panoptic.json, out/000000/panoptic/…, out/000001/…; and, where it is wanted, out/panoptic.json
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panoseg.errors import RunError
from panoseg.export.data_sets.data_set import Spool
from panoseg.export.measurements import PixelSize
from panoseg.export.sinks import FolderSink
from panoseg.runs.export_places import export_to
from panoseg.runs.exporting import Exported, check_formats
from panoseg.runs.reading import RunReader
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds

JOINED = {"coco-panoptic": "panoptic.json", "coco-instances": "instances.json"}
"""The formats of which the shards' files become one, and what that is called."""


@dataclass(frozen=True, slots=True)
class ShardExport:
    """What every process has to know; see `export_to`.

    Attributes:
        store: the run's folder or URL.
        pictures: as of `open_run`.
        place: the folder that a folder per shard is made in.
    """

    store: str
    place: str
    formats: tuple[str, ...]
    thresholds: Thresholds | None = None
    task: Task = Task.PANOPTIC
    pixel_size: PixelSize | None = None
    pictures: str | None = None

    def folder(self, shard: int) -> Path:
        """A shard's."""
        return Path(self.place) / f"{shard:06d}"


Spread = Callable[[ShardExport, Sequence[int]], Iterable[tuple[int, Exported]]]
"""Has `export_shard` called for each shard, and gives what came of it, in any order."""


def export_by_shard(
    run: RunReader,
    wanted: ShardExport,
    *,
    join: bool = False,
    spread: Spread | None = None,
    progress: Callable[[Exported], object] = lambda _: None,
) -> Exported:
    """Write a run shard by shard.

    Args:
        run: open, to see which shards there are.
        wanted: what is written, and where.
        join: write one JSON for all shards, too, in the formats of `JOINED`.
        spread: in place of this process, one shard after the other.
        progress: called with what came of each shard.

    Returns:
        The sums of all shards.

    Raises:
        InvalidValueError, OSError: as `export_to`.
        RunError: as `spread`.
    """
    chosen = check_formats(wanted.formats)
    if not run.has_thresholds and (wanted.thresholds is not None or wanted.task is not Task.PANOPTIC):
        run.refuse_thresholds()
    shards = run.shards()
    found: dict[int, Exported] = {}
    for shard, exported in (spread or _one_by_one)(wanted, shards):
        found[shard] = exported
        progress(exported)
    if join:
        for name in chosen:
            if name in JOINED:
                _join(wanted, name, shards, alone=len(chosen) == 1)
    return _sum(found[shard] for shard in shards)


def export_shard(wanted: ShardExport, shard: int, threads: int | None = None) -> Exported:
    """Write one shard into its folder; threads are those of `export_to`.

    Raises:
        InvalidValueError, OSError: as `export_to`.
    """
    with RunReader(wanted.store, pictures=wanted.pictures) as run:
        return export_to(
            run,
            wanted.formats,
            wanted.folder(shard),
            wanted.thresholds,
            wanted.task,
            pixel_size=wanted.pixel_size,
            items=run.of_shard(shard),
            threads=threads,
        )


def _one_by_one(wanted: ShardExport, shards: Sequence[int]) -> Iterator[tuple[int, Exported]]:
    for shard in shards:
        yield shard, export_shard(wanted, shard)


def _sum(parts: Iterable[Exported]) -> Exported:
    whole = Exported()
    for part in parts:
        whole.pictures += part.pictures
        whole.failures += part.failures
        for name, losses in part.losses.items():
            whole.losses[name] = whole.losses.get(name, Counter()) + losses
    return whole


def _join(wanted: ShardExport, name: str, shards: Sequence[int], *, alone: bool) -> None:
    """One JSON whose pictures and annotations are numbered anew; masks are named from where it lies."""
    file = JOINED[name]
    below = "" if alone else f"{name}/"
    images, annotations = Spool(",\n"), Spool(",\n")
    categories: list[Any] = []
    last_image = last_annotation = 0
    for shard in shards:
        part = _read(wanted.folder(shard) / below / file)
        categories = part["categories"]
        for image in part["images"]:
            images.add(_text({**image, "id": image["id"] + last_image}))
        for annotation in part["annotations"]:
            moved = {**annotation, "image_id": annotation["image_id"] + last_image}
            if "file_name" in annotation:
                moved["file_name"] = f"{shard:06d}/{below}panoptic/{annotation['file_name']}"
            else:
                moved["id"] = annotation["id"] + last_annotation
            annotations.add(_text(moved))
        last_image += len(part["images"])
        last_annotation += len(part["annotations"])

    def pieces() -> Iterator[bytes]:
        yield b'{"images": [\n'
        yield from images.pieces()
        yield b'\n],\n"annotations": [\n'
        yield from annotations.pieces()
        yield b'\n],\n"categories": '
        yield _text(categories).encode() + b"}\n"

    FolderSink(Path(wanted.place)).write_pieces(file, pieces())


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise RunError(f"{str(path)!r}, which a worker wrote, cannot be read ({error}).") from error


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)

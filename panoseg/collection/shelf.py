"""Which runs there are to look at: the operator's, the demo collection, and those that visitors made."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from panoseg.errors import RunError
from panoseg.runs.header import HEADER_FILE
from panoseg.settings import Settings

DEMO_ID = "demo"
MOST_RUNS = 500
"""Of the operator's that are listed."""

KEPT_SECONDS = 24 * 3600
"""How long a visitor's run is kept after anybody looked at it last."""

MOST_BYTES = 8 * 2**30
"""Of all visitors' runs together, or half of the disk's room; those not looked at for longest go."""

IDLE_SECONDS = 600.0
"""After which one that nobody has looked at makes room for others, and goes if it was never started."""

_LOOK_SECONDS = 5.0
"""Between two looks at the disk."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_SAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Shelved:
    """A run that may be looked at.

    Attributes:
        id: what a link calls it; that of a visitor's run cannot be guessed.
        title: what people read.
        folder: where it lies, or will.
        kind: whose it is.
    """

    id: str
    title: str
    folder: Path
    kind: Literal["demo", "shared", "own"]


class Shelf:
    """The runs of a server; threads may share it.

    Args:
        settings: of the process.
        clock: seconds since 1970.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._folders = settings.runs
        self._own = settings.cache / "collections"
        self._clock = clock
        self._lock = threading.Lock()
        # Not the same: the loop that serves everybody looks for runs, and to measure many takes seconds.
        self._measuring = threading.Lock()
        self._shared: dict[str, Shelved] = {}
        self._looked = -1.0
        self._measured: tuple[float, int] | None = None
        self._tidied = -_LOOK_SECONDS
        self.demo = Shelved(DEMO_ID, "Demo collection", settings.cache / "demo-collection" / "run", "demo")

    def shared(self) -> list[Shelved]:
        """The demo collection and the operator's runs, by title; the disk is looked at every few seconds."""
        with self._lock:
            if self._looked < 0 or self._clock() - self._looked > _LOOK_SECONDS:
                self._looked = self._clock()
                self._shared = {each.id: each for each in _find_runs(self._folders)}
            return [self.demo, *self._shared.values()]

    def find(self, run: str) -> Shelved | None:
        """A run by its id; None if there is no such one."""
        for each in self.shared():
            if each.id == run:
                return each
        if not _TOKEN.fullmatch(run):
            return None
        folder = self._own / run
        return Shelved(run, _title(folder), folder / "run", "own") if folder.is_dir() else None

    def new(self, title: str, busy: Sequence[Path] = ()) -> Shelved:
        """A place for a visitor's run, for which old ones go.

        Args:
            title: what people read.
            busy: see `tidy`.

        Raises:
            RunError: there is no room, or it cannot be made.
        """
        self.tidy(busy=busy)
        token = secrets.token_urlsafe(16)
        folder = self._own / token
        try:
            (folder / "pictures").mkdir(parents=True, mode=0o700)
            (folder / "title.txt").write_text(title[:100], encoding="utf-8")
        except OSError as error:
            raise RunError(f"This server cannot keep a run at the moment ({error.strerror}).") from error
        return Shelved(token, title[:100], folder / "run", "own")

    def pictures(self, shelved: Shelved) -> Path:
        """Where the files of a visitor's run lie."""
        return shelved.folder.parent / "pictures"

    def remove(self, shelved: Shelved) -> None:
        """Take a visitor's run away, with its pictures."""
        if shelved.kind == "own":
            shutil.rmtree(shelved.folder.parent, ignore_errors=True)

    def touch(self, shelved: Shelved) -> None:
        """Somebody looks at it: it is kept for longer."""
        if shelved.kind == "own":
            with suppress(OSError):
                os.utime(shelved.folder.parent)

    def room(self, most_bytes: int = MOST_BYTES) -> int:
        """Bytes that visitors' runs may take more than they do; the disk is looked at every few seconds."""
        with self._measuring:
            now = self._clock()
            if self._measured is None or now - self._measured[0] > _LOOK_SECONDS:
                total = bytes_below(self._own)
                try:
                    free = shutil.disk_usage(self._own).free
                except OSError:
                    return 0
                self._measured = now, min(most_bytes, (free + total) // 2) - total
            return self._measured[1]

    def make_room(self, wanted: int, most_bytes: int = MOST_BYTES, busy: Sequence[Path] = ()) -> None:
        """Have runs that nobody looks at make room for so many bytes, where there is none.

        The disk is looked at every few seconds.

        Args:
            wanted: of a file that comes.
            most_bytes, busy: see `tidy`.
        """
        now = self._clock()
        if self.room(most_bytes) < wanted and now - self._tidied > _LOOK_SECONDS:
            self._tidied = now
            self.tidy(most_bytes, busy, wanted)
            with self._measuring:
                self._measured = None

    def tidy(self, most_bytes: int = MOST_BYTES, busy: Sequence[Path] = (), wanted: int = 0) -> None:
        """Take away visitors' runs that nobody looked at for long.

        Before, those that were never started, and the oldest where all take too much.

        Args:
            most_bytes: of all together.
            busy: folders of runs that are being made, which stay.
            wanted: bytes that are to be left of those.
        """
        now = self._clock()
        try:
            folders = [path for path in self._own.iterdir() if _TOKEN.fullmatch(path.name)]
            room = shutil.disk_usage(self._own).free
        except OSError:
            return
        sizes = {path: bytes_below(path) for path in folders}
        most = min(most_bytes, (room + sum(sizes.values())) // 2) - wanted
        total = sum(sizes[path] for path in folders if path in busy)
        for path in sorted(folders, key=_seen, reverse=True):
            if path in busy:
                continue
            total += sizes[path]
            idle = now - _seen(path)
            unwanted = total > most or not (path / "run" / HEADER_FILE).exists()
            if idle > KEPT_SECONDS or (idle > IDLE_SECONDS and unwanted):
                shutil.rmtree(path, ignore_errors=True)
                total -= sizes[path]


def _seen(folder: Path) -> float:
    """When somebody looked at a run last, in seconds since 1970; 0 where it was taken away meanwhile."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def bytes_below(folder: Path) -> int:
    """Of all files in a folder and those below."""
    total = 0
    for at, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                total += os.lstat(os.path.join(at, name)).st_size
    return total


def picture_folders(roots: Sequence[Path]) -> list[tuple[str, Path]]:
    """(title, path) of the folders of which visitors may make runs: the operator's and those right below."""
    found: list[tuple[str, Path]] = []
    for root in roots:
        found.append((root.name, root))
        with suppress(OSError):
            below = sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
            found.extend((f"{root.name} / {path.name}", path) for path in below[:200])
    return found


def _find_runs(folders: Sequence[Path]) -> list[Shelved]:
    """Runs among the folders and right below them; each with an id that no other has."""
    found: list[Shelved] = []
    taken = {DEMO_ID}
    for folder in folders:
        try:
            candidates = [folder, *sorted(folder.iterdir())]
        except OSError:
            continue
        for path in candidates:
            if not (path / HEADER_FILE).is_file() or len(found) >= MOST_RUNS:
                continue
            stem = _SAFE.sub("-", path.name.casefold()).strip("-") or "run"
            name, number = stem, 2
            while name in taken:
                name, number = f"{stem}-{number}", number + 1
            taken.add(name)
            found.append(Shelved(name, path.name, path, "shared"))
    return sorted(found, key=lambda each: each.title.casefold())


def _title(folder: Path) -> str:
    try:
        return (folder / "title.txt").read_text(encoding="utf-8")[:100] or "My pictures"
    except (OSError, UnicodeDecodeError):
        return "My pictures"

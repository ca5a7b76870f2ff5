"""What people point at → pictures: files, folders, patterns, archives and lists of them.

Nothing is opened but archives, and of those only the list of what is in them.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from panoseg.errors import PhotoError, RunError, SourceError
from panoseg.photo import PhotoLimits
from panoseg.runs import archives
from panoseg.runs.stores import files_below, is_url, read_url

PICTURE_SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff",
    ".avif", ".heic", ".heif", ".hif",
)  # fmt: skip
"""What is taken from a folder or an archive; a file that is named itself may be called anything."""

Problem = Callable[[SourceError], object]

_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Source:
    """One picture that may be read.

    Attributes:
        name: what to call it: its path below the folder or in the archive that was named, with "/".
        place: the absolute path of its file, or of its archive; or a URL on object storage.
        member: its path inside the archive; empty for a file.
    """

    name: str
    place: str
    member: str = ""

    def read(self, limits: PhotoLimits = PhotoLimits()) -> bytes:  # noqa: B008
        """The file's bytes.

        Raises:
            PhotoError: it cannot be read or is too large.
        """
        if is_url(self.place):
            return _read_url(self.place, limits)
        if self.member:
            return archives.read_member(Path(self.place), self.member, limits)
        return read_file(Path(self.place), limits)


def readable(name: str) -> str:
    r"""A file's name as text: where its bytes are no UTF-8, U+FFFD stands in their place.

    >>> readable("caf\udce9.png") == "caf\ufffd.png"
    True
    """
    return os.fsencode(name).decode("utf-8", "replace")


def read_file(path: Path, limits: PhotoLimits) -> bytes:
    """A file's bytes, no more than may be opened.

    Raises:
        PhotoError: it is not there, no ordinary file, unreadable or too large.
    """
    shown = readable(path.name)
    try:
        if not path.is_file():  # a pipe or a device could be read for ever
            if not path.exists():
                raise PhotoError(f"“{shown}” does not exist.")
            raise PhotoError(f"“{shown}” is not an ordinary file. {limits.accepted}")
        with path.open("rb") as file:
            content = file.read(limits.max_bytes + 1)
    except OSError as error:
        raise PhotoError(
            f"“{shown}” cannot be read ({error.strerror or 'the system refused'}). {limits.accepted}"
        ) from error
    if len(content) > limits.max_bytes:
        raise PhotoError(f"“{shown}” is too large. {limits.accepted}")
    return content


def _read_url(url: str, limits: PhotoLimits) -> bytes:
    shown = url.rpartition("/")[2]
    try:
        content = read_url(url, limits.max_bytes + 1)
    except FileNotFoundError:
        raise PhotoError(f"“{shown}” does not exist.") from None
    except (OSError, RunError) as error:
        raise PhotoError(f"“{shown}” cannot be read ({' '.join(str(error).split())[:200]}).") from error
    if len(content) > limits.max_bytes:
        raise PhotoError(f"“{shown}” is too large. {limits.accepted}")
    return content


def find_pictures(
    paths: Iterable[str | os.PathLike[str]], problem: Problem | None = None
) -> Iterator[Source]:
    """The pictures of files, folders (with those below), patterns, archives and URLs of object storage.

    They come in the order of the paths.

    Folders and zip archives are walked in the order of their names, tar archives in their own. A folder
    beside a JSON file of its name is left out: it holds the masks of a COCO panoptic annotation. So are names
    that begin with a dot. Links are followed, into each folder once.

    A file that is called like a picture is taken to be one, whether or not it is there: it fails when it is
    read. Members of archives whose paths lead out are left out.

    Args:
        paths: any number of them.
        problem: called with what is wrong with one of them, and with what was left out of an archive; all
            else is walked all the same.

    Raises:
        SourceError: a folder or an archive without a picture, one that does not exist, a pattern that fits
            nothing, or an archive that cannot be read; without `problem`.
    """
    for path in paths:
        try:
            yield from _of_path(os.fspath(path), problem)
        except SourceError as error:
            if problem is None:
                raise
            problem(error)


def _of_path(path: str, problem: Problem | None) -> Iterator[Source]:
    if is_url(path):
        yield from _or_refuse(_of_url(path), f"There is no picture at {path!r}")
    elif os.path.isdir(path):
        yield from _or_refuse(_of_folder(Path(path)), f"The folder {path!r} holds no picture")
    elif not os.path.lexists(path) and _PATTERN.search(path):
        found = sorted(glob.glob(os.path.expanduser(path), recursive=True))
        if not found:
            raise SourceError(f"Nothing is called {path!r}.")
        yield from _or_refuse(_of_matches(found, problem), f"No picture is called {path!r}")
    elif archives.is_archive(Path(path)):
        yield from _or_refuse(_of_archive(Path(path), problem), f"The archive {path!r} holds no picture")
    elif not os.path.lexists(path) and not _is_picture(path):
        raise SourceError(f"{readable(path)!r} does not exist: wanted a picture, a folder or an archive.")
    else:
        yield Source(readable(Path(path).name), os.path.abspath(path))


def _of_url(url: str) -> Iterator[Source]:
    try:
        for name, place in files_below(url):
            if _is_picture(name) and not any(part.startswith(".") for part in name.split("/")):
                yield Source(name, place)
    except (OSError, RunError) as error:
        raise SourceError(f"{url!r} cannot be listed ({' '.join(str(error).split())[:200]}).") from error


def _or_refuse(sources: Iterator[Source], fault: str) -> Iterator[Source]:
    empty = True
    for source in sources:
        empty = False
        yield source
    if empty:
        raise SourceError(f"{fault}. {PhotoLimits().accepted}")


def _of_folder(folder: Path) -> Iterator[Source]:
    entered: set[tuple[int, int]] = set()
    for at, folders, files in os.walk(folder, followlinks=True, onerror=_refuse):
        here = os.stat(at)
        if (here.st_dev, here.st_ino) in entered:  # a link leads back up
            folders.clear()
            continue
        entered.add((here.st_dev, here.st_ino))
        names = set(files)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and f"{name}.json" not in names
        )
        for name in sorted(files):
            if _is_picture(name):
                path = os.path.join(at, name)
                name = readable(Path(path).relative_to(folder).as_posix())
                yield Source(name, os.path.abspath(path))


def _refuse(error: OSError) -> None:
    raise SourceError(f"The folder {str(error.filename)!r} cannot be read ({error.strerror}).") from error


def _of_matches(found: list[str], problem: Problem | None) -> Iterator[Source]:
    for path in found:
        if os.path.isdir(path):
            yield from _of_folder(Path(path))
        elif archives.is_archive(Path(path)):
            yield from _of_archive(Path(path), problem)
        elif _is_picture(path):
            yield Source(readable(Path(path).name), os.path.abspath(path))


def _of_archive(path: Path, problem: Problem | None) -> Iterator[Source]:
    for member in archives.members(path):
        if _is_picture(member):
            yield Source(member, os.path.abspath(path), member)
    stray = [member for member in archives.stray_members(path) if _is_picture(member)]
    if stray and problem is not None:
        others = len(stray) - 1
        left_out = f"and so do {others} more: they were left out" if others else "and was left out"
        problem(SourceError(f"“{stray[0]}” leads out of the archive {path.name!r}, {left_out}."))


def _is_picture(path: str) -> bool:
    name = re.split(r"[/\\]", path)[-1]
    return name.lower().endswith(PICTURE_SUFFIXES) and not name.startswith(".")


class Names:
    """Gives each picture a name that no other has: two of one name are told apart by the folder of their
    file, then by a number.

    >>> names = Names()
    >>> names.of(Source("x.png", "/a/x.png")), names.of(Source("x.png", "/b/x.png"))
    ('x.png', 'b/x.png')
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken}

    def of(self, source: Source) -> str:
        """A new name for it."""
        place = Path(source.place)
        parent = readable(place.stem if source.member else place.parent.name)
        candidates = [source.name, *([f"{parent}/{source.name}"] if parent else [])]
        stem, dot, suffix = source.name.rpartition(".")
        count = 2
        while (name := candidates.pop(0)).casefold() in self._taken:
            if not candidates:
                candidates.append(f"{stem}-{count}{dot}{suffix}" if dot else f"{source.name}-{count}")
                count += 1
        self._taken.add(name.casefold())
        return name

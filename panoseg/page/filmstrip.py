"""The pictures that a visitor can go to: the gallery's scenes, and what the visitor brought.

Each has a name for the address: a scene's own, or a token that nobody can guess (`PictureStore`).
"""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from PIL import Image

from panoseg import events
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.errors import PanosegError
from panoseg.page import runs
from panoseg.page.decoders import decoders
from panoseg.photo import Photo, PhotoLimits
from panoseg.serving.picture_store import PictureStore
from panoseg.serving.requests import SHOWN_DIGITS
from panoseg.settings import settings

MOST_UPLOADS = 30
"""Of one visitor; the first ones go when more come."""

FIRST_SCENE = next(iter(GALLERY))
GONE = "The picture of this link is not here any more: what is uploaded is kept for two hours. Open it again."
_THUMBNAIL = (144, 96)  # width and height at most, twice as many pixels as are shown


def limits() -> PhotoLimits:
    """What the operator accepts of a picture's file."""
    chosen = settings()
    return PhotoLimits(max_bytes=chosen.max_upload_mb * 2**20, max_pixels=chosen.max_megapixels * 1_000_000)


State = Literal["waiting", "done", "failed"]


@dataclass(slots=True, eq=False)
class Upload:
    """A file that the visitor brought.

    Attributes:
        token: names it.
        title: the file's name.
        state: whether it was read.
        thumbnail: a small JPEG as the address of a picture; empty until it was read.
        error: why it could not be read, in one sentence.
    """

    token: str
    title: str
    state: State = "waiting"
    thumbnail: str = ""
    error: str = ""


class Filmstrip:
    """One visitor's uploads, in order, and which picture is looked at.

    Args:
        store: where they are kept.
        visitor: a random id, for the log.
    """

    def __init__(self, store: PictureStore, visitor: str = "") -> None:
        self.current = FIRST_SCENE
        self.uploads: list[Upload] = []
        self._store = store
        self._visitor = visitor
        self._lock = threading.Lock()

    def add(self, name: str, data: bytes) -> Upload:
        """A new upload at the end; the first ones go where there are too many."""
        upload = Upload(self._store.keep(name, data), name)
        with self._lock:
            self.uploads.append(upload)
            gone = self.uploads[:-MOST_UPLOADS]
            self.uploads = self.uploads[-MOST_UPLOADS:]
        for each in gone:
            self._store.forget(each.token)
        return upload

    def remove(self, token: str) -> None:
        """Take an upload away, here and from what is kept."""
        with self._lock:
            known = [upload for upload in self.uploads if upload.token == token]
            self.uploads = [upload for upload in self.uploads if upload.token != token]
        if known:
            self._store.forget(token)

    def open(self, name: str, waiting: Callable[[], object] = lambda: None) -> Photo | None:
        """The photo of a scene or an upload; None if there is no such one any more.

        Args:
            name: of either.
            waiting: called several times a second while it is decoded; what it raises gives it up.

        Raises:
            PanosegError: it cannot be read; its message is for people.
        """
        if name in GALLERY:
            return scene(name)
        kept = self._store.find(name)
        if kept is None:
            return None
        upload = self._upload(name) or self._found_again(name, kept.name)
        try:
            with events.noted("photo", session=self._visitor or None, bytes=len(kept.data)) as add:
                with runs.waiting():
                    photo = decoders().open_photo(kept.data, name=kept.name, limits=limits(), waiting=waiting)
                height, width = photo.size
                add(photo=photo.digest[:SHOWN_DIGITS], width=width, height=height)
        except PanosegError as error:
            upload.state, upload.error = "failed", str(error)
            raise
        upload.state, upload.thumbnail = "done", upload.thumbnail or _thumbnail_of(photo)
        return photo

    def read_waiting(self, waiting: Callable[[], object] = lambda: None) -> None:
        """Read what nobody has looked at yet, one after the other, for the thumbnails."""
        for upload in list(self.uploads):
            if upload.state != "waiting":
                continue
            try:
                if self.open(upload.token, waiting) is None:
                    upload.state, upload.error = "failed", GONE
            except PanosegError:
                continue  # `open` has noted it

    @property
    def is_waiting(self) -> bool:
        """Whether some upload was not read yet."""
        return any(upload.state == "waiting" for upload in self.uploads)

    def _upload(self, token: str) -> Upload | None:
        return next((upload for upload in self.uploads if upload.token == token), None)

    def _found_again(self, token: str, name: str) -> Upload:
        """After a reload: an upload of the visit before."""
        upload = Upload(token, name)
        with self._lock:
            self.uploads.append(upload)
        return upload

    def payload(self) -> dict[str, Any]:
        """For the viewer, in plain JSON types (see modules/inbox.js)."""
        scenes = [
            {"id": name, "title": title, "url": _scene_thumbnail(name), "state": "done", "words": ""}
            for name, title in GALLERY.items()
        ]
        uploads = [
            {
                "id": upload.token,
                "title": upload.title,
                "url": upload.thumbnail,
                "state": upload.state,
                "words": upload.error,
            }
            for upload in self.uploads
        ]
        return {
            "current": self.current,
            "pictures": [*uploads, *scenes],
            "uploads": len(uploads),
            "limits": {"short": f"up to {settings().max_upload_mb} MB", "words": limits().accepted},
        }


@lru_cache(16)
def scene(name: str) -> Photo:
    """A scene of the gallery, drawn once for all."""
    return open_scene(name)


def draw_thumbnails() -> None:
    """Draw those of the gallery before anybody needs them."""
    for name in GALLERY:
        _scene_thumbnail(name)


@cache
def _scene_thumbnail(name: str) -> str:
    width, height = _THUMBNAIL
    return _data_url(Image.fromarray(open_scene(name, (height, width)).pixels))


def _thumbnail_of(photo: Photo) -> str:
    picture = Image.fromarray(photo.pixels)
    picture.thumbnail(_THUMBNAIL, Image.Resampling.BOX, reducing_gap=2)
    return _data_url(picture)


def _data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")

"""From a file's bytes to an upright sRGB photo, checked and bounded."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from panoseg.errors import InvalidValueError, PhotoError
from panoseg.file_kinds import claims_to_be_a_picture, other_kind
from panoseg.file_structure import excess
from panoseg.srgb import srgb_bands, srgb_image, srgb_pixels

pillow_heif.register_heif_opener()

# AVIF stands before HEIF: both claim the neutral brand "mif1", and only AVIF's plugin passes on what
# is not its own.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")

_NAME_LETTERS = 100
_READ_LETTERS = 4 * _NAME_LETTERS  # as many as become one where marks stand on letters
_SUFFIX_LETTERS = 6
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_DAMAGED = "is damaged or incomplete, so its pixels cannot be read"


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """What `open_photo` accepts.

    Attributes:
        max_bytes: of the file; 1 MB is 2**20 bytes, as upload fields count.
        max_pixels: width × height, checked before anything is decoded. Beyond about 178 million
            Pillow's own `Image.MAX_IMAGE_PIXELS` stands in the way as well.
        min_side: smallest width and height in pixels.

    Raises:
        InvalidValueError: a limit below 1.
    """

    max_bytes: int = 40 * 2**20
    max_pixels: int = 50_000_000
    min_side: int = 8

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 1:
                raise InvalidValueError(f"{name}: wanted at least 1, got {getattr(self, name)!r}.")

    @property
    def accepted(self) -> str:
        """One sentence that tells a user what can be opened."""
        return (
            "panoseg opens JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF and HEIC pictures of up to "
            f"{_megabytes(self.max_bytes)} and {_megapixels(self.max_pixels)}."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """An upright picture.

    Attributes:
        pixels: (H, W, 3) uint8, sRGB, read-only.
        name: fit to show: no folders, no control characters, never empty.
        digest: what tells this photo from any other: the sha256, in hexadecimal, of the file's bytes.
        file: those bytes, where there are any: what is sent to a model on another machine.

    Raises:
        InvalidValueError: pixels of another shape or type.
    """

    pixels: NDArray[np.uint8]
    name: str
    digest: str
    file: bytes | None = None

    def __post_init__(self) -> None:
        pixels = np.asarray(self.pixels)
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise InvalidValueError(
                f"pixels: wanted uint8 of shape (H, W, 3), got {pixels.dtype} of {pixels.shape}."
            )
        pixels = np.ascontiguousarray(pixels).view()
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)
        object.__setattr__(self, "name", shown_name(self.name) or "photo")

    @classmethod
    def from_pixels(cls, pixels: NDArray[np.uint8], name: str) -> Photo:
        """A photo that was made rather than opened; its digest is that of the pixels and their shape.

        >>> Photo.from_pixels(np.zeros((20, 30, 3), np.uint8), "night").size
        (20, 30)
        """
        digest = hashlib.sha256(repr(pixels.shape).encode())
        digest.update(np.ascontiguousarray(pixels).data)
        return cls(pixels, name, digest.hexdigest())

    def __repr__(self) -> str:
        height, width = self.size
        return f"<Photo {self.name!r}, {width}×{height}>"

    @property
    def size(self) -> tuple[int, int]:
        """(H, W) in pixels."""
        height, width, _ = self.pixels.shape
        return height, width


PhotoSource = (
    Photo | str | os.PathLike[str] | bytes | bytearray | memoryview | Image.Image | NDArray[np.uint8]
)
"""What `to_photo` takes."""


def to_photo(source: PhotoSource) -> Photo:
    """A photo of whatever holds one.

    Args:
        source: a photo, which is returned as it is; a path or a file's bytes, as of `open_photo`; a Pillow
            picture, turned upright and brought to sRGB like a file; or (H, W, 3) uint8 sRGB pixels.

    Raises:
        PhotoError: as `open_photo`; a Pillow picture that cannot be read.
        InvalidValueError: anything else, or pixels of another shape or type.
    """
    match source:
        case Photo():
            return source
        case str() | os.PathLike() | bytes() | bytearray() | memoryview():
            return open_photo(source)
        case Image.Image():
            return _from_pillow(source)
        case np.ndarray():
            return Photo.from_pixels(source, "photo")
    raise InvalidValueError(
        "photo: wanted a Photo, a path, bytes, a Pillow picture or uint8 pixels of shape (H, W, 3), "
        f"got {type(source).__name__}."
    )


def _from_pillow(image: Image.Image) -> Photo:
    name = shown_name(str(getattr(image, "filename", "")))
    try:
        upright = ImageOps.exif_transpose(image)
        return Photo.from_pixels(srgb_pixels(upright), name)
    except MemoryError as error:
        raise too_little_memory(name) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise refusal(name, _DAMAGED, PhotoLimits()) from error


def open_photo(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview,
    *,
    name: str | None = None,
    limits: PhotoLimits = PhotoLimits(),
) -> Photo:
    """Read a picture: a file's path, or its bytes.

    The picture is turned upright (EXIF), its colours become sRGB (embedded profiles, CMYK, palettes,
    grey and 16 bits included), and transparent parts are laid over white. Of an animation or a
    document of several pages the first picture is taken. It is never scaled.

    Args:
        source: path or bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC file.
        name: what to call it; the path's last part by default.
        limits: sizes in bytes and pixels that are accepted.

    Raises:
        PhotoError: there is no such file, it is no picture, it is damaged, or beyond the limits. The
            message says which, and what is accepted.
    """
    if isinstance(source, (str, os.PathLike)) and name is None:
        name = Path(source).name
    shown = shown_name(name or "")
    try:
        if isinstance(source, (bytes, bytearray, memoryview)):
            data = bytes(source)
        elif isinstance(source, (str, os.PathLike)):
            data = _read(Path(source), limits)
        else:
            kind = type(source).__name__
            raise PhotoError(
                f"A photo is opened from a path or from bytes, not from {kind}. {limits.accepted}"
            )
        canvas = _Canvas()
        decode(data, shown, limits, canvas)
        return Photo(canvas.pixels, shown, hashlib.sha256(data).hexdigest(), data)
    except MemoryError as error:
        raise too_little_memory(shown) from error


def open_image(data: bytes, *, name: str, limits: PhotoLimits = PhotoLimits()) -> Image.Image:
    """The same picture as Pillow holds it, in mode RGB: in half the time where it is only made smaller.

    Args and errors are those of `open_photo`.
    """
    shown = shown_name(name)
    try:
        with _decoded(data, shown, limits) as image:
            return srgb_image(image)
    except MemoryError as error:
        raise too_little_memory(shown) from error


class PixelSink(Protocol):
    """Where decoded pixels go."""

    def begin(self, height: int, width: int) -> None:
        """The picture's size, before its first pixel."""

    def put(self, top: int, band: NDArray[np.uint8]) -> None:
        """The rows (h, W, 3) that begin at `top`; bands come from top to bottom."""


class _Canvas:
    """A sink that keeps them."""

    def begin(self, height: int, width: int) -> None:
        self.pixels = np.empty((height, width, 3), np.uint8)

    def put(self, top: int, band: NDArray[np.uint8]) -> None:
        self.pixels[top : top + len(band)] = band


def _read(path: Path, limits: PhotoLimits) -> bytes:
    name = shown_name(path.name)
    try:
        # A path may name a pipe or a device, which could be read for ever.
        if not path.is_file():
            if path.is_dir():
                fault = "is a folder, not a picture"
            else:
                fault = "is not an ordinary file" if path.exists() else "does not exist"
            raise refusal(name, fault, limits)
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > limits.max_bytes:
                raise too_heavy(name, size, limits)
            return file.read(limits.max_bytes + 1)
    except OSError as error:
        fault = f"cannot be read ({error.strerror or 'the system refused'})"
        raise refusal(name, fault, limits) from error


def decode(data: bytes, name: str, limits: PhotoLimits, sink: PixelSink) -> None:
    """Decode a file's bytes as `open_photo` does, band by band.

    Args:
        data: the file's bytes.
        name: what to call it, as `shown_name` gives it.
        limits: sizes in bytes and pixels that are accepted.
        sink: gets the pixels.

    Raises:
        PhotoError, MemoryError: as `open_photo`, which makes one of the other.
    """
    with _decoded(data, name, limits) as image:
        sink.begin(image.height, image.width)
        for top, band in srgb_bands(image):
            sink.put(top, band)


@contextlib.contextmanager
def _decoded(data: bytes, name: str, limits: PhotoLimits) -> Iterator[Image.Image]:
    """The upright picture of a file, with the colours that it has there; what fails with it is refused."""
    if not data:
        raise refusal(name, "is empty", limits)
    if len(data) > limits.max_bytes:
        raise too_heavy(name, len(data), limits)
    if found := excess(data):
        raise refusal(name, f"has {found}, which no camera writes", limits)
    pixels_to_come = limits.max_pixels
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            _check_size(image.size, name, limits)
            pixels_to_come = image.width * image.height
            image.load()
            # Metadata that cannot be read says nothing about orientation; the pixels are fine.
            with contextlib.suppress(Exception):
                ImageOps.exif_transpose(image, in_place=True)
            yield image
    except (PhotoError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow's own guard comes first where a picture is far too large.
        raise refusal(name, "has far too many pixels", limits) from error
    except UnidentifiedImageError as error:
        raise refusal(name, _why_not_a_photo(data), limits) from error
    except Exception as error:
        if _memory_is_short(pixels_to_come):
            raise too_little_memory(name) from error
        # Bytes that were cut, altered or made to harm drive decoders into every kind of exception.
        raise refusal(name, _DAMAGED, limits) from error


def _check_size(size: tuple[int, int], name: str, limits: PhotoLimits) -> None:
    width, height = size
    if min(size) < limits.min_side:
        raise refusal(
            name,
            f"is only {width} × {height} pixels, and each side needs at least {limits.min_side}",
            limits,
        )
    if width * height > limits.max_pixels:
        raise refusal(
            name,
            f"has too many pixels: {width} × {height} are {_megapixels(width * height)}",
            limits,
        )


def _memory_is_short(pixels: int) -> bool:
    """Whether so many decoded pixels find no room; some decoders fail without telling why."""
    try:
        mmap.mmap(-1, 8 * pixels).close()  # two of four bytes each; none of them is touched
    except OSError:
        return True
    return False


def _why_not_a_photo(data: bytes) -> str:
    """What a file is that no decoder claims, as the rest of a sentence."""
    if claims_to_be_a_picture(data):
        return _DAMAGED
    if kind := other_kind(data):
        return f"is {kind}, which panoseg cannot open"
    return "is not a picture of a kind that can be opened"


def too_heavy(name: str, size: int, limits: PhotoLimits) -> PhotoError:
    """That a file has too many bytes."""
    return refusal(name, f"is too large: {_megabytes(size)}", limits)


def too_little_memory(name: str) -> PhotoError:
    """That the machine has no room for it, which is not the file's fault."""
    subject = f"“{name}”" if name else "the file"
    return PhotoError(
        f"There is not enough memory left to open {subject}; try a smaller picture, or again in a while."
    )


def refusal(name: str, fault: str, limits: PhotoLimits) -> PhotoError:
    """What is wrong with a file of that name, and what is accepted."""
    subject = f"“{name}”" if name else "The file"
    return PhotoError(f"{subject} {fault}. {limits.accepted}")


def _megabytes(size: int) -> str:
    return f"{_rounded(size / 2**20)} MB"


def _megapixels(pixels: int) -> str:
    return f"{_rounded(pixels / 1e6)} megapixels"


def _rounded(number: float) -> str:
    # Never rounds down to the limit that it exceeds: 50.00001 reads 50.1.
    return f"{-(-number * 10 // 1) / 10:,.1f}".removesuffix(".0")


def shown_name(name: str) -> str:
    """The last part of a path, of any system, without characters that cannot be shown; of a long one the
    beginning and the suffix.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    # Cut first: normalising takes time by the square of the marks that stand on one letter.
    start, end = last[:_READ_LETTERS], last[_READ_LETTERS:][-_SUFFIX_LETTERS:]
    words = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", start + end)).split()
    whole = " ".join(words)
    suffix = _SUFFIX.search(whole)
    if len(whole) <= _NAME_LETTERS or suffix is None:
        return whole[:_NAME_LETTERS].rstrip()
    return whole[: _NAME_LETTERS - len(suffix[0])].rstrip() + suffix[0]

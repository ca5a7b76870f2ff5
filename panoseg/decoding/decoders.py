"""Pictures and annotations, opened in worker processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from panoseg.annotation import AnnotatedSegment, Annotation, Category
from panoseg.cores import usable_cores
from panoseg.decoding.pool import CrowdedError, DecodingLimits, DecodingPool, TooMuchError, TooSlowError
from panoseg.errors import GroundTruthError, PanosegError, PhotoError
from panoseg.photo import Photo, PhotoLimits, refusal, shown_name, too_heavy

MOST_WORKERS = 4

_USUAL, _USUAL_PHOTOS = DecodingLimits(), PhotoLimits()
_CROWDED = "Too many pictures are being opened at the moment; try again in a minute."


def usual_count() -> int:
    """As many workers as cores, 2 to 4: one alone would let one slow file hold up everybody."""
    return max(2, min(MOST_WORKERS, usable_cores()))


class Decoders:
    """What `open_photo` and `read_annotation` do, where it can be ended. Threads may share it.

    Args:
        count: how many processes.
        limits: what one file may cost.
    """

    def __init__(self, count: int | None = None, limits: DecodingLimits = _USUAL) -> None:
        self._limits = limits
        self._pool = DecodingPool(usual_count() if count is None else count, limits)

    def open_photo(
        self,
        data: bytes,
        *,
        name: str,
        limits: PhotoLimits = _USUAL_PHOTOS,
        waiting: Callable[[], object] = lambda: None,
    ) -> Photo:
        """Read a picture as `panoseg.open_photo` does.

        Args:
            data: the file's bytes.
            name: what to call it.
            limits: sizes in bytes and pixels that are accepted.
            waiting: called several times a second; what it raises gives the picture up.

        Raises:
            PhotoError: as `panoseg.open_photo`; or it takes too much time or memory, or too many others wait.
        """
        shown = shown_name(name)
        if len(data) > limits.max_bytes:
            raise too_heavy(shown, len(data), limits)
        request = {"task": "photo", "name": shown, "limits": asdict(limits)}
        try:
            pixels, answer = self._pool.run(request, [data], limits.max_pixels, waiting)
        except TooSlowError:
            fault = f"takes longer to decode than the {self._limits.seconds:.0f} s that a picture gets"
            raise refusal(shown, fault, limits) from None
        except TooMuchError:
            fault = "is damaged, or takes more memory to decode than a picture gets"
            raise refusal(shown, fault, limits) from None
        except CrowdedError:
            raise PhotoError(_CROWDED) from None
        if "refused" in answer or pixels is None:
            _refuse(PhotoError, answer)
        # Of the bytes that came, and computed here: predictions are shared by it.
        return Photo(pixels, shown, hashlib.sha256(data).hexdigest(), data)

    def read_annotation(
        self,
        png: bytes | None,
        description: bytes,
        file_name: str,
        *,
        size: tuple[int, int],
        waiting: Callable[[], object] = lambda: None,
    ) -> Annotation:
        """Read an annotation as `panoseg.annotation.read_annotation` does.

        Args:
            png: None where `description` is an archive of both files.
            description, file_name, size: as there.
            waiting: called several times a second; what it raises gives the files up.

        Raises:
            GroundTruthError: as there; or it takes too much time or memory, or too many others wait.
        """
        request = {
            "task": "annotation",
            "name": file_name,
            "size": list(size),
            "png_bytes": None if png is None else len(png),
        }
        pixels, result = self._ask(request, [png or b"", description], size[0] * size[1], waiting)
        if pixels is None:
            _refuse(GroundTruthError, {})
        return _annotation(pixels, result)

    def annotation_in(self, archive: bytes, *, waiting: Callable[[], object] = lambda: None) -> str | None:
        """The name of the PNG of the annotation in a ZIP archive, or None where there is none.

        Raises:
            GroundTruthError: as `read_annotation`.
        """
        _, name = self._ask({"task": "archive"}, [archive], 0, waiting)
        return shown_name(name) if isinstance(name, str) else None

    def described_by(
        self, description: bytes, names: Sequence[str], *, waiting: Callable[[], object] = lambda: None
    ) -> int | None:
        """Which of the PNGs of these names an annotation's JSON describes, if any.

        Raises:
            GroundTruthError: as `read_annotation`.
        """
        _, place = self._ask({"task": "described", "names": list(names)}, [description], 0, waiting)
        return place if isinstance(place, int) and 0 <= place < len(names) else None

    def _ask(
        self, request: dict[str, Any], payload: list[bytes], most_pixels: int, waiting: Callable[[], object]
    ) -> tuple[NDArray[np.uint8] | None, Any]:
        """Pixels and result of something about an annotation."""
        try:
            pixels, answer = self._pool.run(request, payload, most_pixels, waiting)
        except TooSlowError:
            raise GroundTruthError(
                f"The annotation takes longer to read than the {self._limits.seconds:.0f} s that it gets."
            ) from None
        except TooMuchError:
            raise GroundTruthError(
                "The annotation is damaged, or takes more memory to read than it gets."
            ) from None
        except CrowdedError:
            raise GroundTruthError(_CROWDED) from None
        if "refused" in answer:
            _refuse(GroundTruthError, answer)
        return pixels, answer.get("result")

    def pids(self) -> set[int]:
        """The system's numbers of the worker processes."""
        return self._pool.pids()

    def close(self) -> None:
        """End the workers."""
        self._pool.close()


def _refuse(kind: type[PanosegError], answer: dict[str, Any]) -> NoReturn:
    raise kind(str(answer.get("refused") or "The file could not be read.")[:1000])


def _annotation(digits: NDArray[np.uint8], result: Any) -> Annotation:
    try:
        segments = tuple(AnnotatedSegment(int(i), int(c), bool(crowd)) for i, c, crowd in result["segments"])
        categories = {
            int(number): Category(str(name), bool(thing)) for number, name, thing in result["categories"]
        }
    except (TypeError, ValueError, KeyError):
        raise GroundTruthError("The annotation could not be read.") from None
    return Annotation(digits, segments, categories)

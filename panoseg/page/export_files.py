"""Files to take home: which segments they hold, what they are called, and what was made already."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from panoseg.cores import usable_cores
from panoseg.errors import CancelledError
from panoseg.export import FORMATS, View, file_name
from panoseg.export.measurements import PixelSize
from panoseg.export.origin import Origin
from panoseg.page.latest import Latest


class Included(StrEnum):
    """Which segments files hold: one rule for every format."""

    ALL = "All"
    VISIBLE = "Visible"
    SELECTED = "Selected"


@dataclass(frozen=True, slots=True, eq=False)
class Exportable:
    """What can be taken home.

    Attributes:
        view: of everything that is visible, as the viewer shows it.
        origin: what made it.
        stamp: changes with all that files depend on.
    """

    view: View
    origin: Origin
    stamp: object


def measured(exportable: Exportable, size: PixelSize) -> Exportable:
    """The same with measurements in its table."""
    return replace(exportable, view=replace(exportable.view, pixel_size=size), stamp=(exportable.stamp, size))


AT_ONCE = max(1, usable_cores() - 1)
"""Files that are encoded at the same time, for all visitors: a large one takes a core for seconds."""

_encoding = threading.BoundedSemaphore(AT_ONCE)


class Files:
    """Encoded files, made once for each format, choice of segments and state of the picture."""

    def __init__(self) -> None:
        self._latest: dict[str, Latest[bytes]] = {name: Latest() for name in FORMATS}
        self._is_closed = False

    def get(self, name: str, exportable: Exportable, included: Included) -> bytes:
        """The file of a format; another visitor's may be encoded before.

        Raises:
            CancelledError: nobody wants it any more.
        """
        view = replace(chosen_view(exportable.view, included), origin=exportable.origin)
        key = (exportable.stamp, included)
        return self._latest[name].get(key, lambda: self._encode(name, view))

    def close(self) -> None:
        """The browser has gone: nothing is encoded any more."""
        self._is_closed = True

    def _encode(self, name: str, view: View) -> bytes:
        with _encoding:
            if self._is_closed:
                raise CancelledError("Nobody wants these files any more.")
            return FORMATS[name].encode(view)


def chosen_view(view: View, included: Included) -> View:
    """The view with just these segments in it; a selection that is all there is dims nothing else."""
    match included:
        case Included.ALL:
            return replace(view, visible=None)
        case Included.VISIBLE:
            return view
        case Included.SELECTED:
            return replace(view, visible=view.selected, selected=())


def usual_choice(view: View) -> tuple[Included, list[str]]:
    """What the sheet begins with: what is selected, as a cut-out; or else everything that is visible."""
    if view.selected:
        return Included.SELECTED, ["cutout"]
    return Included.VISIBLE, [name for name, each in FORMATS.items() if each.usual]


def packed(files: Mapping[str, bytes], about: bytes, base: str) -> tuple[str, bytes, str]:
    """(file name, bytes, media type) of what is downloaded: one file as it is, several as a ZIP.

    Args:
        files: by format, at least one.
        about: `run.json` for the ZIP.
        base: what the names begin with.
    """
    if len(files) == 1:
        ((name, data),) = files.items()
        return file_name(base, FORMATS[name].suffix), data, FORMATS[name].mime
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(zipfile.ZipInfo(file_name(base, FORMATS[name].suffix)), data)
        target.writestr(zipfile.ZipInfo("run.json"), about)
    return file_name(base, "panoseg.zip"), archive.getvalue(), "application/zip"


def usual_name(photo_name: str, origin: Origin) -> str:
    """The photo's name with the model and the thresholds that matter: other settings, other names.

    >>> from panoseg.tasks import Task
    >>> from panoseg.thresholds import Thresholds
    >>> usual_name("holiday.jpg", Origin("facebook/some-model", Task.INSTANCES, Thresholds()))
    'holiday-some-model-score0.80'
    """
    model = origin.model.rstrip("/").rsplit("/", 1)[-1]
    values = [f"{name}{value:.2f}" for name, value in origin.relevant_thresholds.items()]
    return "-".join([file_name(photo_name, "").removesuffix("-"), model, *values])

"""How far a load or a download is, on the error stream of a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from panoseg.models import Step


class ProgressBar:
    """A line per step, and a bar while bytes come.

    In a log or a pipe it says nothing: there the error stream is for errors.
    """

    def __init__(self) -> None:
        self._bar: Any = None
        self._downloading = False

    def __call__(self, step: Step) -> None:
        self._downloading = step.total is not None
        if not sys.stderr.isatty():
            return
        if step.done is None:
            self._close()
            print(step, file=sys.stderr)
            return
        if self._bar is None:
            from tqdm import tqdm

            print(step.text, file=sys.stderr)
            self._bar = tqdm(total=step.total, initial=step.done, unit="B", unit_scale=True, miniters=1)
        self._bar.update(step.done - self._bar.n)

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if kind is KeyboardInterrupt and self._downloading:
            print("Stopped. The same command goes on with the download from here.", file=sys.stderr)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

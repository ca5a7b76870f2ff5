"""How a batch of pictures is going: a bar on a terminal, a line per picture in a log, failures at the end."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from panoseg.cli.terminal import FAILED, printable
from panoseg.errors import InvalidValueError, sentence_of

MOST_LISTED = 50
"""Failures that are listed at the end; a log has them all."""


def add_report(parser: argparse.ArgumentParser) -> None:
    """The options of whatever works on many pictures."""
    parser.add_argument("--quiet", "-q", action="store_true", help="say only what went wrong")
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="a line of JSON per picture, behind what the file holds"
    )


class BatchReport:
    """Says how far a batch is. The bar shows only where somebody looks: the error stream is a terminal.

    Args:
        options: those of `add_report`.
        total: pictures, as far as that is known.

    Raises:
        InvalidValueError: the log cannot be written.
    """

    def __init__(self, options: argparse.Namespace, total: int | None = None) -> None:
        self.failures: list[tuple[str, str]] = []
        self.quiet: bool = options.quiet
        self._total = total
        self._bar: Any = None
        self._log: IO[str] | None = None
        if options.log is not None:
            try:
                self._log = options.log.open("a", encoding="utf-8", errors="replace")
            except OSError as error:
                raise InvalidValueError(
                    f"--log: {options.log} cannot be written ({error.strerror})."
                ) from error

    def start(self, total: int, done: int = 0) -> None:
        """The bar, with so many pictures behind it already."""
        self._total = total
        if not self.quiet and sys.stderr.isatty() and total > 1 and self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, initial=done, unit="picture", smoothing=0.1, dynamic_ncols=True)

    def say(self, text: str) -> None:
        """A line for people, above the bar."""
        if self.quiet:
            return
        if self._bar is not None:
            self._bar.clear()
        print(text)

    def succeeded(self, name: str, **facts: Any) -> None:
        """A picture is done."""
        self._note({"picture": name, "state": "done", **facts})

    def failed(self, name: str, error: Exception | str, **facts: Any) -> None:
        """A picture failed; it will be listed at the end."""
        sentence = sentence_of(error)
        self.failures.append((name, sentence))
        self._note({"picture": name, "state": "failed", "error": sentence, **facts})

    def advance(self) -> None:
        """The bar moves on by one; whether that picture failed is said later."""
        if self._bar is not None:
            self._bar.update()

    def _note(self, line: dict[str, Any]) -> None:
        if self._log is not None:
            self._log.write(json.dumps({"time": round(time.time(), 3), **line}, ensure_ascii=False) + "\n")
            self._log.flush()
        if self._bar is not None:
            if self.failures:
                self._bar.set_postfix_str(f"{len(self.failures)} failed", refresh=False)
            self.advance()

    @property
    def status(self) -> int:
        """The exit status: 0, or 2 where a picture failed."""
        return FAILED if self.failures else 0

    def __enter__(self) -> BatchReport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        if self._log is not None:
            self._log.close()
        for _, sentence in self.failures[:MOST_LISTED]:
            print(f"panoseg: {printable(sentence)}", file=sys.stderr)
        if (more := len(self.failures) - MOST_LISTED) > 0:
            print(f"panoseg: {more} more pictures failed; --log FILE lists them all.", file=sys.stderr)
        if len(self.failures) > 1 and self._total and self._total > MOST_LISTED // 10:
            print(f"panoseg: {len(self.failures)} of {self._total} pictures failed.", file=sys.stderr)

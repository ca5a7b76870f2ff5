"""Cases by the thousand, each in a worker with limits."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.hostile.cases import KINDS

CPU_SECONDS = 2.0
HANGING_SECONDS = 120.0
"""Of the clock on the wall, which also counts what else the machine does."""

_ROOT = Path(__file__).parents[2]
_OFTEN = (
    *("picture", "archive", "annotation", "picture", "configuration", "message", "link"),
    *("prediction", "animation", "record"),
)
_WRONG = ("escaped", "out of memory", "ended")


@dataclass
class Found:
    """What came of the cases.

    Attributes:
        outcomes: how many ended in what, by kind and outcome.
        failures: what was wrong, with the case to do again.
        slowest: CPU seconds, kind and seed.
    """

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, str, int] = (0.0, "", 0)

    @property
    def cases(self) -> int:
        return self.outcomes.total()


def fuzz(seconds: float, first_seed: int = 0, kind: str | None = None, most: int | None = None) -> Found:
    """Do cases for so long, or so many; the same seeds are the same cases.

    Args:
        seconds: for all of them.
        first_seed: of the first case.
        kind: only those; None for all.
        most: how many at most.
    """
    found, worker = Found(), _Worker()
    until = time.monotonic() + seconds
    try:
        for seed, each in _cases(first_seed, kind, most):
            if time.monotonic() > until:
                break
            outcome, told, cpu = worker.do(each, seed)
            found.outcomes[each, outcome] += 1
            found.slowest = max(found.slowest, (cpu, each, seed))
            if outcome in _WRONG or cpu > CPU_SECONDS or "\n" in told:
                found.failures.append(f"--kind {each} --seed {seed}: {outcome}, {cpu:.1f} s\n{told}")
            if outcome == "ended":
                worker = _Worker()
    finally:
        worker.end()
    return found


def _cases(first_seed: int, kind: str | None, most: int | None) -> Iterator[tuple[int, str]]:
    kinds = [kind] if kind else [each for each in _OFTEN if each in KINDS]
    for number in count() if most is None else range(most):
        yield first_seed + number, kinds[number % len(kinds)]


class _Worker:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.worker"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._selector = selectors.DefaultSelector()
        assert self._process.stdout is not None
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        if self._answer(4 * HANGING_SECONDS) != "ready":
            raise RuntimeError("the worker of the hostile cases does not start")

    def do(self, kind: str, seed: int) -> tuple[str, str, float]:
        assert self._process.stdin is not None
        started = time.monotonic()
        try:
            self._process.stdin.write(f"{kind} {seed}\n".encode())
            self._process.stdin.flush()
            answer = self._answer(HANGING_SECONDS)
        except BrokenPipeError:
            answer = None
        if answer is None:
            self.end()
            return "ended", "the process ended or hung", time.monotonic() - started
        outcome, told, cpu = answer
        return outcome, told, cpu

    def _answer(self, seconds: float):
        if not self._selector.select(seconds):
            return None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

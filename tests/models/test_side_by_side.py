"""Forward passes side by side: that they are, what they say, and how many there are."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from panoseg.errors import CancelledError
from panoseg.models import forward_pass, load_segmenter
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines import choice
from panoseg.models.engines.engine import Lanes
from panoseg.models.engines.torch_engine import TorchEngine
from panoseg.models.engines.torch_threads import threads_for_a_pass
from panoseg.models.forward_pass import SideBySide, forward_pass_bytes, lanes
from tests.models.tiny import photo


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, float], None]:
    """Sets how many cores there are, and how much memory in bytes."""

    def pretend(count: int, memory: float = 1e12) -> None:
        monkeypatch.setattr(forward_pass, "usable_cores", lambda: count)
        monkeypatch.setattr(forward_pass, "_memory_bytes", lambda: memory)

    return pretend


def inputs(folder: Path, count: int) -> list[Any]:
    policy = Checkpoint.read(folder, "squash").policy
    return [policy(photo(50, 70, seed).pixels) for seed in range(count)]


def test_two_passes_run_at_once_and_say_what_each_says_alone(
    squash_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = Checkpoint.read(squash_folder, "squash")
    engine = TorchEngine.load(checkpoint, "cpu", lanes=Lanes(2, 1))
    given = inputs(squash_folder, 8)
    alone = [engine.run([each], lambda: False)[0] for each in given]
    both_are_in = threading.Barrier(2, timeout=60)
    run = engine._run

    def meet(*arguments: Any) -> Any:
        both_are_in.wait()
        return run(*arguments)

    monkeypatch.setattr(engine, "_run", meet)
    with ThreadPoolExecutor(2) as callers:
        together = list(callers.map(lambda each: engine.run([each], lambda: False)[0], given))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one.classes, other.classes)
        np.testing.assert_array_equal(one.masks, other.masks)


def test_one_is_cancelled_and_the_other_goes_on(squash_folder: Path) -> None:
    engine = TorchEngine.load(Checkpoint.read(squash_folder, "squash"), "cpu", lanes=Lanes(2, 1))
    given = inputs(squash_folder, 6)
    with ThreadPoolExecutor(2) as callers:
        found = [callers.submit(engine.run, [each], lambda n=n: n % 2) for n, each in enumerate(given)]
    for number, each in enumerate(found):
        if number % 2:
            with pytest.raises(CancelledError):
                each.result()
        else:
            assert each.result()[0].classes.shape == (5, 4)


def test_torch_takes_as_many_threads_after_a_narrow_pass_as_before(
    squash_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        narrow, wide = (
            TorchEngine.load(Checkpoint.read(squash_folder, "squash"), "cpu", lanes=Lanes(passes, threads))
            for passes, threads in ((2, 1), (1, 0))
        )
        (one,) = inputs(squash_folder, 1)
        assert _threads_of(narrow, one, monkeypatch) == 1
        assert _threads_of(wide, one, monkeypatch) == 2
        with threads_for_a_pass(1):
            assert _threads_of_a_new_thread() == 1
            with ThreadPoolExecutor(1) as new:
                assert new.submit(_threads_of, wide, one, monkeypatch).result() == 2
        assert _threads_of_a_new_thread() == torch.get_num_threads() == 2
        # Two that overlap, in threads that pass again alone afterwards.
        both_are_in = threading.Barrier(2, timeout=60)

        def overlap() -> None:
            with threads_for_a_pass(1):
                both_are_in.wait()

        with ThreadPoolExecutor(2) as workers:
            for each in [workers.submit(overlap) for _ in range(2)]:
                each.result()
            for each in [workers.submit(overlap) for _ in range(2)]:
                each.result()
        assert _threads_of_a_new_thread() == 2
    finally:
        torch.set_num_threads(before)


def _threads_of(engine: TorchEngine, given: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many torch takes in the midst of a pass."""
    seen: list[int] = []
    to_host = engine._to_host

    def look(output: Any) -> Any:
        seen.append(torch.get_num_threads())
        return to_host(output)

    monkeypatch.setattr(engine, "_to_host", look)
    engine.run([given], lambda: False)
    return seen[0]


def _threads_of_a_new_thread() -> int:
    with ThreadPoolExecutor(1) as new:
        return new.submit(torch.get_num_threads).result()


def test_a_segmenter_has_a_lane_per_core(
    squash_folder: Path, cores: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cores(2)
    many: Any = load_segmenter(squash_folder, device="cpu", side_by_side=SideBySide())
    assert (many.passes, many.threads) == (2, 1)
    one: Any = load_segmenter(squash_folder, device="cpu")
    assert (one.passes, one.threads) == (1, 1)  # it is small
    monkeypatch.setattr(choice, "SMALL_BYTES", 0)
    one = load_segmenter(squash_folder, device="cpu")
    assert (one.passes, one.threads) == (1, 0)


def test_memory_makes_lanes_wider_and_fewer(squash_folder: Path, cores: Callable[..., None]) -> None:
    checkpoint = Checkpoint.read(squash_folder, "squash")
    each = forward_pass_bytes(checkpoint.weights_bytes, (64, 96))
    cores(8, 3 * 8.5 * each)
    assert lanes(checkpoint, SideBySide()) == Lanes(8, 1)
    cores(8, 3 * 4.5 * each)
    assert lanes(checkpoint, SideBySide()) == Lanes(4, 2)
    cores(8, 3 * 0.5 * each)
    assert lanes(checkpoint, SideBySide()) == Lanes(1, 8)
    cores(8, 3 * 4.5 * each)
    assert lanes(checkpoint, SideBySide(threads=1)) == Lanes(8, 1)  # a run goes on as it began
    assert lanes(checkpoint, SideBySide(threads=16)) == Lanes(1, 16)
    assert lanes(checkpoint, SideBySide(most=1)) == Lanes(1, 2)
    assert lanes(checkpoint, None) == Lanes(1, 0)

import gc
import logging
import os
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from panoseg.errors import CancelledError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines import openvino_engine
from panoseg.models.engines.conversion_cache import NETWORK_FILE, ConversionCache
from panoseg.models.engines.engine import Cancelled, Lanes
from panoseg.models.engines.openvino_engine import OpenVinoEngine
from panoseg.models.engines.torch_engine import TorchEngine
from panoseg.models.network_segmenter import NetworkSegmenter
from panoseg.prediction import Size
from tests.models.agreement import assert_logits_agree, assert_predictions_agree
from tests.models.tiny import photo

SQUASHED = (64, 96)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Conversions that tests share, as making one takes seconds; not to be changed."""
    return tmp_path_factory.mktemp("cache") / "openvino"


@pytest.fixture
def made(squash_folder: Path, cache: Path) -> Path:
    """The folder of the squashing checkpoint's conversion."""
    kept = ConversionCache(Checkpoint.read(squash_folder, "squash"), cache)
    if kept.find(SQUASHED) is None:
        engine(squash_folder, cache, convert_first=True).run([network_input(squash_folder)], lambda: False)
    path = kept.find(SQUASHED)
    assert path is not None
    return path.parent


def engine(folder: Path, cache: Path, **options: Any) -> OpenVinoEngine:
    checkpoint = Checkpoint.read(folder, folder.name)
    return OpenVinoEngine(
        lambda: TorchEngine.load(checkpoint, "cpu"), ConversionCache(checkpoint, cache), **options
    )


def network_input(folder: Path, seed: int = 0) -> Any:
    return Checkpoint.read(folder, folder.name).policy(photo(50, 70, seed).pixels)


def test_logits_are_those_of_torch(edges_folder: Path, cache: Path) -> None:
    """Two input sizes and two photos of each, none of them the example that the network was traced with."""
    checkpoint = Checkpoint.read(edges_folder, "edges")
    segmenter = NetworkSegmenter(checkpoint, engine(edges_folder, cache, convert_first=True))
    reference = NetworkSegmenter(checkpoint, TorchEngine.load(checkpoint, "cpu"))
    for seed, size in enumerate([(64, 128), (60, 120), (128, 64), (125, 63)]):
        got = segmenter.predict(photo(*size, seed))
        assert_predictions_agree(got, reference.predict(photo(*size, seed)))
        assert got.input_size == ((64, 96) if size[0] < size[1] else (96, 64))
    kept = segmenter.predict(photo(64, 128)).mask_logits
    before = kept.copy()
    segmenter.predict(photo(64, 128, seed=5))
    np.testing.assert_array_equal(kept, before)  # the next photo's are elsewhere


def test_from_disk_it_needs_no_torch(squash_folder: Path, made: Path) -> None:
    """Neither the module nor the weights: the page starts sooner and in less memory."""
    script = (
        "import sys, numpy, panoseg\n"
        f"segmenter = panoseg.load_segmenter({str(squash_folder)!r}, engine='openvino')\n"
        "photo = numpy.zeros((50, 70, 3), numpy.uint8)\n"
        "assert segmenter.predict(photo).class_logits.shape == (5, 4)\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)\n"
    )
    environment = {**os.environ, "PANOSEG_CACHE": str(made.parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["False", "False"], done.stderr


class Conversion:
    """Stands in for `convert`: waits to be told to go on, and takes the network that is already made."""

    def __init__(self, made: Path) -> None:
        self._made = made
        self.sizes: list[Size] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(
        self, checkpoint: Checkpoint, size: Size, folder: Path, cancelled: Cancelled, *, in_background: bool
    ) -> None:
        assert in_background
        self.sizes.append(size)
        self.begun.set()
        assert self.go_on.wait(60)
        for name in (NETWORK_FILE, "network.bin"):
            shutil.copy(self._made / name, folder)


@pytest.fixture
def conversion(made: Path, monkeypatch: pytest.MonkeyPatch) -> Conversion:
    stand_in = Conversion(made)
    monkeypatch.setattr(openvino_engine, "convert", stand_in)
    return stand_in


def wait_for_the_end() -> None:
    """Until no conversion is under way in this process."""
    assert openvino_engine._conversion_lock.acquire(timeout=60)
    openvino_engine._conversion_lock.release()


def test_torch_serves_meanwhile(squash_folder: Path, conversion: Conversion, tmp_path: Path) -> None:
    checkpoint = Checkpoint.read(squash_folder, "squash")
    served = engine(squash_folder, tmp_path)
    segmenter = NetworkSegmenter(checkpoint, served)
    reference = NetworkSegmenter(checkpoint, TorchEngine.load(checkpoint, "cpu"))
    torch_network = weakref.ref(served._torch._network)  # type: ignore[union-attr]

    assert not conversion.begun.is_set()  # not before the first photo is served
    first = segmenter.predict(photo(50, 70))
    assert conversion.begun.wait(60)
    second = segmenter.predict(photo(50, 70))  # while the conversion is held up
    conversion.go_on.set()
    wait_for_the_end()
    assert list(served._networks) == [SQUASHED]
    gc.collect()
    assert torch_network() is None  # its memory is given back
    third = segmenter.predict(photo(50, 70))
    wanted = reference.predict(photo(50, 70))
    for got in (first, second, third):
        assert_predictions_agree(got, wanted)
    assert conversion.sizes == [SQUASHED]


def test_two_lanes_say_what_one_says(squash_folder: Path, made: Path, cache: Path) -> None:
    one = engine(squash_folder, cache, lanes=Lanes(1, 1))
    two = engine(squash_folder, cache, lanes=Lanes(2, 1))
    given = [network_input(squash_folder, seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as callers:  # one more than there are lanes
        together = list(callers.map(lambda each: two.run([each], lambda: False)[0], given))
    assert len(next(iter(two._networks.values()))._requests) == 2
    for each, found in zip(given, together, strict=True):
        wanted = one.run([each], lambda: False)[0]
        np.testing.assert_array_equal(wanted.classes, found.classes)
        np.testing.assert_array_equal(wanted.masks, found.masks)


def test_let_go_it_leaves_no_cycle(squash_folder: Path) -> None:
    """The page freezes what was loaded out of Python's collector, which could not find a cycle then."""
    serving = TorchEngine.load(Checkpoint.read(squash_folder, "squash"), "cpu")
    network = weakref.ref(serving._network)
    gc.collect()
    gc.disable()
    try:
        del serving
        assert network() is None
    finally:
        gc.enable()


def test_a_conversion_that_fails_is_told_once(
    squash_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **options: Any) -> None:
        raise RuntimeError("no such operation")

    monkeypatch.setattr(openvino_engine, "convert", fail)
    served = engine(squash_folder, tmp_path)
    for _ in range(3):
        assert served.run([network_input(squash_folder)], lambda: False)[0].classes.shape == (5, 4)
        wait_for_the_end()
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "squash stays on torch" in record.message
    assert "no such operation" in record.message


def test_one_that_photos_wait_for_and_that_fails_is_an_error(
    squash_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Callable[..., str]
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    waiting = engine(squash_folder, tmp_path, convert_first=True)
    said = refusal(waiting.run, [network_input(squash_folder)], lambda: False)
    assert "cannot be converted" in said
    assert "torch" in said


def test_an_unreadable_network_is_made_again(
    squash_folder: Path, conversion: Conversion, tmp_path: Path
) -> None:
    """Whole, as its digests say, but nothing that OpenVINO can read."""
    kept = ConversionCache(Checkpoint.read(squash_folder, "squash"), tmp_path)
    kept.add(SQUASHED, lambda folder: (folder / NETWORK_FILE).write_text("<net/>"))
    conversion.go_on.set()
    served = engine(squash_folder, tmp_path)
    served.run([network_input(squash_folder)], lambda: False)
    wait_for_the_end()
    assert list(served._networks) == [SQUASHED]
    assert conversion.sizes == [SQUASHED]


def test_few_networks_stay_in_memory(
    squash_folder: Path, made: Path, cache: Path, conversion: Conversion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_engine, "MOST_IN_MEMORY", 1)
    served = engine(squash_folder, cache)
    assert list(served._networks) == [SQUASHED]
    path = made / NETWORK_FILE
    monkeypatch.setattr(served._conversions, "find", lambda size: path)
    served._find((1, 1))
    assert list(served._networks) == [(1, 1)]


def test_given_up_in_its_midst(squash_folder: Path, made: Path, cache: Path) -> None:
    served = engine(squash_folder, cache)
    [wanted] = served.run([network_input(squash_folder)], lambda: False)
    with pytest.raises(CancelledError):
        served.run([network_input(squash_folder, seed=1)], lambda: True)
    [again] = served.run([network_input(squash_folder)], lambda: False)
    assert_logits_agree(again.masks, wanted.masks)


def test_a_conversion_can_be_given_up(squash_folder: Path, tmp_path: Path) -> None:
    waiting = engine(squash_folder, tmp_path, convert_first=True)
    asked = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 2

    with pytest.raises(CancelledError):
        waiting.run([network_input(squash_folder)], cancelled)
    assert list(tmp_path.iterdir()) == []
    assert not openvino_engine._conversion_lock.locked()


def test_its_process_ends_with_the_one_that_asked() -> None:
    command = [
        sys.executable,
        "-m",
        "panoseg.models.engines.openvino_conversion",
        "nowhere",
        "1",
        "1",
        "nowhere",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""  # it did not get as far as looking for the folder


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_it_computes_in_what_was_asked_for(
    squash_folder: Path, made: Path, cache: Path, precision: str
) -> None:
    served = engine(squash_folder, cache, precision=precision)
    compiled = served._networks[SQUASHED]._requests[0].get_compiled_model()
    hint = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    assert hint == "f32" or (precision == "bfloat16" and hint == "bf16")


def test_nothing_is_reported_to_its_makers() -> None:
    script = (
        "from panoseg.models.engines.openvino_conversion import import_openvino\n"
        "import_openvino()\n"
        "from openvino.tools.ovc import telemetry_utils\n"
        "print(telemetry_utils.tm.__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub"

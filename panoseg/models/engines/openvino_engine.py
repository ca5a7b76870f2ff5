"""The network on OpenVINO: on a CPU two to three times as fast as torch, once it is converted.

A conversion takes ten seconds or more for each input size and is kept on disk. Meanwhile torch serves.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from panoseg.errors import CancelledError, ModelError
from panoseg.models.checkpoints.preprocess import NetworkInput
from panoseg.models.engines.conversion_cache import ConversionCache
from panoseg.models.engines.engine import CANCELLATION_POLL_SECONDS, Cancelled, Engine, Lanes, Logits
from panoseg.models.engines.error_texts import says_no_memory
from panoseg.models.engines.openvino_conversion import convert, import_openvino
from panoseg.prediction import Size

MOST_IN_MEMORY = 4
"""Input sizes whose networks are held ready; each holds all weights once more."""

_PASS_POLL_MILLISECONDS = 5
"""How often a forward pass asks whether it is cancelled: it takes ten times as long or longer."""

_EXIT_SECONDS = 10.0
"""How long the end of the process waits for OpenVINO to compile a network that was just converted."""

_log = logging.getLogger(__name__)
_process_ends = threading.Event()
_conversion_lock = threading.Lock()
"""One conversion at a time in a process; whoever comes meanwhile tries again with the next photo."""


class OpenVinoEngine:
    """A Mask2Former on the CPU through OpenVINO; an `Engine`.

    Args:
        load_torch: gives the engine that serves as long as a size is not converted. It is asked when it
            is needed and let go when it is not.
        conversions: where converted networks are kept.
        convert_first: the first photo of a size waits for the conversion; else torch serves it, and the
            conversion follows in the background.
        precision: "float32", or "bfloat16", which is faster on some CPUs and moves logits by tenths.
        lanes: how many passes run side by side, and their threads.
    """

    def __init__(
        self,
        load_torch: Callable[[], Engine],
        conversions: ConversionCache,
        *,
        convert_first: bool = False,
        precision: str = "float32",
        lanes: Lanes = Lanes(),  # noqa: B008
    ) -> None:
        self._lanes = lanes
        self._load_torch = load_torch
        self._conversions = conversions
        self._convert_first = convert_first
        self._precision = precision
        self._torch: Engine | None = None
        self._networks: dict[Size, _Network] = {}  # the last used comes last
        self._networks_lock = threading.Lock()
        self._compile_lock = threading.Lock()
        self._size_in_conversion: Size | None = None
        self._conversion_failed = False
        latest = conversions.latest()
        if latest is None or self._find(latest) is None:
            self._torch = load_torch()  # now, so that weights that cannot be used show at once

    @property
    def name(self) -> str:
        return "openvino"

    @property
    def precision(self) -> str:
        return self._precision

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def batch(self) -> int:
        return 1

    @property
    def lanes(self) -> Lanes:
        return self._lanes

    @property
    def few_sizes(self) -> bool:
        return True

    def run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        """One forward pass over each input; see `Engine.run`.

        Raises:
            ModelError: torch is needed again and cannot be loaded any more; or, where photos wait for the
                conversion, that failed.
        """
        size = inputs[0].size
        network = self._find(size)
        if network is None and self._convert_first:
            network = self._convert_in_foreground(size, cancelled)
        if network is not None:
            return [network.run(each, cancelled) for each in inputs]
        self._torch = serving = self._torch or self._load_torch()
        logits = serving.run(inputs, cancelled)
        # Not before: it would have slowed down this photo.
        self._convert_in_background(size)
        return logits

    def _find(self, size: Size) -> _Network | None:
        """The network for that size from memory or from disk; None if it is not converted yet."""
        if (network := self._in_memory(size)) or size == self._size_in_conversion:
            return network
        with self._compile_lock:  # whoever came first has it by now
            return self._in_memory(size) or self._compile(size)

    def _in_memory(self, size: Size) -> _Network | None:
        with self._networks_lock:
            if network := self._networks.pop(size, None):
                self._networks[size] = network
        return network

    def _compile(self, size: Size) -> _Network | None:
        path = self._conversions.find(size)
        if path is None:
            return None
        try:
            network = _Network(path, self._precision, self._lanes)
        except RuntimeError:  # nothing that this OpenVINO can read
            self._conversions.remove(size)
            return None
        with self._networks_lock:
            self._networks[size] = network
            if len(self._networks) > MOST_IN_MEMORY:
                del self._networks[next(iter(self._networks))]
        self._torch = None
        _log.info("%s runs on OpenVINO at %d×%d.", self._conversions.checkpoint.name, size[1], size[0])
        return network

    def _convert(self, size: Size, cancelled: Cancelled, *, in_background: bool) -> _Network:
        """Put the network on disk and into memory.

        Raises:
            RuntimeError, OSError: that failed.
            CancelledError: `cancelled` said so meanwhile.
        """

        def given_up() -> bool:
            return cancelled() or _process_ends.is_set()

        def make(folder: Path) -> None:
            convert(self._conversions.checkpoint, size, folder, given_up, in_background=in_background)

        self._conversions.add(size, make)
        network = self._compile(size)
        if network is None:
            raise RuntimeError("OpenVINO cannot read its own result")
        return network

    def _convert_in_foreground(self, size: Size, cancelled: Cancelled) -> _Network:
        while not _conversion_lock.acquire(timeout=CANCELLATION_POLL_SECONDS):
            if cancelled():
                raise CancelledError()
        try:
            return self._find(size) or self._convert(size, cancelled, in_background=False)
        except (RuntimeError, OSError) as error:
            raise ModelError(
                f"{self._conversions.checkpoint.name} cannot be converted for OpenVINO ({error}); "
                "choose torch as the engine."
            ) from error
        finally:
            _conversion_lock.release()

    def _convert_in_background(self, size: Size) -> None:
        if self._conversion_failed or not _conversion_lock.acquire(blocking=False):
            return
        self._size_in_conversion = size
        name = f"convert {self._conversions.checkpoint.name}"
        threading.Thread(target=self._run_in_background, args=(size,), name=name, daemon=True).start()

    def _run_in_background(self, size: Size) -> None:
        try:
            self._convert(size, lambda: False, in_background=True)
        except CancelledError:
            pass
        except Exception as error:
            self._conversion_failed = True
            name = self._conversions.checkpoint.name
            _log.warning("%s stays on torch: converting it for OpenVINO failed (%s).", name, error)
        finally:
            self._size_in_conversion = None
            _conversion_lock.release()


class _Network:
    """A converted network, ready to run."""

    def __init__(self, path: Path, precision: str, lanes: Lanes) -> None:
        settings: dict[str, str | int] = {
            "PERFORMANCE_HINT": "LATENCY",
            # Left to itself, OpenVINO takes bfloat16 where the CPU knows it.
            "INFERENCE_PRECISION_HINT": {"float32": "f32", "bfloat16": "bf16"}[precision],
        }
        if lanes.threads:
            settings["NUM_STREAMS"] = lanes.passes
            settings["INFERENCE_NUM_THREADS"] = lanes.passes * lanes.threads
        compiled = import_openvino().Core().compile_model(path, "CPU", settings)
        self._requests = [compiled.create_infer_request() for _ in range(lanes.passes)]
        self._free = threading.BoundedSemaphore(lanes.passes)

    @contextmanager
    def _request(self) -> Iterator[Any]:
        with self._free:
            request = self._requests.pop()
            try:
                yield request
            finally:
                self._requests.append(request)

    def run(self, network_input: NetworkInput, cancelled: Cancelled) -> Logits:
        with self._request() as request:
            try:
                request.start_async([network_input.values[None]])
                done = False
                while not done:
                    if cancelled():
                        request.cancel()
                        with suppress(RuntimeError):  # which says that it was cancelled
                            request.wait()
                        raise CancelledError()
                    done = request.wait_for(_PASS_POLL_MILLISECONDS)
            except RuntimeError as error:
                if says_no_memory(error):
                    raise MemoryError(str(error)) from error
                raise
            # Copies: the next photo's logits come into the same memory.
            classes, masks = (np.array(request.get_output_tensor(index).data[0]) for index in (0, 1))
        return Logits(classes, masks)


@atexit.register
def _end() -> None:
    """Give up a conversion that is under way, and wait for OpenVINO, which cannot be left in its midst."""
    _process_ends.set()
    _conversion_lock.acquire(timeout=_EXIT_SECONDS)

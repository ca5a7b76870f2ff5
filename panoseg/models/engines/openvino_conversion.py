"""A network for OpenVINO, made of a checkpoint by a process of its own.

Tracing takes a second network's memory and Python's lock for seconds; a process gives both back. It is
run as `python -m panoseg.models.engines.openvino_conversion CHECKPOINT HEIGHT WIDTH FOLDER [NICENESS]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from panoseg.errors import CancelledError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.engines.conversion_cache import NETWORK_FILE
from panoseg.models.engines.engine import CANCELLATION_POLL_SECONDS, Cancelled
from panoseg.prediction import Size

_POLITE = "19"
"""The niceness of a conversion that nobody waits for."""


def convert(
    checkpoint: Checkpoint, size: Size, folder: Path, cancelled: Cancelled, *, in_background: bool
) -> None:
    """Write the network for inputs of (height, width) pixels into the folder.

    Args:
        in_background: nobody waits for it, so that it takes what others leave of the CPU.

    Raises:
        CancelledError: `cancelled` said so meanwhile.
        RuntimeError: it cannot be converted; says why in the library's words.
    """
    package = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")])),
        "HF_HUB_OFFLINE": "1",
    }
    arguments = [*map(str, (checkpoint.folder, *size, folder))]
    if in_background:
        environment |= {"OMP_NUM_THREADS": "1"}
        arguments.append(_POLITE)
    # -P: nothing is imported from the working directory.
    command = [sys.executable, "-P", "-m", __name__, *arguments]
    with tempfile.TemporaryFile() as output:
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment
        ) as process:
            while process.poll() is None:
                if cancelled():
                    process.kill()
                    raise CancelledError()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(CANCELLATION_POLL_SECONDS)
        if process.returncode:
            output.seek(0)
            lines = output.read().decode(errors="replace").strip().splitlines() or ["it gave no reason"]
            raise RuntimeError(lines[-1][:160])


def import_openvino() -> Any:
    """OpenVINO, without the reports that its import sends to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # as if not installed
    import openvino

    return openvino


def main(checkpoint: str, height: str, width: str, folder: str, niceness: str = "0") -> None:
    """Convert; ends at once when the process that asked for it does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(int(niceness))
    import torch

    from panoseg.models.engines.torch_weights import read_network

    # Which classes are things does not matter here.
    network = read_network(Checkpoint.read(Path(checkpoint), "the checkpoint", things=[]))
    example = torch.zeros(1, 3, int(height), int(width))
    with torch.no_grad():
        # Without tracing twice to compare, which would double the time.
        traced = torch.jit.trace(network, example, check_trace=False, strict=False)  # type: ignore[no-untyped-call]
    openvino = import_openvino()
    converted = openvino.convert_model(traced, example_input=example, input=[tuple(example.shape)])
    openvino.save_model(converted, Path(folder) / NETWORK_FILE, compress_to_fp16=False)


def _end_with_parent() -> None:
    os.read(0, 1)  # standard input is held open, and nothing sent, for as long as it lives
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])

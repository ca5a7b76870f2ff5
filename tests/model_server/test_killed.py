"""The server's process is killed while somebody waits for it."""

import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import panoseg
from panoseg import Photo
from panoseg.models.remote import remote_segmenter
from tests.fakes import fake_prediction
from tests.model_server.processes import free_port
from tests.model_server.running import TOKEN

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@contextmanager
def server(port, *how):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server.alone", str(port), *how],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert f"demo at http://127.0.0.1:{port}" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_request_outlives_a_server_that_is_killed_over_it(monkeypatch):
    monkeypatch.setattr(remote_segmenter, "PROGRESS_SECONDS", 0.05)
    monkeypatch.setattr(remote_segmenter, "_PAUSES", (0.05,))
    port = free_port()
    photo = Photo.from_pixels(np.zeros((30, 40, 3), np.uint8), "x")
    told, results = [], []
    with server(port, "held"):
        segmenter = panoseg.load_segmenter(f"http://127.0.0.1:{port}", token=TOKEN)
        asking = threading.Thread(
            target=lambda: results.append(
                segmenter.predict_in_line(photo, "shipped", lambda: False, told.append)
            )
        )
        asking.start()
        until(lambda: any(each.place == 0 and each.seconds for each in told))  # it is in the network
    until(lambda: "Trying again" in told[-1].trouble)
    with server(port):
        asking.join(PATIENCE)
    assert results[0].mask_logits.tobytes() == fake_prediction((30, 40)).mask_logits.tobytes()

"""`panoseg serve` with the demo model and a cluster of its own: one server for all of these."""

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
import torch

pytest.importorskip("ray", reason="Ray is an extra")

import panoseg
from panoseg import panoptic
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.errors import CancelledError, PhotoError
from panoseg.export import FORMATS
from panoseg.models.remote import remote_segmenter
from panoseg.serving.model_service import ModelService
from panoseg.serving.requests import Requests
from panoseg.settings import settings
from tests.cli.shell import run
from tests.model_server.processes import ServerProcess, free_port
from tests.model_server.running import TOKEN

if sys.platform != "linux":
    pytest.skip("looks at processes as Linux shows them", allow_module_level=True)

SCENE = next(iter(GALLERY))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    # As many as this process's network has, on which the last digits of what it says depend.
    threads = str(torch.get_num_threads())
    process = ServerProcess(free_port(), tmp_path_factory.mktemp("serve"), "--threads", threads)
    try:
        process.wait_until_ready()
        yield process
    finally:
        process.kill()


@pytest.fixture(autouse=True)
def curious(monkeypatch):
    """Asks often how far a pass is, which may take a second or two."""
    monkeypatch.setattr(remote_segmenter, "PROGRESS_SECONDS", 0.05)


@pytest.fixture(scope="module")
def remote(server):
    return panoseg.load_segmenter(server.base, token=TOKEN)


@pytest.fixture(scope="module")
def local():
    return panoseg.load_segmenter("demo")


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / "scene.jpg"
    Image.fromarray(open_scene(SCENE, (300, 400)).pixels).save(path, quality=90)
    return path


@pytest.mark.parametrize("size", ["shipped", 256])
def test_predictions_are_those_of_this_machine_byte_for_byte(remote, local, picture, size):
    far, near = remote.predict(picture, input_size=size), local.predict(picture, input_size=size)
    assert far.mask_logits.tobytes() == near.mask_logits.tobytes()
    assert far.class_logits.tobytes() == near.class_logits.tobytes()
    assert far.vocabulary == near.vocabulary
    assert (remote.weights_sha256, remote.engine, remote.precision) == (
        local.weights_sha256,
        local.engine,
        local.precision,
    )
    assert panoptic(far).id_map.tobytes() == panoptic(near).id_map.tobytes()


def test_the_shells_files_are_the_same_byte_for_byte(server, picture, tmp_path, monkeypatch, capsys):
    every = ",".join(FORMATS)
    assert run("segment", picture, "--out", tmp_path / "near", "--formats", every) == 0
    monkeypatch.setenv("PANOSEG_SERVER", server.base)
    monkeypatch.setenv("PANOSEG_TOKEN", TOKEN)
    settings.cache_clear()
    assert run("segment", picture, "--out", tmp_path / "far", "--formats", every) == 0
    near, far = (
        {path.name: path.read_bytes() for path in (tmp_path / where).iterdir()} for where in ("near", "far")
    )
    assert near and near == far
    said = capsys.readouterr().out
    assert said.count("scene.jpg: 400 × 300 pixels") == 2


def test_what_the_page_gets_is_the_same_byte_for_byte(server, local, picture, monkeypatch):
    monkeypatch.setenv("PANOSEG_TOKEN", TOKEN)
    settings.cache_clear()
    photo = panoseg.open_photo(picture)
    requests = Requests(ModelService("auto", 0, server=server.base).models)
    far = requests.predict("picture", photo, "demo", "shipped", lambda text, share=None: None)
    assert panoptic(far).id_map.tobytes() == panoptic(local.predict(photo)).id_map.tobytes()


def test_a_file_that_cannot_be_read_is_refused_there_in_a_sentence(remote, picture):
    broken = picture.with_name("broken.jpg")
    broken.write_bytes(picture.read_bytes()[:2000])
    photo = panoseg.Photo(np.zeros((300, 400, 3), np.uint8), "x", "x", broken.read_bytes())
    with pytest.raises(PhotoError, match="damaged or incomplete"):
        remote.predict(photo)


def test_a_replica_that_is_killed_in_a_forward_pass_costs_time_alone(server, remote, local):
    photo = open_scene(SCENE, (300, 300))
    before = server.replicas()
    told, results = [], []
    asking = threading.Thread(
        target=lambda: results.append(remote.predict_in_line(photo, 1024, lambda: False, told.append))
    )
    asking.start()
    while not any(each.place == 0 and each.seconds for each in told):
        assert asking.is_alive()
        time.sleep(0.01)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    asking.join(120)
    assert results[0].mask_logits.tobytes() == local.predict(photo, input_size=1024).mask_logits.tobytes()
    assert before and not set(before) & set(server.replicas())


def test_a_request_that_is_given_up_stops_the_network(server, remote):
    """By the time on its cores, which a pass at that size takes seconds of however busy the machine is."""
    before = server.replica_seconds()
    remote.predict(open_scene(SCENE, (309, 309)), input_size=1024)
    whole = server.replica_seconds() - before
    before = server.replica_seconds()
    for height in (310, 311, 312):
        told = []
        with pytest.raises(CancelledError):
            remote.predict_in_line(
                open_scene(SCENE, (height, height)),
                1024,
                lambda told=told: bool(told) and told[-1].place == 0 and told[-1].seconds > 0,
                told.append,
            )
    remote.predict(open_scene(SCENE, (96, 96)))  # comes behind whatever of them still runs
    assert server.replica_seconds() - before < 0.6 * 3 * whole


def test_only_the_door_and_what_asks_for_a_token_listens(server):
    """Ray's own ports stay on this machine but for one of each replica, and each of them asks for a token."""
    loopback = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
    beyond = {pid for pid, address in server.listening() if address not in loopback}
    assert beyond <= set(server.replicas())


def test_it_ends_in_good_order(server):
    children = server.children()
    assert server.stop() < 15
    end = time.monotonic() + 20
    while any(os.path.exists(f"/proc/{pid}") for pid in children):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "outcome=ok" in server.log.read_text().splitlines()[-1]

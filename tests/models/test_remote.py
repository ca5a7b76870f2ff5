"""A model on a server, as the library sees it: the same answers, and a sentence for whatever goes wrong."""

import contextlib
import json
import socket
import threading
import time

import numpy as np
import pytest
from PIL import Image

import panoseg
from panoseg import InvalidValueError, Photo, PhotoError, panoptic
from panoseg.errors import CancelledError, ModelError, ModelServerError, UnknownThingsError
from panoseg.model_server.answers import Refusal
from panoseg.models.remote import connection, remote_segmenter
from panoseg.models.remote.address import ServerAddress
from panoseg.models.remote.remote_segmenter import file_of
from tests.fakes import VOCABULARY, fake_prediction
from tests.model_server.local_replicas import LocalReplicas
from tests.model_server.running import TOKEN, running
from tests.models.stub_server import stub

SIZE = (30, 40)


def photo(shade=0):
    return Photo.from_pixels(np.full((*SIZE, 3), shade, np.uint8), "shade")


@pytest.fixture
def server():
    with running() as found:
        yield found


@pytest.fixture
def segmenter(server):
    return panoseg.load_segmenter(server.base, token=TOKEN)


@pytest.fixture
def quick(monkeypatch):
    """Patience that a test has."""
    monkeypatch.setattr(remote_segmenter, "PROGRESS_SECONDS", 0.05)
    monkeypatch.setattr(remote_segmenter, "_PAUSES", (0.05,))
    monkeypatch.setattr(remote_segmenter, "AWAY_SECONDS", 1.0)
    monkeypatch.setattr(remote_segmenter, "PATIENCE_SECONDS", 1.0)


def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- the same answers ---


def test_the_answer_is_that_of_the_model_bit_by_bit(segmenter):
    came, wanted = segmenter.predict(photo()), fake_prediction(SIZE)
    assert came.mask_logits.tobytes() == wanted.mask_logits.tobytes()
    assert came.class_logits.tobytes() == wanted.class_logits.tobytes()
    assert panoptic(came).id_map.tobytes() == panoptic(wanted).id_map.tobytes()
    assert came.vocabulary == segmenter.vocabulary == VOCABULARY
    assert (segmenter.name, segmenter.revision, segmenter.device) == ("demo", "abc", "cpu")
    assert (segmenter.weights_sha256, segmenter.engine, segmenter.precision) == ("d" * 64, "torch", "float32")


def test_half_precision_can_be_asked_for(server):
    panoseg.load_segmenter(server.base, token=TOKEN, precision="float16").predict(photo())
    assert [each.precision for each in server.replicas.seen] == ["half"]


def test_a_file_travels_as_it_is_and_pixels_without_loss(segmenter, server, tmp_path):
    path = tmp_path / "photo.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (*SIZE, 3), np.uint8)).save(path)
    assert file_of(panoseg.open_photo(path)) == path.read_bytes()
    pixels = panoseg.open_photo(path).pixels
    assert (panoseg.open_photo(file_of(Photo.from_pixels(pixels, "x"))).pixels == pixels).all()
    segmenter.predict(path)
    assert server.replicas.seen[-1].sha256 == panoseg.open_photo(path).digest


def test_a_model_is_named_in_the_address():
    with running(LocalReplicas("owner/name")) as server:
        segmenter = panoseg.load_segmenter(f"{server.base}/v1/models/owner/name", token=TOKEN)
        assert segmenter.name == "owner/name"
        assert segmenter.predict(photo()).image_size == SIZE
        with pytest.raises(ModelServerError, match=r"has no model 'other'; it has owner/name\.$"):
            panoseg.load_segmenter(f"{server.base}/v1/models/other", token=TOKEN)


def test_many_are_asked_about_side_by_side(server):
    server.replicas.facts = [
        server.replicas.facts[0].__class__("demo", None, "cpu", VOCABULARY, True, 1024, 3)
    ]
    segmenter = panoseg.load_segmenter(server.base, token=TOKEN)
    assert segmenter.batch == 3
    server.replicas.held = True
    threading.Thread(
        target=lambda: until(lambda: len(server.replicas.seen) == 3) or let(server), daemon=True
    ).start()
    assert [each.image_size for each in segmenter.predict_many([photo(n) for n in range(3)])] == [SIZE] * 3


def let(server):
    server.replicas.held = False


def test_things_are_said_where_the_server_does_not_know_them():
    with running(LocalReplicas(decided=False)) as server:
        with pytest.raises(UnknownThingsError) as caught:
            panoseg.load_segmenter(server.base, token=TOKEN)
        assert caught.value.labels == VOCABULARY.labels
        segmenter = panoseg.load_segmenter(server.base, token=TOKEN, things=["ball", 2])
        assert segmenter.predict(photo()).vocabulary.things == {2, 3}
        with pytest.raises(InvalidValueError, match="no label 'moon'"):
            panoseg.load_segmenter(server.base, token=TOKEN, things=["moon"])


# --- what is waited for ---


def test_it_says_what_is_waited_for_and_a_withdrawn_request_frees_its_place(server, segmenter, quick):
    server.replicas.held = True
    told, stop = [], threading.Event()
    waiting = [
        threading.Thread(target=ask, args=(segmenter, n, stop, told if n == 2 else [])) for n in range(3)
    ]
    for number, thread in enumerate(waiting):
        thread.start()
        until(lambda number=number: len(server.replicas.seen) + server.server.door.waiting > number)
    until(lambda: told and told[-1].place == 2)
    stop.set()
    for thread in waiting:
        thread.join()
    until(lambda: not server.server.door.busy)
    assert server.replicas.cancelled >= 2  # those that were with the replica, and who came there after them


def ask(segmenter, shade, stop, told):
    with contextlib.suppress(CancelledError):
        segmenter.predict_in_line(photo(shade), "shipped", stop.is_set, told.append)


def test_a_busy_server_is_asked_again(server, segmenter, quick):
    server.replicas.answer = Refusal(503, "The model is busy; try again in 1 s.")
    told = []

    def tell(waiting):
        told.append(waiting.trouble)
        server.replicas.answer = None

    assert segmenter.predict_in_line(photo(), "shipped", lambda: False, tell).image_size == SIZE
    assert told == ["The model server is busy. Trying again…"]


def test_patience_ends_with_the_servers_own_words(server, segmenter, quick):
    server.replicas.answer = Refusal(503, "The model is busy; try again in 1 s.")
    with pytest.raises(ModelServerError, match="The model is busy"):
        segmenter.predict(photo())


def test_a_server_that_starts_anew_is_found_again(quick):
    replicas = LocalReplicas()
    with running(replicas) as server:
        port = server.server.port
        segmenter = panoseg.load_segmenter(server.base, token=TOKEN)
        replicas.held = True
        told, results = [], []
        asking = threading.Thread(
            target=lambda: results.append(
                segmenter.predict_in_line(photo(), "shipped", lambda: False, told.append)
            )
        )
        asking.start()
        until(lambda: replicas.seen)
    until(lambda: any("Trying again" in each.trouble for each in told))
    with running(port=port):
        asking.join(30)
    assert results[0].image_size == SIZE


def test_a_server_that_stays_away_is_one_sentence(quick):
    with running() as server:
        segmenter = panoseg.load_segmenter(server.base, token=TOKEN)
    with pytest.raises(ModelServerError, match=r"does not answer; try again in a moment\.$"):
        segmenter.predict(photo())
    with pytest.raises(ModelServerError, match=r"^The model server 127\.0\.0\.1:\d+ does not answer"):
        panoseg.load_segmenter(server.base, token=TOKEN)


def test_one_who_leaves_does_not_wait_for_a_server_that_is_away(quick):
    with running() as server:
        segmenter = panoseg.load_segmenter(server.base, token=TOKEN)
    with pytest.raises(CancelledError):
        segmenter.predict(photo(), cancelled=lambda: True)


def test_a_connection_that_has_died_without_a_word_is_noticed(quick, monkeypatch):
    """The server takes the picture and never answers: neither that nor how far it is."""
    monkeypatch.setattr(remote_segmenter, "LOST_SECONDS", 0.3)
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.2)
    with running() as server:
        port = server.server.port
        segmenter = panoseg.load_segmenter(server.base, token=TOKEN)
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(ModelServerError, match="does not answer any more"),
    ):
        segmenter.predict(photo())


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("token", "says"), [("another-token-than-it", "another token"), (None, "wants a token")]
)
def test_a_wrong_token_is_one_sentence(server, token, says):
    with pytest.raises(ModelServerError, match=says) as caught:
        panoseg.load_segmenter(server.base, token=token)
    assert "PANOSEG_TOKEN" in str(caught.value)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(422, "The file is damaged."), PhotoError),
        (Refusal(413, "The picture is too large."), PhotoError),
        (Refusal(400, "input_size: too large."), InvalidValueError),
        (Refusal(507, "Too little memory."), ModelError),
        (Refusal(500, "The model failed."), ModelError),
    ],
)
def test_a_refusal_is_raised_as_what_it_is(server, segmenter, refusal, kind):
    server.replicas.answer = refusal
    with pytest.raises(kind) as caught:
        segmenter.predict(photo())
    assert str(caught.value) == refusal.sentence
    assert len(server.replicas.seen) == 1


@pytest.mark.parametrize("status", [200, 404, 426])
@pytest.mark.parametrize("version", ["0", "2"])
def test_another_version_is_one_sentence(version, status):
    with (
        stub(status, {"Panoseg-Protocol": version}) as server,
        pytest.raises(ModelServerError, match=f"speaks version {version} .* this panoseg version 1"),
    ):
        panoseg.load_segmenter(server.base)


def test_another_kind_of_server_is_one_sentence():
    with (
        stub(200, {}, b"<html>") as server,
        pytest.raises(ModelServerError, match="no server of panoseg's models answers"),
    ):
        panoseg.load_segmenter(server.base)


def test_a_proxy_without_a_server_behind_it_is_one_sentence():
    with (
        stub(502, {}, b"<html>Bad gateway") as server,
        pytest.raises(ModelServerError, match="is not there; try again"),
    ):
        panoseg.load_segmenter(server.base)


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b'{"models": [{}]}', b'{"models": 1}', b"[" * 100_000]
)
def test_nonsense_is_one_sentence(body):
    with (
        stub(body=body, headers={"Panoseg-Protocol": "1", "Content-Type": "application/json"}) as server,
        pytest.raises(ModelServerError, match="makes no sense"),
    ):
        panoseg.load_segmenter(server.base)


def test_a_server_cannot_send_us_elsewhere():
    with stub() as elsewhere:
        headers = {"Panoseg-Protocol": "1", "Location": f"{elsewhere.base}/v1/models"}
        with stub(307, headers) as server, pytest.raises(ModelError):
            panoseg.load_segmenter(server.base)
        assert elsewhere.asked == []


def test_a_prediction_that_makes_no_sense_is_one_sentence(server, segmenter):
    server.replicas.answer = b"\x08\0\0\0\0\0\0\0{}      "
    with pytest.raises(ModelServerError, match="makes no sense"):
        segmenter.predict(photo())


@pytest.mark.parametrize("options", [{"device": "cuda"}, {"engine": "torch"}, {"revision": "main"}])
def test_what_the_server_decides_cannot_be_asked_for(options):
    with pytest.raises(InvalidValueError, match="a model server chooses its own"):
        panoseg.load_segmenter("http://127.0.0.1:1", **options)


def test_no_size_that_there_is_not_travels(server, segmenter):
    with pytest.raises(InvalidValueError, match="input_size"):
        segmenter.predict(photo(), input_size=7)
    assert server.replicas.seen == []


# --- addresses ---


@pytest.mark.parametrize(
    ("text", "base", "model"),
    [
        ("https://a.example", "https://a.example", None),
        ("https://a.example/", "https://a.example", None),
        ("http://a.example:81/below/", "http://a.example:81/below", None),
        ("https://a.example/v1/models", "https://a.example", None),
        ("https://a.example/below/v1/models/owner/name", "https://a.example/below", "owner/name"),
        ("https://a.example/v1/models/a%20b", "https://a.example", "a b"),
    ],
)
def test_an_address_is_read(text, base, model):
    assert ServerAddress.read(text) == (base, model)
    if model:
        assert ServerAddress.read(ServerAddress(base, None).of_model(model)) == (base, model)


@pytest.mark.parametrize(
    "text", ["ftp://a", "https://", "https://a?b", "https://a#b", "https://a:99999", "a"]
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(InvalidValueError, match="wanted http:// or https://"):
        ServerAddress.read(text)


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(InvalidValueError, match="PANOSEG_TOKEN") as caught:
        ServerAddress.read("https://me:secret@a.example")
    assert "secret" not in str(caught.value)


def test_a_model_list_is_json(server):
    facts = server.replicas.facts[0].to_json()
    with stub(
        body=json.dumps({"models": [facts]}).encode(),
        headers={"Panoseg-Protocol": "1", "Content-Type": "application/json; charset=utf-8"},
    ) as found:
        assert panoseg.load_segmenter(found.base).name == "demo"

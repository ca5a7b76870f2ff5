"""A checkpoint's folder or name → something that predicts as transformers does."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import Mask2FormerForUniversalSegmentation

from panoseg.errors import CancelledError, InvalidValueError, MemoryShortError, ModelError, PanosegError
from panoseg.models import Segmenter, load_segmenter, loading, network_segmenter
from panoseg.models.engines import torch_engine
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from tests.models.agreement import assert_logits_agree, assert_predictions_agree
from tests.models.tiny import LABELS, edit_json, photo, save_tiny, write_preprocessor

Refusal = Callable[..., str]


def spy(segmenter: Segmenter) -> list[dict[str, Any]]:
    """What the network is called with from now on."""
    calls: list[dict[str, Any]] = []
    network: torch.nn.Module = segmenter._engine._network  # type: ignore[attr-defined]
    network.register_forward_pre_hook(lambda module, args, options: calls.append(options), with_kwargs=True)
    return calls


def test_a_folder_loads_and_predicts(squash_folder: Path) -> None:
    said: list[str] = []
    segmenter = load_segmenter(squash_folder, device="cpu", progress=lambda step: said.append(str(step)))
    assert (segmenter.name, segmenter.revision, segmenter.device) == ("squash", None, "cpu")
    assert segmenter.vocabulary.labels == LABELS
    assert segmenter.vocabulary.things == {1, 2}
    assert said == ["Loading the network …"]

    prediction = segmenter.predict(photo(50, 70))
    assert prediction.class_logits.shape == (5, 4)
    assert prediction.class_logits.dtype == prediction.mask_logits.dtype == np.float32
    assert prediction.mask_logits.shape == (5, 16, 24)
    assert prediction.input_size == prediction.content_size == (64, 96)
    assert prediction.image_size == (50, 70)
    assert prediction.vocabulary is segmenter.vocabulary


def test_logits_are_those_of_transformers(squash_folder: Path) -> None:
    segmenter = load_segmenter(str(squash_folder), device="cpu")
    calls = spy(segmenter)
    prediction = segmenter.predict(photo(50, 70))
    network = Mask2FormerForUniversalSegmentation.from_pretrained(squash_folder)
    with torch.no_grad():
        output = network(pixel_values=calls[0]["pixel_values"].clone())
    assert_logits_agree(prediction.class_logits, output.class_queries_logits[0])
    assert_logits_agree(prediction.mask_logits, output.masks_queries_logits[0])


@pytest.mark.parametrize(
    ("image", "content", "padded"),
    [
        ((60, 80), (40, 53), (64, 64)),
        ((80, 60), (53, 40), (64, 64)),
        ((20, 300), (6, 90), (32, 96)),
        ((64, 128), (40, 80), (64, 96)),
    ],
)
def test_padding_is_told_from_content(
    edges_folder: Path, image: tuple[int, int], content: tuple[int, int], padded: tuple[int, int]
) -> None:
    segmenter = load_segmenter(edges_folder, device="cpu")
    calls = spy(segmenter)
    prediction = segmenter.predict(photo(*image))
    assert prediction.content_size == content
    assert prediction.input_size == padded
    assert prediction.image_size == image
    values = calls[0]["pixel_values"][0]
    assert values.shape == (3, *padded)
    assert values.dtype == torch.float32
    assert not values[:, content[0] :].any()
    assert not values[:, :, content[1] :].any()
    assert prediction.mask_logits.shape[1:] == (padded[0] // 4, padded[1] // 4)


def test_a_mask_follows_its_object_through_every_policy(tmp_path: Path) -> None:
    """A bright square comes back where it was, padding or not.

    The untrained network is replaced by one that "sees" brightness: its mask is the mean of the
    input's channels, in cells of 4×4, as Mask2Former's masks are.
    """
    from panoseg import Thresholds, panoptic

    pixels = np.zeros((90, 150, 3), np.uint8)
    pixels[30:75, 80:130] = 255
    for size in ({"height": 64, "width": 64}, {"shortest_edge": 100, "longest_edge": 170}):
        segmenter: Any = load_segmenter(save_tiny(tmp_path / str(len(size)), size=size), device="cpu")

        class Brightness(torch.nn.Module):
            def forward(self, pixel_values: torch.Tensor, **options: Any) -> Any:
                cells = torch.nn.functional.avg_pool2d(pixel_values.mean(1, keepdim=True), 4) * 10
                logits = torch.tensor([[[0.0, 20.0, 0.0, 0.0]]])
                return logits, cells

        segmenter._engine._network = Brightness()
        found = panoptic(segmenter.predict(pixels), Thresholds()).segments
        assert len(found) == 1
        x, y, width, height = found[0].bbox
        cell = 90 / 64 * 4
        assert np.allclose((x, y, x + width, y + height), (80, 30, 130, 75), atol=cell)


def test_loaded_in_float32_and_for_inference(squash_folder: Path, tmp_path: Path) -> None:
    half = Mask2FormerForUniversalSegmentation.from_pretrained(squash_folder, dtype=torch.float16)
    half.save_pretrained(tmp_path / "half")
    write_preprocessor(tmp_path / "half", size={"height": 64, "width": 64})
    segmenter: Any = load_segmenter(tmp_path / "half", device="cpu", things=["cat"])
    weights = list(segmenter._engine._network.parameters())
    assert {weight.dtype for weight in weights} == {torch.float32}
    assert not any(weight.requires_grad for weight in weights)
    assert not segmenter._engine._network.training
    assert np.isfinite(segmenter.predict(photo(40, 40)).mask_logits).all()


def test_pickled_weights_give_the_same(squash_folder: Path, tmp_path: Path) -> None:
    pickled = load_segmenter(save_tiny(tmp_path / "pickled", pickled=True), device="cpu")
    wanted = load_segmenter(squash_folder, device="cpu").predict(photo(30, 30))
    assert_predictions_agree(pickled.predict(photo(30, 30)), wanted)


def test_weights_in_several_files(folder: Path, squash_folder: Path) -> None:
    network = Mask2FormerForUniversalSegmentation.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    network.save_pretrained(folder, max_shard_size="200KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 1
    wanted = load_segmenter(squash_folder, device="cpu").predict(photo(30, 30))
    got = load_segmenter(folder, device="cpu", things=["cat"]).predict(photo(30, 30))
    assert_predictions_agree(got, wanted)


def test_threads_share_one(edges_folder: Path) -> None:
    segmenter = load_segmenter(edges_folder, device="cpu")
    scenes = [photo(40 + 3 * i, 90 - 5 * i, seed=i) for i in range(6)]
    wanted = [segmenter.predict(scene) for scene in scenes]
    got: dict[int, Prediction] = {}

    def work(i: int) -> None:
        got[i] = segmenter.predict(scenes[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(scenes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, prediction in enumerate(wanted):
        assert_predictions_agree(got[i], prediction)


def test_photos_of_one_size_share_a_forward_pass(edges_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter: Any = load_segmenter(edges_folder, device="cpu")
    scenes = [photo(40, 60, seed=0), photo(40, 60, seed=1), photo(40, 90, seed=2), photo(60, 40, seed=3)]
    wanted = [segmenter.predict(scene) for scene in scenes]
    passes: list[int] = []
    network = segmenter._engine._network
    network.register_forward_pre_hook(
        lambda module, arguments, options: passes.append(len(options["pixel_values"])), with_kwargs=True
    )
    monkeypatch.setattr(torch_engine.TorchEngine, "batch", 2)
    got = segmenter.predict_many(scenes)
    assert passes == [2, 1, 1]  # 64×64 twice, 64×96, 64×64
    for one, other in zip(got, wanted, strict=True):
        assert_predictions_agree(one, other)


def test_one_of_a_batch_does_not_keep_the_others_in_memory(
    squash_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_engine.TorchEngine, "batch", 3)
    photos = [photo(30, 40, seed) for seed in range(3)]
    for prediction in load_segmenter(squash_folder, device="cpu").predict_many(photos):
        for logits in (prediction.class_logits, prediction.mask_logits):
            kept = logits
            while isinstance(kept.base, np.ndarray):
                kept = kept.base
            assert kept.nbytes == logits.nbytes


def test_room_is_made_before_the_weights_come(folder: Path, tmp_path: Path) -> None:
    needs: list[int] = []
    load_segmenter(folder, device="cpu", make_room=needs.append)
    size = (folder / "model.safetensors").stat().st_size
    assert needs == [round(1.3 * size) + 2**30]
    pickled = save_tiny(tmp_path / "pickled", pickled=True)
    load_segmenter(pickled, device="cpu", make_room=needs.append)
    assert needs[1] == round(1.3 * (pickled / "pytorch_model.bin").stat().st_size) + 2**30
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ModelError):
        load_segmenter(folder, device="cpu", make_room=needs.append)
    assert needs[2] == round(1.3 * len(b"damaged")) + 2**30


def test_a_forward_pass_can_be_given_up_in_its_midst(squash_folder: Path) -> None:
    segmenter = load_segmenter(squash_folder, device="cpu")
    wanted = segmenter.predict(photo(30, 30))
    asked = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 20

    with pytest.raises(CancelledError):
        segmenter.predict(photo(30, 30), cancelled=cancelled)
    assert len(asked) == 21
    assert_predictions_agree(segmenter.predict(photo(30, 30)), wanted)


def test_the_input_size_is_the_callers(squash_folder: Path) -> None:
    segmenter = load_segmenter(squash_folder, device="cpu")
    assert segmenter.predict(photo(30, 60)).input_size == (64, 96)
    finer = segmenter.predict(photo(30, 60), input_size=100)
    assert (finer.content_size, finer.input_size) == ((84, 167), (96, 192))  # the longer edge's bound
    for wrong in (0, 63, 2049, "large", 1.5, None):
        with pytest.raises(InvalidValueError, match="input_size"):
            segmenter.predict(photo(30, 60), input_size=wrong)  # type: ignore[arg-type]


def test_waiting_has_an_end(squash_folder: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> None:
    segmenter: Any = load_segmenter(squash_folder, device="cpu")
    monkeypatch.setattr(network_segmenter, "PATIENCE_SECONDS", 0.05)
    with segmenter._forward_pass_lock:
        assert "busy" in refusal(segmenter.predict, photo(20, 20))
    segmenter.predict(photo(20, 20))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), "more memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"), "more memory"),
        (MemoryError(), "more memory"),
        (NotImplementedError("aten::x is not implemented\nmore"), "aten::x is not implemented"),
    ],
)
def test_a_forward_pass_that_fails(
    squash_folder: Path, refusal: Refusal, error: Exception, sentence: str
) -> None:
    segmenter: Any = load_segmenter(squash_folder, device="cpu")
    network = segmenter._engine._network

    def fail(**options: Any) -> None:
        raise error

    segmenter._engine._network = fail
    assert sentence in refusal(segmenter.predict, photo(20, 20))
    segmenter._engine._network = network
    segmenter.predict(photo(20, 20))  # the turn was given back


def test_an_input_smaller_than_the_network_can_take(folder: Path, refusal: Refusal) -> None:
    write_preprocessor(folder, size={"height": 32, "width": 32})
    assert "failed on cpu" in refusal(load_segmenter(folder, device="cpu").predict, photo(20, 20))


def test_weights_that_are_no_numbers(squash_folder: Path, refusal: Refusal) -> None:
    segmenter: Any = load_segmenter(squash_folder, device="cpu")
    segmenter._engine._network.network.class_predictor.bias.fill_(float("nan"))
    assert "damaged" in refusal(segmenter.predict, photo(20, 20))


def test_devices(squash_folder: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    for wanted in ("gpu", "cuda:x", "", "tpu", "cpu:1:2"):
        assert "device" in refusal(load_segmenter, squash_folder, device=wanted)
    there = {"cuda": False, "mps": False}
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there["cuda"])
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: there["mps"])
    assert torch_engine.torch_device(None) == "cpu"
    assert "cpu" in refusal(load_segmenter, squash_folder, device="cuda")
    there["mps"] = True
    assert torch_engine.torch_device(None) == "mps"
    there["cuda"] = True
    assert torch_engine.torch_device(None) == "cuda"
    assert torch_engine.torch_device("cuda:1") == "cuda:1"
    assert torch_engine.torch_device("cpu") == "cpu"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "no model"),
        ("resnet", "no model"),
        ("owner/name with blanks", "no model"),
        ("owner/../name", "no folder"),
        ("../../etc/passwd", "no folder"),
        ("/no/such/folder", "no folder"),
        ("~/no such folder", "no folder"),
        (Path("owner/name"), "no folder"),
        ("a\0b", "no model"),
        ("ftp://example.org/a/b", "no folder"),
    ],
)
def test_names_that_lead_nowhere(name: str | Path, sentence: str, refusal: Refusal) -> None:
    assert sentence in refusal(load_segmenter, name)


def test_only_the_hub_has_revisions(squash_folder: Path, refusal: Refusal) -> None:
    assert "revision" in refusal(load_segmenter, squash_folder, revision="main")
    assert "revision" in refusal(load_segmenter, "demo", revision="main")


def test_demo_is_the_packaged_folder(squash_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import panoseg

    assert Path(panoseg.__file__).parent / "demo" / "weights" == loading.DEMO_FOLDER
    monkeypatch.setattr(loading, "DEMO_FOLDER", squash_folder)
    assert load_segmenter(device="cpu").name == "demo"


def test_no_things_no_model(folder: Path, refusal: Refusal) -> None:
    edit_json(folder / "config.json", panoseg_things=None)
    assert "things=" in refusal(load_segmenter, folder)
    assert load_segmenter(folder, things=["dog"], device="cpu").vocabulary.things == {2}


def test_constants_of_old_checkpoints_do_no_harm(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    table = (
        "model.pixel_level_module.encoder.encoder.layers.0.blocks.0.attention.self.relative_position_index"
    )
    weights[table] = torch.zeros(16, 16, dtype=torch.int64)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    load_segmenter(folder, device="cpu")


def test_an_error_is_a_panoseg_error() -> None:
    import panoseg

    with pytest.raises(panoseg.PanosegError):
        load_segmenter("no model")
    assert issubclass(ModelError, panoseg.PanosegError)


def test_importing_is_cheap() -> None:
    script = (
        "import sys, json, panoseg.models;"
        "print(json.dumps([m for m in ('torch', 'transformers', 'huggingface_hub') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_whatever_holds_a_photo_is_predicted_alike(squash_folder: Path, tmp_path: Path) -> None:
    segmenter = load_segmenter(squash_folder, device="cpu")
    pixels = photo(30, 40).pixels
    picture = Image.fromarray(pixels)
    picture.save(path := tmp_path / "waves.png")
    sources = [pixels, picture, Image.open(path), path, str(path), path.read_bytes()]
    wanted = segmenter.predict(photo(30, 40))
    for got in segmenter.predict_many(sources):
        assert_predictions_agree(got, wanted)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (None, "photo: wanted a Photo, a path, bytes.* got NoneType"),
        ([[0]], "photo: wanted .* got list"),
        (np.zeros((4, 4), np.uint8), "pixels: wanted uint8 of shape"),
        ("no such.png", "“no such.png” does not exist"),
    ],
)
def test_what_holds_no_photo_is_refused(squash_folder: Path, source: Any, says: str) -> None:
    with pytest.raises(PanosegError, match=says):
        load_segmenter(squash_folder, device="cpu").predict(source)


def test_a_pass_that_memory_is_too_short_for_is_refused_before_it(tmp_path: Path) -> None:
    asked: list[int] = []

    def make_room(needed: int) -> bool:
        asked.append(needed)
        return len(asked) == 1  # to load it there is room

    segmenter = load_segmenter(save_tiny(tmp_path / "tiny"), device="cpu", make_room=make_room)
    dark = Photo.from_pixels(np.zeros((64, 96, 3), np.uint8), "dark")
    with pytest.raises(MemoryShortError, match="needs more memory than cpu has to look at "):
        segmenter.predict(dark, input_size=1312)
    assert asked[-1] > 2**30

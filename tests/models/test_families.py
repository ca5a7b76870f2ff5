import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer, OneFormerProcessor
from transformers.models.auto.modeling_auto import MODEL_FOR_UNIVERSAL_SEGMENTATION_MAPPING_NAMES

from panoseg import Thresholds, panoptic, semantic
from panoseg.errors import InvalidValueError
from panoseg.models import load_segmenter
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.families import FAMILIES
from panoseg.models.checkpoints.preprocess import InputPolicy
from panoseg.models.engines.torch_weights import read_network
from tests.models.agreement import INPUT_ROUNDING, assert_logits_agree, assert_predictions_agree
from tests.models.families import SIDE, processor_of, save_family
from tests.models.tiny import EDGES, LABELS, edit_json, photo

Refusal = Callable[..., str]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One checkpoint per family, not to be changed."""
    parent = tmp_path_factory.mktemp("families")
    return {family: save_family(parent / family, family) for family in FAMILIES}


def tokenizer() -> CLIPTokenizer:
    """As much of CLIP's vocabulary as OneFormer's question needs, with CLIP's own ids."""
    words = {"the</w>": 518, "task</w>": 10549, "is</w>": 533, "pan": 1072, "optic</w>": 24755}
    merges = ["t h", "th e</w>", "t a", "s k</w>", "ta sk</w>", "i s</w>", "p a", "pa n"]
    merges += ["o p", "t i", "ti c</w>", "op tic</w>"]
    pieces = [piece for merge in merges for piece in (*merge.split(), merge.replace(" ", ""))]
    vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))} | words
    ends = {"<|startoftext|>": 49406, "<|endoftext|>": 49407}
    return CLIPTokenizer(vocab=vocabulary | ends, merges=[tuple(merge.split()) for merge in merges])


@pytest.mark.parametrize("family", FAMILIES)
def test_logits_are_those_of_transformers(family: str, folders: dict[str, Path]) -> None:
    """From the photo to the logits, each on its own way."""
    scene = photo(48, 64)
    prediction = load_segmenter(folders[family], device="cpu").predict(scene)

    images, processor = [Image.fromarray(scene.pixels)], processor_of(family)
    if family == "oneformer":
        inputs = OneFormerProcessor(processor, tokenizer())(images, ["panoptic"], return_tensors="pt")
    else:
        inputs = processor(images, return_tensors="pt")
    inputs = {key: inputs[key] for key in ("pixel_values", "pixel_mask", "task_inputs") if key in inputs}
    network = getattr(transformers, FAMILIES[family].network).from_pretrained(folders[family])
    with torch.no_grad():
        output = network(**inputs)
    assert_logits_agree(prediction.class_logits, output.class_queries_logits[0])
    assert_logits_agree(prediction.mask_logits, output.masks_queries_logits[0])


def test_oneformer_is_asked_what_its_own_processor_asks(folders: dict[str, Path]) -> None:
    """Token by token: an untrained network would hardly tell one question from another."""
    segmenter: Any = load_segmenter(folders["oneformer"], device="cpu")
    calls: list[dict[str, Any]] = []
    segmenter._engine._network.network.register_forward_pre_hook(
        lambda module, arguments, options: calls.append(options), with_kwargs=True
    )
    segmenter.predict(photo(20, 20))
    images = [Image.fromarray(photo(20, 20).pixels)]
    wanted = OneFormerProcessor(processor_of("oneformer"), tokenizer())(images, ["panoptic"])["task_inputs"]
    assert wanted.shape == (1, 77)
    assert torch.equal(calls[0]["task_inputs"], wanted)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_prediction_is_merged_like_any_other(family: str, folders: dict[str, Path]) -> None:
    segmenter = load_segmenter(folders[family], device="cpu")
    prediction = segmenter.predict(photo(30, 64))
    assert segmenter.vocabulary.labels == LABELS
    assert prediction.class_logits.shape == (5, len(LABELS) + 1)
    height, width = prediction.input_size
    assert prediction.mask_logits.shape == (5, height // 4, width // 4)
    assert panoptic(prediction, Thresholds(score=0)).id_map.shape == (30, 64)
    assert semantic(prediction).segments


@pytest.mark.parametrize("family", FAMILIES)
def test_a_batch_answers_like_its_pictures(family: str, folders: dict[str, Path]) -> None:
    network = read_network(Checkpoint.read(folders[family], family))
    pictures = torch.rand(2, 3, SIDE, SIDE)
    with torch.no_grad():
        together = network(pictures)
        apart = [network(pictures[i : i + 1]) for i in range(2)]
    for both, *singles in zip(together, *apart, strict=True):
        assert_logits_agree(both, torch.cat(singles))


@pytest.mark.parametrize("family", ["maskformer", "oneformer"])
def test_other_input_sizes(family: str, folders: dict[str, Path]) -> None:
    prediction = load_segmenter(folders[family], device="cpu").predict(photo(48, 64), input_size=100)
    assert prediction.content_size == (100, 133)
    assert prediction.input_size == (128, 160)
    assert prediction.mask_logits.shape[1:] == (32, 40)


@pytest.mark.parametrize("family", ["mask2former", "maskformer", "oneformer"])
def test_networks_take_no_notice_of_a_pixel_mask(family: str, folders: dict[str, Path]) -> None:
    """Nor do the papers' own; if that changes in transformers, padding has to be told to the network."""
    network = getattr(transformers, FAMILIES[family].network).from_pretrained(folders[family])
    inputs = {"pixel_values": torch.rand(1, 3, 64, 64)}
    if family == "oneformer":
        inputs["task_inputs"] = torch.ones(1, 77)
    mask = torch.zeros(1, 64, 64, dtype=torch.int64)
    mask[:, :40, :40] = 1
    with torch.no_grad():
        with_mask, without_mask = network(**inputs, pixel_mask=mask), network(**inputs)
    assert_logits_agree(with_mask.masks_queries_logits, without_mask.masks_queries_logits)
    assert_logits_agree(with_mask.class_queries_logits, without_mask.class_queries_logits)


@pytest.mark.parametrize(
    ("family", "content", "size"),
    [
        ("maskformer", (40, 53), (64, 64)),
        ("oneformer", (40, 53), (64, 64)),
        ("eomt", (48, 64), (64, 64)),
        ("eomt_dinov3", (48, 64), (64, 64)),
    ],
)
def test_padding_is_told_from_content(
    family: str, content: tuple[int, int], size: tuple[int, int], folders: dict[str, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(folders[family], tmp_path / family))
    if not family.startswith("eomt"):
        edit_json(folder / "preprocessor_config.json", size=EDGES)
    prediction = load_segmenter(folder, device="cpu").predict(photo(60, 80))
    assert prediction.content_size == content
    assert prediction.input_size == size
    assert prediction.image_size == (60, 80)


@pytest.mark.parametrize("image", [(48, 64), (64, 48), (32, 128), (90, 90)])
def test_eomt_sees_what_its_own_processor_shows(image: tuple[int, int]) -> None:
    theirs = processor_of("eomt")
    ours = InputPolicy.from_config(theirs.to_dict())
    pixels = photo(*image).pixels
    wanted = theirs(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0]
    got = ours(pixels)
    assert got.size == (SIDE, SIDE)
    assert max(got.content_size) == SIDE
    np.testing.assert_allclose(got.values, wanted, atol=INPUT_ROUNDING)


@pytest.mark.parametrize("family", ["eomt", "eomt_dinov3"])
def test_eomt_takes_no_other_size(family: str, folders: dict[str, Path]) -> None:
    segmenter = load_segmenter(folders[family], device="cpu")
    with pytest.raises(InvalidValueError, match="one size only"):
        segmenter.predict(photo(30, 40), input_size=128)


@pytest.mark.parametrize(
    "changes",
    [
        {"do_pad": False},
        {"size": {"shortest_edge": 96, "longest_edge": 96}},
        {"size": {"shortest_edge": 64, "longest_edge": 96}},
    ],
)
def test_eomt_needs_inputs_of_its_size(
    changes: dict[str, Any], folders: dict[str, Path], tmp_path: Path, refusal: Refusal
) -> None:
    """Another size with as many patches would go through and give nonsense."""
    folder = Path(shutil.copytree(folders["eomt"], tmp_path / "eomt"))
    edit_json(folder / "preprocessor_config.json", **changes)
    assert "64 pixels square" in refusal(load_segmenter, folder)


def test_eomt_may_squash(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders["eomt"], tmp_path / "eomt"))
    edit_json(folder / "preprocessor_config.json", do_pad=False, size={"height": SIDE, "width": SIDE})
    assert load_segmenter(folder, device="cpu").predict(photo(30, 60)).content_size == (SIDE, SIDE)


def test_maskformer_left_as_it_was_trained(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders["maskformer"], tmp_path / "trained"))
    edit_json(folder / "config.json", use_auxiliary_loss=True)
    assert_same_answers(folder, folders["maskformer"])


def test_oneformer_left_as_it_was_trained(folders: dict[str, Path], tmp_path: Path) -> None:
    """With the weights of its text encoder, whatever its configuration says of them."""
    folder = save_family(tmp_path / "trained", "oneformer", is_training=True)
    weights = load_file(folder / "model.safetensors")
    assert any(key.startswith("model.text_mapper.") for key in weights)
    kept = {key: value for key, value in weights.items() if not key.startswith("model.text_mapper.")}
    shutil.copytree(folder, tmp_path / "stripped")
    save_file(kept, tmp_path / "stripped" / "model.safetensors", metadata={"format": "pt"})
    assert_same_answers(folder, tmp_path / "stripped")


def assert_same_answers(folder: Path, other: Path) -> None:
    one, two = (load_segmenter(each, device="cpu").predict(photo(48, 64)) for each in (folder, other))
    assert_predictions_agree(one, two)


def test_oneformer_with_its_whole_processor(folders: dict[str, Path], tmp_path: Path) -> None:
    """OneFormerProcessor keeps the image processor's settings in processor_config.json."""
    folder = Path(shutil.copytree(folders["oneformer"], tmp_path / "oneformer"))
    (folder / "preprocessor_config.json").unlink()
    OneFormerProcessor(processor_of("oneformer"), tokenizer()).save_pretrained(folder)
    assert not (folder / "preprocessor_config.json").exists()
    assert_same_answers(folder, folders["oneformer"])


def test_oneformer_knows_things_from_stuff(
    folders: dict[str, Path], tmp_path: Path, refusal: Refusal
) -> None:
    folder = Path(shutil.copytree(folders["oneformer"], tmp_path / "oneformer"))
    edit_json(folder / "config.json", panoseg_things=None)
    metadata: dict[str, Any] = {"class_names": list(LABELS), "thing_ids": [2]}
    edit_json(folder / "preprocessor_config.json", metadata=metadata)
    assert load_segmenter(folder, device="cpu").vocabulary.things == {2}
    for other in ({**metadata, "class_names": ["sky", "dog", "cat"]}, "none"):
        edit_json(folder / "preprocessor_config.json", metadata=other)
        assert "things=" in refusal(load_segmenter, folder)


@pytest.mark.parametrize(
    ("file", "changes", "sentence"),
    [
        ("config.json", {"model_type": "detr"}, "it runs Mask2Former, MaskFormer, OneFormer, EoMT and"),
        ("config.json", {"id2label": None}, "names no labels"),
        ("config.json", {"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, "numbers them"),
        ("config.json", {"id2label": {"0": "a", "1": "b", "2": "c", "3": "d"}}, "do not fit"),
        ("config.json", {"auto_map": {"AutoModel": "evil.Model"}}, "code of its own"),
        ("preprocessor_config.json", {"image_processor_type": "DetrImageProcessor"}, "DetrImageProcessor"),
    ],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_checkpoints_that_cannot_be_run(
    family: str,
    file: str,
    changes: dict[str, Any],
    sentence: str,
    folders: dict[str, Path],
    tmp_path: Path,
    refusal: Refusal,
) -> None:
    folder = Path(shutil.copytree(folders[family], tmp_path / family))
    edit_json(folder / file, **changes)
    assert sentence in refusal(load_segmenter, folder)


def test_a_backbone_that_needs_another_library(
    folders: dict[str, Path], tmp_path: Path, refusal: Refusal
) -> None:
    folder = Path(shutil.copytree(folders["oneformer"], tmp_path / "oneformer"))
    edit_json(folder / "config.json", backbone_config={"model_type": "dinat"})
    sentence = refusal(load_segmenter, folder)
    assert "natten" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_weights(family: str, folders: dict[str, Path], tmp_path: Path, refusal: Refusal) -> None:
    folder = Path(shutil.copytree(folders[family], tmp_path / family))
    weights = folder / "model.safetensors"
    content = weights.read_bytes()
    for damaged in (b"", content[:1000], content[:-1], b"\xff" * 64 + content[64:]):
        weights.write_bytes(damaged)
        assert "damaged" in refusal(load_segmenter, folder)


@pytest.mark.parametrize("family", FAMILIES)
def test_weights_that_do_not_fit(
    family: str, folders: dict[str, Path], tmp_path: Path, refusal: Refusal
) -> None:
    """Neither a layer too few nor one too many goes unnoticed."""
    folder = Path(shutil.copytree(folders[family], tmp_path / family))
    weights = load_file(folder / "model.safetensors")
    layers = [key for key in weights if re.search(r"(^|decoder\.)layers\.\d+\..*weight", key)]
    less = {key: value for key, value in weights.items() if key != layers[-1]}
    surplus = re.sub(r"layers\.\d+", "layers.9", layers[-1])
    for changed in (less, {**weights, surplus: torch.zeros(1)}):
        save_file(changed, folder / "model.safetensors", metadata={"format": "pt"})
        assert "do not fit" in refusal(load_segmenter, folder)


def test_the_table_is_what_transformers_loads() -> None:
    """A new family there shows up here: as an entry, or among those that do not fit (docs/models.md)."""
    known = MODEL_FOR_UNIVERSAL_SEGMENTATION_MAPPING_NAMES
    assert {model_type: family.network for model_type, family in FAMILIES.items()} == {
        model_type: network for model_type, network in known.items() if model_type not in ("detr", "videomt")
    }

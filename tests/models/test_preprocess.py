import json

import numpy as np
import pytest
from PIL import Image
from transformers.models.mask2former.image_processing_pil_mask2former import (
    Mask2FormerImageProcessorPil,
)

from panoseg.errors import InvalidValueError, ModelError
from panoseg.models.checkpoints.policy_json import policy_from_json, policy_to_json
from panoseg.models.checkpoints.preprocess import (
    FitBox,
    FitEdges,
    InputPolicy,
    KeepSize,
    Resize,
    Squash,
)
from panoseg.models.checkpoints.size_choice import read_size_choice
from tests.models.agreement import INPUT_ROUNDING
from tests.models.tiny import photo

PAPER = FitEdges(800, 1333)


@pytest.mark.parametrize(
    ("resize", "image", "content", "padded"),
    [
        (Squash(384, 384), (480, 640), (384, 384), (384, 384)),
        (Squash(384, 384), (8, 9000), (384, 384), (384, 384)),
        (PAPER, (480, 640), (800, 1067), (800, 1088)),
        (PAPER, (640, 480), (1067, 800), (1088, 800)),
        (PAPER, (500, 500), (800, 800), (800, 800)),
        (PAPER, (1000, 4000), (333, 1333), (352, 1344)),
        (PAPER, (800, 1333), (800, 1333), (800, 1344)),
        (PAPER, (8, 10000), (1, 1333), (32, 1344)),
        (FitEdges(640, None), (100, 300), (640, 1920), (640, 1920)),
        (FitBox(600, 900), (400, 400), (600, 600), (608, 608)),
        (FitBox(600, 900), (100, 300), (300, 900), (320, 928)),
        (KeepSize(), (33, 64), (33, 64), (64, 64)),
    ],
)
def test_geometry(
    resize: Resize, image: tuple[int, int], content: tuple[int, int], padded: tuple[int, int]
) -> None:
    assert InputPolicy(resize).geometry(image) == (content, padded)


@pytest.mark.parametrize(
    ("resize", "image", "padded"),
    [
        (PAPER, (479, 640), (800, 1088)),
        (PAPER, (640, 479), (1088, 800)),
        (PAPER, (600, 890), (800, 1216)),
        (PAPER, (500, 590), (800, 1024)),
        (PAPER, (600, 1000), (800, 1344)),
        (PAPER, (1000, 2100), (640, 1344)),
        (PAPER, (8, 10000), (128, 1408)),
        (Squash(384, 416), (480, 640), (384, 416)),
        (FitEdges(640, None), (100, 299), (640, 1920)),
        (FitBox(600, 900), (100, 300), (416, 928)),
        (KeepSize(), (33, 130), (128, 256)),
    ],
)
def test_few_sizes(resize: Resize, image: tuple[int, int], padded: tuple[int, int]) -> None:
    policy = InputPolicy(resize)
    content, _ = policy.geometry(image)
    assert policy.of_few_sizes().geometry(image) == (content, padded)


@pytest.mark.parametrize("image", [(3024, 4032), (4000, 6000), (1080, 1920), (2048, 2560), (999, 999)])
@pytest.mark.parametrize("turn", [1, -1])
def test_common_shapes_are_padded_as_ever(image: tuple[int, int], turn: int) -> None:
    for policy in (InputPolicy(PAPER), InputPolicy(FitBox(640, 640)), InputPolicy(PAPER).at(500)):
        assert policy.of_few_sizes().geometry(image[::turn]) == policy.geometry(image[::turn])


def test_few_sizes_are_few_and_little_larger() -> None:
    """All aspect ratios from 1:2 to 2:1, at the paper's size for COCO."""
    exact = InputPolicy(PAPER)
    few = exact.of_few_sizes()
    sizes, surplus = set(), []
    for edge in range(1000, 2001, 10):
        for image in ((1000, edge), (edge, 1000)):
            (_, (height, width)), (_, (least_height, least_width)) = (
                few.geometry(image),
                exact.geometry(image),
            )
            assert height >= least_height
            assert width >= least_width
            sizes.add((height, width))
            surplus.append(height * width / (least_height * least_width) - 1)
    assert len(sizes) <= 15
    assert np.mean(surplus) < 0.07


@pytest.mark.parametrize("image", [(480, 640), (37, 1000), (2000, 1111), (799, 801)])
def test_aspect_ratio_is_kept_to_half_a_pixel(image: tuple[int, int]) -> None:
    height, width = PAPER.content_size(image)
    scale = min(800 / min(image), 1333 / max(image))
    assert abs(height - image[0] * scale) <= 0.5
    assert abs(width - image[1] * scale) <= 0.5


@pytest.mark.parametrize("resample", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [(384, 384), (64, 100), (50, 320)])
def test_squash_gives_what_transformers_gives(size: tuple[int, int], resample: int) -> None:
    given = {"height": size[0], "width": size[1]}
    theirs = Mask2FormerImageProcessorPil(size=given, resample=resample)
    ours = InputPolicy.from_config({"size": given, "resample": resample})
    pixels = photo(123, 217).pixels
    wanted = theirs(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0]
    got = ours(pixels)
    assert got.values.shape == wanted.shape
    assert got.content_size == got.size, "a squash needs no padding"
    np.testing.assert_allclose(got.values, wanted, atol=INPUT_ROUNDING)


def test_saved_by_transformers_is_understood() -> None:
    theirs = Mask2FormerImageProcessorPil(
        size={"height": 64, "width": 64}, image_mean=[0.1, 0.2, 0.3], image_std=[0.4, 0.5, 0.6]
    )
    ours = InputPolicy.from_config(theirs.to_dict())
    pixels = photo(40, 70).pixels
    wanted = theirs(Image.fromarray(pixels), return_tensors="np")["pixel_values"][0]
    np.testing.assert_allclose(ours(pixels).values, wanted, atol=INPUT_ROUNDING)


@pytest.mark.parametrize("image", [(60, 100), (100, 60), (31, 500), (64, 64)])
def test_padding_is_zero_and_at_the_right_and_bottom(image: tuple[int, int]) -> None:
    policy = InputPolicy.from_config({"size": {"shortest_edge": 50, "longest_edge": 120}})
    pixels = photo(*image).pixels
    values, (height, width) = policy(pixels)
    assert values.dtype == np.float32
    assert not values[:, height:].any()
    assert not values[:, :, width:].any()
    assert all(side % 32 == 0 for side in values.shape[1:])
    # The photo is resized to its exact size, as if there were no padding.
    resized = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR))
    wanted = (resized / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(values[:, :height, :width], wanted.transpose(2, 0, 1), atol=INPUT_ROUNDING)


@pytest.mark.parametrize(
    ("config", "resize"),
    [
        ({}, PAPER),
        ({"size": 640, "max_size": 2560}, FitEdges(640, 2560)),
        ({"size": {"shortest_edge": 640}, "max_size": 2560}, FitEdges(640, 2560)),
        ({"size": {"shortest_edge": 640, "longest_edge": None}}, FitEdges(640, None)),
        ({"size": {"max_height": 30, "max_width": 40}}, FitBox(30, 40)),
        ({"size": {"height": 384, "width": 384, "shortest_edge": None}}, Squash(384, 384)),
        ({"size": {"height": 100, "width": 384}}, Squash(128, 384)),
        ({"size": {"height": 100, "width": 384}, "size_divisor": 0}, Squash(100, 384)),
        ({"do_resize": False, "size": {"height": 1, "width": 1}}, KeepSize()),
    ],
)
def test_sizes_that_are_understood(config: dict[str, object], resize: object) -> None:
    assert InputPolicy.from_config(config).resize == resize


def test_other_settings_are_read() -> None:
    policy = InputPolicy.from_config(
        {
            "image_processor_type": "MaskFormerFeatureExtractor",
            "size": {"shortest_edge": 10, "longest_edge": 20},
            "size_divisibility": 8,
            "pad_size": {"height": 24, "width": 24},
            "do_rescale": False,
            "do_normalize": False,
        }
    )
    assert policy.divisor == 8
    values, content = policy(np.full((30, 40, 3), 200, np.uint8))
    assert content == (10, 13)
    assert values.shape == (3, 24, 24)
    assert (values[:, :10, :13] == 200).all()
    assert not values[:, 10:].any()


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"size": {"longest_edge": 800}}, "size"),
        ({"size": {"height": 384}}, "size"),
        ({"size": {"height": 384, "width": 384, "shortest_edge": 3}}, "size"),
        ({"size": {"height": 0, "width": 384}}, "size"),
        ({"size": {"height": "384", "width": 384}}, "size"),
        ({"size": {"shortest_edge": -1}}, "size"),
        ({"size": "large"}, "size"),
        ({"size": None}, "size"),
        ({"size_divisor": 1.5}, "size_divisor"),
        ({"pad_size": 32}, "pad_size"),
        ({"do_center_crop": True}, "crop"),
        ({"resample": 17}, "resampling"),
        ({"resample": "bilinear"}, "resampling"),
        ({"image_std": [1, 0, 1]}, "image_std"),
        ({"image_mean": 0.5}, "image_mean"),
        ({"image_mean": [0.5, 0.5]}, "image_mean"),
        ({"image_mean": ["a", 0, 0]}, "image_mean"),
        ({"rescale_factor": None}, "rescale_factor"),
        ({"image_processor_type": "DetrImageProcessor"}, "DetrImageProcessor"),
        ({"image_processor_type": "EomtImageProcessor", "do_split_image": True}, "windows"),
        ({"image_processor_type": "EomtImageProcessor", "do_pad": True, "size": {"longest_edge": 9}}, "size"),
    ],
)
def test_unknown_policies_are_named(config: dict[str, object], named: str) -> None:
    with pytest.raises(ModelError, match=named):
        InputPolicy.from_config(config)


def test_a_photo_larger_than_the_padding() -> None:
    policy = InputPolicy(FitEdges(100, None), padded_size=(128, 128))
    assert policy.geometry((50, 60)) == ((100, 120), (128, 128))
    with pytest.raises(ModelError, match="128×128"):
        policy.geometry((50, 100))


def test_enormous_inputs_are_refused_before_they_are_made() -> None:
    with pytest.raises(ModelError, match="pixels"):
        InputPolicy(FitEdges(800, None)).geometry((8, 6_000_000))


def test_the_papers_size_keeps_the_aspect_and_pads() -> None:
    policy = InputPolicy(Squash(384, 384), mean=(0.1,) * 3, paper=FitEdges(800, 1333))
    paper = policy.at("paper")
    assert paper.geometry((480, 640)) == ((800, 1067), (800, 1088))
    assert paper.geometry((500, 2000)) == ((333, 1333), (352, 1344))
    assert paper.mean == policy.mean
    assert policy.at(400).geometry((480, 640)) == ((400, 533), (416, 544))
    assert policy.at("shipped") is policy


@pytest.mark.parametrize(
    ("text", "size"), [("shipped", "shipped"), ("paper", "paper"), ("64", 64), ("2048", 2048)]
)
def test_input_sizes_as_people_write_them(text: str, size: object) -> None:
    assert read_size_choice(text) == size


@pytest.mark.parametrize("text", ["", "63", "2049", "-800", "8e2", "Paper", "800.0", "²"])
def test_other_input_sizes_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="shipped"):
        read_size_choice(text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rescale_factor", 10**30),
        ("rescale_factor", 10**400),
        ("rescale_factor", float("nan")),
        ("image_mean", [0.5, 1e30, 0.5]),
        ("image_std", [1e-300, 1, 1]),
        ("size", "1" * 5000),
    ],
)
def test_numbers_beyond_reason_are_refused_in_a_few_words(key: str, value: object) -> None:
    with pytest.raises(ModelError, match=key) as caught:
        InputPolicy.from_config({key: value})
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("resize", [Squash(64, 96), FitEdges(40, None), FitBox(30, 50), KeepSize()])
def test_a_policy_goes_through_json_unchanged(resize):
    policy = InputPolicy(
        resize,
        padded_size=(96, 96),
        resample=Image.Resampling.BICUBIC,
        mean=(0.1, 1 / 3, 0.7),
        few_sizes=True,
    )
    assert policy_from_json(json.loads(json.dumps(policy_to_json(policy)))) == policy

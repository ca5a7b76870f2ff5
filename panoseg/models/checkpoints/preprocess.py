"""A photo's pixels → the network's input, with the geometry that leads back.

panoseg reads a checkpoint's `preprocessor_config.json` but does the work itself. Where the photo's
aspect ratio is kept, the paper (Cheng et al., CVPR 2022, arXiv 2112.01527) resizes to the exact size
and pads at the right and the bottom; `transformers` stretches to a multiple of 32 instead, which
moves every mask by a fraction of a pixel more the further it lies from the top left.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from panoseg.errors import InvalidValueError, ModelError
from panoseg.models.checkpoints.size_choice import SizeChoice, check_edge
from panoseg.prediction import Size

MAX_INPUT_PIXELS = 1 << 24
"""A network input beyond this is a mistake in the configuration, not a wish: it takes > 100 GB."""

_KNOWN_PROCESSORS = re.compile(
    r"(Mask2?Former|OneFormer)(ImageProcessor(Fast|Pil)?|FeatureExtractor)|EomtImageProcessor(Fast|Pil)?"
)
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)

_LARGEST_NUMBER = 1e6
"""Of what is done to a pixel's 0–255; beyond it float32 says nothing any more."""

_COMMON_SHAPES = ((1, 1), (4, 5), (3, 4), (2, 3), (3, 5), (9, 16), (1, 2), (6, 13))
"""(height, width) of what cameras, phones and screens make, lying."""


class Resize(Protocol):
    """How large a photo is shown to the network."""

    def content_size(self, image_size: Size) -> Size:
        """(height, width) in pixels of the resized photo, before any padding."""
        ...


@dataclass(frozen=True, slots=True)
class Squash:
    """To one fixed size, whatever the photo's aspect ratio."""

    height: int
    width: int

    def content_size(self, image_size: Size) -> Size:
        return self.height, self.width


@dataclass(frozen=True, slots=True)
class FitEdges:
    """The shorter side to `shortest`, unless the longer would then exceed `longest`.

    The aspect ratio is kept to half a pixel.
    """

    shortest: int
    longest: int | None

    def content_size(self, image_size: Size) -> Size:
        scale = self.shortest / min(image_size)
        if self.longest is not None:
            scale = min(scale, self.longest / max(image_size))
        return _scaled(image_size, scale)


@dataclass(frozen=True, slots=True)
class FitBox:
    """As large as fits into a box, the aspect ratio kept to half a pixel."""

    height: int
    width: int

    def content_size(self, image_size: Size) -> Size:
        return _scaled(image_size, min(self.height / image_size[0], self.width / image_size[1]))


@dataclass(frozen=True, slots=True)
class KeepSize:
    """As it is."""

    def content_size(self, image_size: Size) -> Size:
        return image_size


class NetworkInput(NamedTuple):
    """What the network sees of one photo.

    Attributes:
        values: (3, h, w) float32, normalised, padding included.
        content_size: (height, width) of the part that the photo fills, at the top left.
    """

    values: NDArray[np.float32]
    content_size: Size

    @property
    def size(self) -> Size:
        """(height, width) in pixels, padding included."""
        _, height, width = self.values.shape
        return height, width


@dataclass(frozen=True, slots=True)
class InputPolicy:
    """How a photo becomes a network input.

    Attributes:
        resize: the size of the photo inside the input.
        divisor: both sides of the input are padded to a multiple of this.
        few_sizes: pad to one of few sizes, rather than to the next multiple of the divisor.
        padded_size: the input's (height, width), where it is fixed.
        resample: Pillow's resampling filter.
        rescale_factor: multiplies the 0–255 of a pixel.
        mean, std: per channel (R, G, B), after that multiplication.
        pads_black: the padding is black and normalised with the photo; otherwise it is 0 afterwards.
        fixed: the network takes no input of another size.
        paper: the size at which the paper tests; on COCO 800, but at most 1333 for the longer edge.
    """

    resize: Resize
    divisor: int = 32
    few_sizes: bool = False
    padded_size: Size | None = None
    resample: Image.Resampling = Image.Resampling.BILINEAR
    rescale_factor: float = 1 / 255
    mean: tuple[float, ...] = _IMAGENET_MEAN
    std: tuple[float, ...] = _IMAGENET_STD
    pads_black: bool = False
    fixed: bool = False
    paper: FitEdges = FitEdges(800, 1333)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "InputPolicy":
        """Read the contents of a `preprocessor_config.json`.

        Raises:
            ModelError: it describes a policy that panoseg does not know, or makes no sense.
        """
        processor = config.get("image_processor_type") or config.get("feature_extractor_type")
        if processor is not None and not _KNOWN_PROCESSORS.fullmatch(str(processor)):
            raise _unknown(f"an image processor of type {processor}")
        pads_first = str(processor).startswith("Eomt")
        if pads_first:
            config = _from_eomt(config)
        if config.get("do_center_crop"):
            raise _unknown("cropping, which would hide part of the picture")
        divisor = config.get("size_divisor", config.get("size_divisibility", 32)) or 1
        rescales = config.get("do_rescale", True)
        normalizes = config.get("do_normalize", True)
        pad_size = config.get("pad_size")
        return cls(
            resize=_resize(config, _side("size_divisor", divisor)),
            divisor=_side("size_divisor", divisor),
            padded_size=_size("pad_size", pad_size, "height", "width") if pad_size else None,
            resample=_resampling(config.get("resample", Image.Resampling.BILINEAR)),
            rescale_factor=_number(config, "rescale_factor", 1 / 255) if rescales else 1.0,
            mean=_channels(config, "image_mean", _IMAGENET_MEAN) if normalizes else (0.0,) * 3,
            std=_channels(config, "image_std", _IMAGENET_STD) if normalizes else (1.0,) * 3,
            pads_black=pads_first,
        )

    def for_square(self, side: Any) -> "InputPolicy":
        """The same for a network that takes only inputs of side × side pixels.

        Raises:
            ModelError: the policy would make others.
        """
        size = (side, side)
        if self.padded_size != size and (self.padded_size or self.resize != Squash(*size)):
            raise ModelError(
                f"The checkpoint's network takes only inputs of its image_size, {str(side)[:20]} pixels "
                "square, and its preprocessor_config.json does not make every picture that size."
            )
        return replace(self, fixed=True)

    def at(self, choice: SizeChoice) -> "InputPolicy":
        """The same normalisation at another size: the aspect ratio kept, padded to a multiple of 32.

        Raises:
            InvalidValueError: no such size, or not for this network.
        """
        if choice == "shipped":
            return self
        if self.fixed:
            raise InvalidValueError(
                f'input_size: wanted "shipped", as this model takes one size only, got {choice!r}.'
            )
        if choice == "paper":
            return replace(self, resize=self.paper, divisor=32, padded_size=None)
        shortest = check_edge(choice)
        longest = round(shortest * 1333 / 800)  # as the paper bounds the longer edge on COCO
        return replace(self, resize=FitEdges(shortest, longest), divisor=32, padded_size=None)

    def of_few_sizes(self) -> "InputPolicy":
        """The same photo in an input of one of few sizes.

        They are those of photos in common shapes (4:3, 3:2, 16:9 …), which are thus padded as ever. A photo
        in another shape gets the smallest that it fits into, multiples of four times the divisor included.
        """
        return replace(self, few_sizes=True)

    def geometry(self, image_size: Size) -> tuple[Size, Size]:
        """(content_size, input_size) for a photo of (H, W) pixels.

        Raises:
            ModelError: the photo does not fit into the input, or the input would be enormous.
        """
        content = self.resize.content_size(image_size)
        height, width = self.padded_size or self._padded(content)
        if content[0] > height or content[1] > width:
            raise ModelError(
                f"This checkpoint pads pictures to {width}×{height} pixels, and this one becomes "
                f"{content[1]}×{content[0]}; choose a checkpoint with another input size."
            )
        if height * width > MAX_INPUT_PIXELS:
            raise ModelError(
                f"This checkpoint would look at the picture at {width}×{height} pixels, which is "
                f"more than the {MAX_INPUT_PIXELS} that are accepted; crop the picture or choose a "
                "checkpoint with a smaller input size."
            )
        return content, (height, width)

    def _padded(self, content: Size) -> Size:
        if not self.few_sizes:
            return _padded(content, self.divisor)
        common = {
            _padded(self.resize.content_size(shape), self.divisor)
            for lying in _COMMON_SHAPES
            for shape in (lying, (lying[1], lying[0]))
        }
        fitting = [size for size in common if size[0] >= content[0] and size[1] >= content[1]]
        return min([*fitting, _padded(content, 4 * self.divisor)], key=lambda size: size[0] * size[1])

    def __call__(self, pixels: NDArray[np.uint8]) -> NetworkInput:
        """The network's input for a photo of (H, W, 3) uint8 RGB pixels.

        Raises:
            ModelError: as `geometry`.
        """
        return self.of_image(Image.fromarray(pixels))

    def of_image(self, image: Image.Image) -> NetworkInput:
        """The same for a photo as a Pillow image in mode RGB.

        Raises:
            ModelError: as `geometry`.
        """
        return self.of_content(self.shrunk(image), (image.height, image.width))

    def shrunk(self, image: Image.Image) -> NDArray[np.uint8]:
        """A photo in mode RGB at the size at which the network sees it: (h, w, 3) uint8.

        Raises:
            ModelError: as `geometry`.
        """
        height, width = self.geometry((image.height, image.width))[0]
        return np.asarray(image.resize((width, height), self.resample))

    def of_content(self, pixels: NDArray[np.uint8], image_size: Size) -> NetworkInput:
        """The network's input for a photo of (H, W) pixels that is `shrunk` already.

        Raises:
            ModelError: as `geometry`.
        """
        content, (height, width) = self.geometry(image_size)
        values = np.zeros((3, height, width), dtype=np.float32)
        mean, std = (np.asarray(each, dtype=np.float32)[:, None, None] for each in (self.mean, self.std))
        if self.pads_black:
            values -= (np.asarray(self.mean) / self.std).astype(np.float32)[:, None, None]
        # Row by row in each channel: pixel by pixel, of three numbers each, NumPy takes ten times as long.
        normalized = values[:, : content[0], : content[1]]
        np.multiply(pixels.transpose(2, 0, 1), np.float32(self.rescale_factor), out=normalized)
        normalized -= mean
        normalized /= std
        return NetworkInput(values, content)


def _from_eomt(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of EoMT's image processor in the words of Mask2Former's."""
    if config.get("do_split_image"):
        raise _unknown("windows (do_split_image), which show the network one part of a picture at a time")
    size = config.get("size", {"shortest_edge": 640, "longest_edge": 640})
    pad_size = None
    if config.get("do_pad") and isinstance(size, Mapping):
        shortest = size.get("shortest_edge")
        pad_size = {"height": shortest, "width": size.get("longest_edge") or shortest}
    return {**config, "size": size, "size_divisor": 1, "pad_size": pad_size}


def _resize(config: Mapping[str, Any], divisor: int) -> Resize:
    if not config.get("do_resize", True):
        return KeepSize()
    size = config.get("size", {"shortest_edge": 800, "longest_edge": 1333})
    if isinstance(size, int):  # as written by early versions, with the other bound beside it
        size = {"shortest_edge": size, "longest_edge": config.get("max_size")}
    given = {k for k, v in size.items() if v is not None} if isinstance(size, Mapping) else set()
    if given == {"height", "width"}:
        height, width = _size("size", size, "height", "width")
        # The aspect ratio is given up anyway: filling the input to the last pixel beats padding it.
        return Squash(_ceil(height, divisor), _ceil(width, divisor))
    if "shortest_edge" in given <= {"shortest_edge", "longest_edge"}:
        longest = size.get("longest_edge", config.get("max_size"))
        return FitEdges(
            _side("size", size["shortest_edge"]),
            None if longest is None else _side("size", longest),
        )
    if given == {"max_height", "max_width"}:
        return FitBox(*_size("size", size, "max_height", "max_width"))
    raise _unknown(f"the size {size!r}")


def _resampling(value: Any) -> Image.Resampling:
    try:
        return Image.Resampling(value)
    except ValueError:
        raise _unknown(f"the resampling filter {value!r}") from None


def _size(key: str, value: Any, height: str, width: str) -> Size:
    if not isinstance(value, Mapping):
        raise _unknown(f"the {key} {value!r}")
    return _side(key, value.get(height)), _side(key, value.get(width))


def _side(key: str, value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= MAX_INPUT_PIXELS:
        raise _unknown(f"{value!r} in its {key}, where a number of pixels belongs")
    return value


def _number(config: Mapping[str, Any], key: str, default: float) -> float:
    value = config.get(key, default)
    # Not "> most", which NaN is not either.
    if not isinstance(value, (int, float)) or not abs(value) <= _LARGEST_NUMBER:
        raise _unknown(f"the {key} {value!r}")
    return float(value)


def _channels(config: Mapping[str, Any], key: str, default: tuple[float, ...]) -> tuple[float, ...]:
    value = config.get(key, default)
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        raise _unknown(f"the {key} {value!r}, where three numbers belong")
    numbers = tuple(_number({key: number}, key, 0.0) for number in value)
    if key == "image_std" and min(map(abs, numbers)) < 1 / _LARGEST_NUMBER:
        raise _unknown(f"an image_std of {min(numbers, key=abs)}, by which colours cannot be divided")
    return numbers


def _unknown(what: str) -> ModelError:
    return ModelError(
        f"The checkpoint's preprocessor_config.json asks for {_brief(what)}; panoseg accepts a fixed height "
        "and width, a shortest_edge with a longest_edge, or a max_height and max_width."
    )


def _brief(what: str) -> str:
    return what if len(what) <= 120 else f"{what[:120]}…"


def _scaled(image_size: Size, scale: float) -> Size:
    height, width = (max(1, int(side * scale + 0.5)) for side in image_size)
    return height, width


def _padded(content: Size, divisor: int) -> Size:
    return _ceil(content[0], divisor), _ceil(content[1], divisor)


def _ceil(side: int, divisor: int) -> int:
    return ceil(side / divisor) * divisor

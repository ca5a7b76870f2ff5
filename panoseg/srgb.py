"""A decoded picture of any colour model and depth as 8-bit sRGB: what screens show and networks expect."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# Beside the decoded picture and the result only one band is held, so that 50 megapixels stay at two
# copies whatever has to be converted.
_BAND_PIXELS = 1 << 20

_MODE_OF_PROFILE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
_MODES_A_PROFILE_FITS = {
    "RGB": ("RGB", "RGBA", "RGBa", "P", "PA", "YCbCr", "1", "L", "LA", "La"),
    "GRAY": ("1", "L", "LA", "La", "I;16", "I;16B", "I;16L", "I", "F"),
    "CMYK": ("CMYK",),
}
_DEEP_GREY = ("I;16", "I;16B", "I;16L", "I", "F")


def srgb_pixels(image: Image.Image) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 sRGB of a Pillow image.

    - An embedded ICC profile is applied; one that is broken, or that describes another colour model
      than the picture's, is ignored, as browsers do.
    - Transparent parts are laid over white: round((alpha · colour + (255 − alpha) · 255) / 255).
    - 16-bit grey becomes round(value / 257). Whole numbers and floats of 32 bits have no fixed white:
      it is the smallest of 1, 255 and 65535 that no value exceeds, else the largest value.
    """
    width, height = image.size
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    for top, band in srgb_bands(image):
        pixels[top : top + len(band)] = band
    return pixels


def srgb_image(image: Image.Image) -> Image.Image:
    """The same as a Pillow image in mode RGB: the very image, where there is nothing to convert."""
    plain = image.mode == "RGB" and not image.has_transparency_data and _transform_of(image) is None
    return image if plain else Image.fromarray(srgb_pixels(image))


def srgb_bands(image: Image.Image) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The same from top to bottom: the first row of each band, and its (h, W, 3) uint8 pixels."""
    transform = _transform_of(image)
    white = _white_of(image)
    for top, band in _bands(image):
        shallow = _to_eight_bits(band, white) if image.mode in _DEEP_GREY else band
        yield top, np.asarray(_to_rgb(shallow, transform))


def _bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    width, height = image.size
    rows = max(1, _BAND_PIXELS // width)
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(top + rows, height)))


def _transform_of(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """The way from the embedded profile to sRGB, or None where there is no usable profile."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        space = profile.profile.xcolor_space.strip()
        if image.mode not in _MODES_A_PROFILE_FITS.get(space, ()):
            return None
        return ImageCms.buildTransform(
            profile, ImageCms.createProfile("sRGB"), _MODE_OF_PROFILE[space], "RGB"
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None


def _white_of(image: Image.Image) -> float:
    """The value of a deep grey picture that is shown as white."""
    if image.mode not in ("I", "F"):
        return 65535.0
    largest = max(
        float(np.max(values, where=np.isfinite(values), initial=0.0))
        for values in (np.asarray(band, dtype=np.float64) for _, band in _bands(image))
    )
    return next((white for white in (1.0, 255.0, 65535.0) if largest <= white), largest)


def _to_eight_bits(band: Image.Image, white: float) -> Image.Image:
    values = np.nan_to_num(np.asarray(band, dtype=np.float64), nan=0.0, posinf=white, neginf=0.0)
    grey = Image.fromarray(np.rint(np.clip(values, 0, white) * (255 / white)).astype(np.uint8))
    # PNG names one grey value as transparent, in the file's own 16 bits.
    transparent = band.info.get("transparency")
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, alpha))


def _to_rgb(band: Image.Image, transform: ImageCms.ImageCmsTransform | None) -> Image.Image:
    alpha = None
    if band.has_transparency_data:
        # Pillow has no direct way from premultiplied grey to RGBA.
        band = (band.convert("LA") if band.mode == "La" else band).convert("RGBA")
        alpha = band.getchannel("A")
    color = transform.apply(band.convert(transform.input_mode)) if transform else band.convert("RGB")
    if alpha is None:
        return color
    paper = Image.new("RGB", band.size, "white")
    paper.paste(color, mask=alpha)
    return paper

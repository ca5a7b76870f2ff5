"""A handful of scenes of the drawn world that are good to look at; the page opens on the first."""

from __future__ import annotations

from panoseg.demo.world import draw_scene
from panoseg.errors import InvalidValueError
from panoseg.photo import Photo

_SEEDS = {
    "balloons-over-the-bay": 204,
    "village-street": 200,
    "red-bus": 215,
    "orchard-path": 220,
    "evening-on-the-shore": 223,
    "sheep-on-the-road": 209,
    "autumn-dusk": 222,
    "harbour-traffic": 202,
}
GALLERY = {name: name.replace("-", " ").capitalize() for name in _SEEDS}
"""Title of each scene by its name, in the order to show them in."""


def open_scene(name: str, size: tuple[int, int] = (640, 960)) -> Photo:
    """Draw a scene of the gallery, (height, width) pixels large.

    The scenes are composed for pictures one and a half times as wide as high. At 640 × 960 pixels
    one takes about a fifth of a second.

    Raises:
        InvalidValueError: no scene has that name, or a side is below 64 pixels.

    >>> open_scene("red-bus", (128, 192)).size
    (128, 192)
    """
    if name not in _SEEDS:
        raise InvalidValueError(f"Scene: wanted one of {', '.join(_SEEDS)}, got {name!r}.")
    return Photo.from_pixels(draw_scene(_SEEDS[name], size).pixels, GALLERY[name])

"""The colours of segments, scores and outcomes, and how far they are from each other.

Which segment gets which of the set is decided in `coloring`, which label in `label_colors`. The distance
between two colours is the smallest of their distances as seen with normal, protanopic, deuteranopic and
tritanopic vision.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Okabe and Ito's set ("Color Universal Design", 2008) and kin of it, the brighter ones first: lightness is
# what tells colours apart for those who see fewer hues. Any two differ by 13 or more in CIEDE2000.
_HEX = (
    "56B4E9 E69F00 009E73 F0E442 CC79A7 0072B2 D55E00 8F5BD6 7FD6B8 F7B6D2 00C2D1 FF7F6E "
    "5B8C2A 1F3A93 8C2D04 7A0177 C69C9C A2B412 C09066 AEA2F6 24C64E 969C78 6084FC 8484A8 "
    "A28400 FC84FC 5A909C F0426C A8726C D2D2A8 8A7254 D8D2FC FCD2BA BAE4FC C036A2 00FCFC "
    "D2302A 845A72 00786C A8FC7E 606C48 905400 5A608A C00054 005A6C 723C3C 006000 5A4E00"
)
PALETTE: NDArray[np.uint8] = np.array([list(bytes.fromhex(code)) for code in _HEX.split()], dtype=np.uint8)

# Linear-RGB matrices at full severity: Machado, Oliveira and Fernandes, "A Physiologically-based Model
# for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009.
_VISIONS = np.array(
    [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ]
)
# Linear RGB to CIE XYZ relative to the D65 white point (IEC 61966-2-1).
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) / np.array(
    [[0.9505], [1.0], [1.089]]
)

# Dark blue, grey, yellow: lightness rises evenly, and the hues are told apart by every kind of eye.
_RAMP = np.array([[0, 32, 77], [124, 123, 120], [255, 233, 69]], dtype=float)
# Most scores lie near 1: the ramp gives them most of its length.
_RAMP_POWER = 4

# What a comparison finds: what differs is bright, what matches recedes; every kind of eye tells them apart.
# The dark grey is for what is neither.
_OUTCOMES = {"match": "A9B4C6", "left": "D55E00", "right": "F0E442"}
_NO_OUTCOME = (96, 96, 104)


@lru_cache(1024)  # a page asks for the same three hundred each time
def score_color(score: float) -> tuple[int, int, int]:
    """sRGB colour of a score 0–1: dark blue is unlikely, yellow is sure.

    >>> score_color(0.0), score_color(1.0)
    ((0, 32, 77), (255, 233, 69))
    """
    place = 2 * score**_RAMP_POWER
    start = min(int(place), 1)
    share = place - start
    return _rounded((1 - share) * _RAMP[start] + share * _RAMP[start + 1])


def outcome_color(outcome: str | None) -> tuple[int, int, int]:
    """sRGB colour of an outcome of a comparison (`comparison.Outcome`); grey for "uncounted" and for none.

    >>> outcome_color("match")
    (86, 180, 233)
    """
    if outcome not in _OUTCOMES:
        return _NO_OUTCOME
    red, green, blue = bytes.fromhex(_OUTCOMES[outcome])
    return red, green, blue


def _rounded(color: NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = (round(float(value)) for value in color)
    return red, green, blue


def color_distances(colors: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(N, N) distances between N sRGB colours, in CIE Lab units, for the eye that sees them worst."""
    srgb = colors / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(np.einsum("vij,nj->vni", _VISIONS, linear), 0, 1) @ _TO_XYZ.T
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack(
        [
            116 * f[..., 1] - 16,
            500 * (f[..., 0] - f[..., 1]),
            200 * (f[..., 1] - f[..., 2]),
        ],
        axis=-1,
    )
    difference = lab[:, :, None] - lab[:, None, :]
    distances: NDArray[np.float64] = np.sqrt((difference**2).sum(axis=-1)).min(axis=0)
    return distances

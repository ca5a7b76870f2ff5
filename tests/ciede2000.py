"""CIEDE2000 (CIE 142:2001, as ISO/CIE 11664-6): how different two colours look to people."""

import numpy as np

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def difference(one, other):
    """ΔE00 between sRGB colours 0–255, (..., 3) each."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(_lab(np.asarray(c)), -1, 0) for c in (one, other))
    stretch = 1.5 - 0.5 * _saturation((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    chroma1, chroma2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    hue1, hue2 = np.arctan2(b1, stretch * a1), np.arctan2(b2, stretch * a2)
    turn = (hue2 - hue1 + np.pi) % (2 * np.pi) - np.pi  # the short way round
    light, chroma, hue = (l1 + l2) / 2, (chroma1 + chroma2) / 2, np.degrees(hue1 + turn / 2) % 360
    weight = 1.0
    for factor, times, offset in ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63)):
        weight = weight + factor * np.cos(np.radians(times * hue + offset))
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    chromas = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    hues = 2 * np.sqrt(chroma1 * chroma2) * np.sin(turn / 2) / (1 + 0.015 * chroma * weight)
    blue = np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))) * 2 * _saturation(chroma)
    return np.sqrt(np.maximum(lightness**2 + chromas**2 + hues**2 - blue * chromas * hues, 0))


def _saturation(chroma):
    return np.sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _lab(color):
    srgb = color / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)

"""A row of small charts as SVG, from nothing but text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 230, 150, 46, 16, 44
_STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#57606a}"
    "polyline{fill:none;stroke:#0072B2;stroke-width:1.5}circle{fill:#0072B2}line{stroke:#d0d7de}"
)


class Panel(NamedTuple):
    """One curve through points (x, y), both from 0."""

    title: str
    x: Sequence[float]
    y: Sequence[float]


def draw_panels(panels: Sequence[Panel], unit: str) -> str:
    """The panels side by side, on one y axis from 0."""
    top = _round_up(max(max(panel.y) for panel in panels))
    width = _LEFT + len(panels) * (_WIDTH + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_TOP + _HEIGHT + 44}">',
        f'<style>{_STYLE}</style><rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for index, panel in enumerate(panels):
        left = _LEFT + index * (_WIDTH + _GAP)
        right = _round_up(max(panel.x))
        for part in (0.0, 0.5, 1.0):
            y = _TOP + _HEIGHT * (1 - part)
            parts.append(f'<line x1="{left}" x2="{left + _WIDTH}" y1="{y}" y2="{y}"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{top * part:g}</text>')
            x = left + _WIDTH * part
            parts.append(
                f'<text x="{x}" y="{_TOP + _HEIGHT + 16}" text-anchor="middle">{right * part:g}</text>'
            )
        points = [
            (left + _WIDTH * x / right, _TOP + _HEIGHT * (1 - y / top))
            for x, y in zip(panel.x, panel.y, strict=True)
        ]
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points]
        parts.append(
            f'<text x="{left + _WIDTH / 2}" y="{_TOP + _HEIGHT + 34}" text-anchor="middle">'
            f"{unit} by {panel.title}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, …"""
    size = 10.0 ** (len(f"{int(value)}") - 1)
    return next(size * step for step in (1, 2, 5, 10) if value <= size * step)

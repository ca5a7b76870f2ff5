"""Colours in tables."""

import base64


def swatch(color: tuple[int, int, int]) -> str:
    """A small square of a colour, as the address of a picture for a table's cell."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
        f'<rect x="1" y="1" width="14" height="14" rx="4" fill="rgb{color}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")

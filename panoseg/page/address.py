"""How the picture is looked at, in the page's address: thresholds, style and selection, where not as usual.

The viewer writes it there, in place of what was there before: a moved threshold is no entry of the
browser's history, nor is the model of a comparison (`other_model`). Picture, model and task are
(`navigation`); input size and the comparison's settings are kept there by their widgets themselves
(`bind="query-params"`).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, fields

from panoseg.page.look import Look, Style, changed_style, changed_thresholds
from panoseg.thresholds import Thresholds

ADDRESS_NAMES = tuple(each.name for each in (*fields(Thresholds), *fields(Style)))
"""What an address can hold besides the selection."""

OTHER_MODEL = "other-model"
"""What an address calls the model of a comparison."""

_MOST_SELECTED = 50  # browsers and servers bound an address's length


def read_address(parameters: Mapping[str, str]) -> Look:
    """The look that a page's address asks for; what makes no sense in it is left out.

    >>> read_address({"opacity": "0.3", "cutout": "true", "selected": "class-1 query-2-5"}).selected
    ('class-1', 'query-2-5')
    """
    values: dict[str, object] = {}
    for name in ADDRESS_NAMES:
        if (text := parameters.get(name)) is not None:
            values[name] = {"true": True, "false": False}.get(text, text)
            with suppress(ValueError):
                values[name] = float(text)
    selected = tuple(parameters.get("selected", "").split()[:_MOST_SELECTED])
    return Look(
        selected=selected,
        style=changed_style(Style(), values),
        thresholds=changed_thresholds(Thresholds(), values),
    )


def address(look: Look) -> dict[str, str]:
    """What `read_address` needs to know of a look: what is not as usual."""
    usual = {**asdict(Style()), **asdict(Thresholds())}
    values = {**asdict(look.style), **asdict(look.thresholds)}
    unusual = {name: str(value).lower() for name, value in values.items() if value != usual[name]}
    if look.selected:
        unusual["selected"] = " ".join(look.selected[:_MOST_SELECTED])
    return unusual

"""How a visitor looks at the picture: thresholds, what is hidden and selected, and the style. Pure data.

The viewer changes it in the browser and reports it. It numbers its reports and is told with each look which
one was heard, so that an answer to an old report never undoes a newer click (viewer/modules/look.js).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from panoseg.comparison import Comparison, Outcome
from panoseg.drawing import ColorBy
from panoseg.export import View
from panoseg.page.display_size import display_scale
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary

WIDEST_OUTLINE = 6
_LARGEST_NUMBER = 1e9
_MOST_KEYS, _LONGEST_KEY = 65_535, 64


@dataclass(frozen=True, slots=True)
class Style:
    """How segments are drawn; as the arguments of `draw_overlay`, widths in pixels of the shown picture."""

    opacity: float = 0.6
    outlines: bool = True
    outline_width: int = 1
    labels: bool = False
    color_by: ColorBy = "segment"
    cutout: bool = False
    doubt: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """The thresholds, what is hidden and selected, and the style.

    Attributes:
        source: names the photo and model that the keys belong to.
        hidden, selected: keys of segments.
        thresholds: as the viewer's sliders stand at rest.
        heard: number of the viewer's last report that is in it.
        comparing: whether there is a comparison to colour by.
        color_by: how segments are coloured while there is none.
    """

    source: str = ""
    hidden: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    style: Style = Style()
    thresholds: Thresholds = field(default_factory=Thresholds)
    heard: int = 0
    comparing: bool = False
    color_by: ColorBy = "segment"


def compared(look: Look, comparing: bool) -> Look:
    """The look with colours that there are: those of outcomes need a comparison."""
    style = look.style
    if comparing and not look.comparing:
        look = replace(look, color_by=style.color_by)
        style = replace(style, color_by="outcome")
    elif not comparing and style.color_by == "outcome":
        style = replace(style, color_by=look.color_by)
    return replace(look, comparing=comparing, style=style)


def partners(comparison: Comparison, side: Literal["left", "right"]) -> dict[str, list[str]]:
    """By the key of each segment of a side that matches: the keys of its partners on the other side."""
    found: dict[str, list[str]] = {}
    for pair in comparison.pairs:
        if pair.left and pair.right:
            own, other = (pair.left, pair.right) if side == "left" else (pair.right, pair.left)
            found.setdefault(own.key, []).append(other.key)
    return found


def view(
    photo: Photo,
    segmentation: Segmentation,
    vocabulary: Vocabulary,
    look: Look,
    outcomes: Mapping[int, Outcome] | None = None,
) -> View:
    """What the downloads hold: the picture as the viewer shows it, at the photo's own size."""

    def ids(keys: tuple[str, ...], *, among: bool) -> frozenset[int]:
        named = frozenset(keys)
        return frozenset(s.id for s in segmentation.segments if (s.key in named) == among)

    # A large photo is shown reduced: as much wider are its borders.
    width = max(1, round(look.style.outline_width * display_scale(photo.size)))
    style = {**asdict(look.style), "outline_width": width}
    del style["doubt"]  # it is in no file
    return View(
        photo,
        segmentation,
        vocabulary,
        visible=ids(look.hidden, among=False),
        selected=ids(look.selected, among=True),
        outcomes=outcomes,
        **style,
    )


def with_report(look: Look, report: object) -> Look:
    """The look with a report of the viewer in it, if the report is news.

    What a browser sends is not to be relied on: what makes no sense is left as it was.
    """
    if not isinstance(report, Mapping) or not isinstance(number := report.get("number"), int):
        return look
    if number <= look.heard:
        return look
    look = replace(
        look,
        heard=number,
        style=changed_style(look.style, report.get("style")),
        thresholds=changed_thresholds(look.thresholds, report.get("thresholds")),
    )
    if report.get("source") != look.source:
        return look  # of a photo or model that is no longer shown
    return replace(look, hidden=_keys(report.get("hidden")), selected=_keys(report.get("selected")))


def _keys(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(key[:_LONGEST_KEY] for key in value[:_MOST_KEYS] if isinstance(key, str))


def changed_thresholds(thresholds: Thresholds, reported: object) -> Thresholds:
    """The thresholds with what is reported in their place; what makes no sense is left as it was."""
    if not isinstance(reported, Mapping):
        return thresholds
    values = {each.name: reported.get(each.name) for each in fields(Thresholds)}
    return replace(
        thresholds,
        **{
            name: float(value)
            for name, value in values.items()
            if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
        },
    )


def changed_style(style: Style, reported: object) -> Style:
    """The style with what is reported in its place; what makes no sense is left as it was."""
    if not isinstance(reported, Mapping):
        return style
    changes: dict[str, Any] = {}
    for each in fields(Style):
        value = reported.get(each.name)
        if isinstance(getattr(style, each.name), bool):
            if isinstance(value, bool):
                changes[each.name] = value
        elif each.name == "color_by":
            if value in get_args(ColorBy):
                changes[each.name] = value
        elif isinstance(value, (int, float)) and abs(value) <= _LARGEST_NUMBER:  # which NaN is not
            changes[each.name] = (
                min(1.0, max(0.0, value))
                if each.name == "opacity"
                else min(WIDEST_OUTLINE, max(1, int(value)))
            )
    return replace(style, **changes)

"""What a visitor asks of a collection, as text: "person >= 2, area > 1 %, coverage < 80 %, beach".

Conditions are separated by commas; each is one of

    person                  a label: at least one such segment
    person >= 2             so many of them (=, ≥, <=, ≤, <, >, !=)
    no person               none
    score < 0.9             segments of such a score …
    area 1 % .. 5 %         … or share of the picture, below 5 %; "5 %" and "0.05" are the same
    segments > 10           pictures with so many segments
    coverage < 80 %         … so much of which is not void
    misses >= 1             … with so many near misses
    lost: person            pictures that lost quality at a class; "missed:" and "surplus:" ask for one side
    missed: score           … for a reason of an evaluation (panoseg.evaluation.reasons)
    missed: score of person … both
    missed: dog called cat  … with a segment of another class in its place
    missed: dog called nothing            … with none
    surplus: nothing called dog           … in whose place nothing is
    found: dog              pictures with a match of a class
    predicted: 0.8 .. 0.9   … with a predicted segment of such a score that counts, right or not
    proposed: 0.3 .. 0.4    … with such a query, before any threshold
    anything else           pictures whose name holds it

Conditions on score and area say which segments count, wherever they stand: "person >= 2, area > 1 %" leaves
the pictures with two people of that size. Without a label, one such segment is enough.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from panoseg.collection.segment_table import SegmentTable
from panoseg.errors import InvalidValueError
from panoseg.evaluation.reasons import Missed, Surplus

MOST_LETTERS = 400
MOST_CONDITIONS = 20

Kind = Literal["label", "segment", "picture", "lost", "text"]

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "≥": operator.ge,
    "<=": operator.le,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "!=": operator.ne,
    "≠": operator.ne,
    "==": operator.eq,
    "=": operator.eq,
}
_NUMBER = r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)"
_COMPARED = re.compile(rf"(.+?)\s*({'|'.join(map(re.escape, _OPERATORS))})\s*{_NUMBER}")
_RANGE = re.compile(rf"(.+?)\s+{_NUMBER}\s*(?:\.\.|–|to)\s*{_NUMBER}")
_LOST = re.compile(r"(lost|missed|surplus|found)\s*:\s*(.+)", re.IGNORECASE)
_SCORED = re.compile(r"(predicted|proposed)\s*:\s*(.*)", re.IGNORECASE)
_SCORES = re.compile(rf"{_NUMBER}\s*(?:\.\.|–|to)\s*{_NUMBER}")
_REASONS = {"missed": {each.value for each in Missed}, "surplus": {each.value for each in Surplus}}
_CALLED = " called "
NOTHING = "nothing"
"""What a segment is called that nobody drew, and what a drawn one is that is not there."""

_SEGMENT_WORDS = {"area": "area", "size": "area", "score": "score", "quality": "quality"}
_PICTURE_WORDS = {
    "segments": "segments",
    "coverage": "coverage",
    "covered": "coverage",
    "misses": "misses",
    "near misses": "misses",
}


class Lost(NamedTuple):
    """What was lost, or found, as an evaluation has it; empty: any loss.

    Attributes:
        side: "missed" or "surplus"; "found" for matches, "predicted" for segments and "proposed" for queries
            of some scores, right or not.
        reason: the value of a `Missed` or a `Surplus`.
        label: name of its class, in lower case.
        other: name of the class that stands in its place, in lower case; `NOTHING` where none does.
        scores: of "predicted" and "proposed", from the first up to, but not including, the second, unless it
            is 1.
    """

    side: str = ""
    reason: str = ""
    label: str = ""
    other: str = ""
    scores: tuple[float, float] = (0.0, 1.0)

    def has_score(self, scores: NDArray[np.float64]) -> NDArray[np.bool_]:
        """For each score whether it is one of those."""
        first, end = self.scores
        return (scores >= first) & ((scores < end) | (end >= 1))


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        text: as it was written.
        kind: what it is about: a label, segments, pictures, what an evaluation says, or a picture's name.
        subject: the class id of a label, the name of a column, a `Lost`, or the text to look for.
        low, high: values that hold, both included unless `open_low` or `open_high`.
        differs: whether instead all other values hold.
    """

    text: str
    kind: Kind
    subject: Any
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    differs: bool = False

    def holds(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """For each value whether it is among those; NaN never is."""
        above = values > self.low if self.open_low else values >= self.low
        below = values < self.high if self.open_high else values <= self.high
        inside: NDArray[np.bool_] = above & below
        return ~inside & ~np.isnan(values.astype(np.float64)) if self.differs else inside


def read_question(text: str, labels: Sequence[str]) -> list[Condition]:
    """The conditions of a question.

    Args:
        text: as a visitor wrote it.
        labels: names of the classes; case does not matter, and a beginning that only one has is enough.

    Raises:
        InvalidValueError: it is too long, or a number where none can be.
    """
    if len(text) > MOST_LETTERS:
        raise InvalidValueError(f"A question has at most {MOST_LETTERS} letters.")
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if len(parts) > MOST_CONDITIONS:
        raise InvalidValueError(f"A question has at most {MOST_CONDITIONS} conditions.")
    return [_read(part, labels) for part in parts]


def _read(text: str, labels: Sequence[str]) -> Condition:
    if found := _LOST.fullmatch(text):
        return Condition(text, "lost", _lost(found[1].casefold(), found[2].strip().casefold()))
    if found := _SCORED.fullmatch(text):
        return Condition(text, "lost", _scored(found[1].casefold(), found[2].strip()))
    if found := _RANGE.fullmatch(text):
        subject = found[1]
        low, high = _ends(*found.groups()[1:])
        # Of scores and areas up to, but not including, the second: so neighbouring ranges share nothing.
        until = subject.strip().casefold() in _SEGMENT_WORDS and high < 1
        return _about(text, subject, labels, low=low, high=high, open_high=until)
    if found := _COMPARED.fullmatch(text):
        subject, sign = found[1], found[2]
        value = _value(found[3], found[4])
        bounds: dict[str, Any] = {
            ">": {"low": value, "open_low": True},
            "<": {"high": value, "open_high": True},
            ">=": {"low": value},
            "≥": {"low": value},
            "<=": {"high": value},
            "≤": {"high": value},
        }.get(sign, {"low": value, "high": value, "differs": sign in ("!=", "≠")})
        return _about(text, subject, labels, **bounds)
    if text.casefold().startswith("no ") and (label := _label(text[3:], labels)) is not None:
        return Condition(text, "label", label, high=0)
    if (label := _label(text, labels)) is not None:
        return Condition(text, "label", label, low=1)
    return Condition(text, "text", text.casefold())


def _lost(side: str, words: str) -> Lost:
    if side == "found":
        return Lost(side, "", words)
    wanted = "" if side == "lost" else side
    is_one, _, called = (part.strip() for part in words.partition(_CALLED))
    if is_one and called:
        return (
            Lost("surplus", "", called, NOTHING) if is_one == NOTHING else Lost("missed", "", is_one, called)
        )
    reason, _, label = words.partition(" of ")
    known = _REASONS[side] if wanted else _REASONS["missed"] | _REASONS["surplus"]
    if reason not in known:
        return Lost(wanted, "", words)
    return Lost(wanted, reason, label.strip())


def _scored(side: str, words: str) -> Lost:
    found = _SCORES.fullmatch(words)
    if found is None:
        raise InvalidValueError(f"Wanted scores after “{side}:”, such as “{side}: 0.80 .. 0.90”.")
    first, end = _ends(*found.groups())
    return Lost(side, scores=(first, end))


def _about(text: str, subject: str, labels: Sequence[str], **bounds: Any) -> Condition:
    name = subject.strip().casefold()
    label = _label(name, labels)
    if label is not None and name not in _SEGMENT_WORDS and name not in _PICTURE_WORDS:
        return Condition(text, "label", label, **bounds)
    if name in _SEGMENT_WORDS:
        return Condition(text, "segment", _SEGMENT_WORDS[name], **bounds)
    if name in _PICTURE_WORDS:
        return Condition(text, "picture", _PICTURE_WORDS[name], **bounds)
    raise InvalidValueError(
        f"Nothing here is called “{subject.strip()[:40]}”: wanted a label, score, area, quality, segments, "
        "coverage or misses before a number."
    )


def _ends(first: str, its_percent: str, second: str, percent: str) -> tuple[float, float]:
    """The ends of a range; a sign that only one has is meant for both."""
    sign = its_percent or percent
    ends = _value(first, sign), _value(second, sign)
    return min(ends), max(ends)


def _value(number: str, percent: str) -> float:
    return float(number) / (100 if percent else 1)


def _label(text: str, labels: Sequence[str]) -> int | None:
    name = text.strip().casefold()
    names = [label.casefold() for label in labels]
    if name in names:
        return names.index(name)
    beginning = [at for at, label in enumerate(names) if len(name) >= 3 and label.startswith(name)]
    return beginning[0] if len(beginning) == 1 else None


def ask(
    table: SegmentTable,
    names: Sequence[str],
    conditions: Sequence[Condition],
    lost: Callable[[Lost], NDArray[np.bool_]] | None = None,
) -> NDArray[np.bool_]:
    """(P,) which pictures a question leaves.

    Args:
        table: of P pictures.
        names: theirs, in lower case.
        conditions: all of which must hold.
        lost: says in which pictures something was lost or found; without it, such conditions leave all.
    """
    left = np.ones(table.pictures, bool)
    counted = np.ones(len(table.picture), bool)
    has_label = False
    for condition in conditions:
        if condition.kind == "segment":
            counted &= condition.holds(getattr(table, condition.subject))
        has_label |= condition.kind == "label"
    for condition in conditions:
        match condition.kind:
            case "label":
                left &= condition.holds(table.counts(counted & (table.class_id == condition.subject)))
            case "segment":
                if not has_label:
                    left &= table.counts(counted) > 0
            case "picture":
                left &= condition.holds(_of_pictures(table, condition.subject))
            case "lost":
                if lost is not None:
                    left &= lost(condition.subject)
            case "text":
                left &= np.fromiter((condition.subject in name for name in names), bool, len(names))
    return left


def matching_segments(table: SegmentTable, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
    """(N,) the segments that a question is about: of its labels, if any, and of its sizes and scores."""
    found = np.ones(len(table.picture), bool)
    labels = [c.subject for c in conditions if c.kind == "label" and (c.low > 0 or c.high > 0)]
    if labels:
        found &= np.isin(table.class_id, labels)
    for condition in conditions:
        if condition.kind == "segment":
            found &= condition.holds(getattr(table, condition.subject))
    return found


def _of_pictures(table: SegmentTable, name: str) -> NDArray[Any]:
    match name:
        case "segments":
            return table.counts()
        case "coverage":
            return table.coverage()
        case _:
            return table.near_misses

"""Two segmentations of one picture, side by side: what they share, and what only one of them has.

Segments are the same where their labels are and they share more than half of their union (Kirillov et
al., "Panoptic Segmentation", CVPR 2019). The right side is the reference: a prediction like the left one,
or an annotation.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from panoseg.quality import LabelMap, PanopticQuality, match, picture_quality
from panoseg.segment import Segment
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

Outcome = Literal["match", "left", "right", "uncounted"]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of two segmentations of a picture.

    Attributes:
        segmentation: whose class ids are those of `vocabulary`.
        vocabulary: of the model or of the annotation.
        annotated: whether people drew it. Where they left a pixel void, they did not say what is there;
            where a model did, it found nothing there.
        crowds: ids of segments that stand for an uncounted crowd of their class.
    """

    segmentation: Segmentation
    vocabulary: Vocabulary
    annotated: bool = False
    crowds: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A segment of the left and one of the right that match, or one that has no partner.

    Attributes:
        outcome: "match", only "left", only "right", or "uncounted": a crowd of the annotation, or a
            segment that lies mostly on what is not annotated.
        left, right: the segments; one of them is None unless they match.
        iou: the share of their union that both have, above 0.5; None unless they match.
    """

    outcome: Outcome
    left: Segment | None
    right: Segment | None
    iou: float | None = None

    @property
    def label(self) -> str:
        """The label of both, or of the only one."""
        segment = self.left or self.right
        return segment.label if segment else ""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How two segmentations of a picture compare.

    Attributes:
        pairs: what differs first: what only the left has, only the right, then matches, the worst first,
            and what is not counted.
        quality: of the left, measured against the right.
        strangers: labels in the picture that only one of the vocabularies has, and that can never match.
    """

    pairs: tuple[Pair, ...]
    quality: PanopticQuality
    strangers: tuple[str, ...]

    def outcomes(self, side: Literal["left", "right"]) -> dict[int, Outcome]:
        """What became of each segment of a side, by its id."""
        segments = ((getattr(pair, side), pair.outcome) for pair in self.pairs)
        return {segment.id: outcome for segment, outcome in segments if segment}

    def count(self) -> Counter[Outcome]:
        """How many matches there are, and how many segments of each other outcome."""
        return Counter(pair.outcome for pair in self.pairs)


def compare(left: Side, right: Side) -> Comparison:
    """Compare two segmentations of a picture; the right one is the reference.

    Classes meet by their place where one vocabulary continues the other (as that of an annotation, see
    `read_coco_panoptic`), and otherwise by label.

    Raises:
        InvalidValueError: pictures of two sizes.
    """
    vocabulary, places = join(left.vocabulary, right.vocabulary)
    guess = LabelMap.of(left.segmentation)
    reference = LabelMap(
        right.segmentation.id_map,
        {segment.id: places[segment.class_id] for segment in right.segmentation.segments},
        right.crowds,
    )
    matching = match(reference, guess, void_counts=not right.annotated)
    lefts = {segment.id: segment for segment in left.segmentation.segments}
    rights = {segment.id: segment for segment in right.segmentation.segments}
    partners = {g: (t, iou) for (t, g), iou in matching.matches.items()}
    matched = {t for t, _ in matching.matches}
    found = [g for g in lefts if g not in partners]
    missed = [t for t in rights if t not in matched]
    pairs = (
        *(Pair("left", lefts[g], None) for g in found if g in matching.surplus),
        *(Pair("right", None, rights[t]) for t in missed if t in matching.missed),
        *sorted(
            (Pair("match", lefts[g], rights[t], iou) for g, (t, iou) in partners.items()),
            key=lambda pair: pair.iou or 0,
        ),
        *(Pair("uncounted", lefts[g], None) for g in found if g not in matching.surplus),
        *(Pair("uncounted", None, rights[t]) for t in missed if t not in matching.missed),
    )
    known = set(places)
    strangers = {segment.label for segment in lefts.values() if segment.class_id not in known} | {
        segment.label for segment in rights.values() if places[segment.class_id] >= len(left.vocabulary)
    }
    quality = picture_quality(reference, guess, matching, vocabulary)
    return Comparison(pairs, quality, tuple(sorted(strangers)))


def join(left: Vocabulary, right: Vocabulary) -> tuple[Vocabulary, tuple[int, ...]]:
    """One vocabulary for two, and the class id in it of each class of the right one.

    It begins with the left one's classes. If one of the two continues the other, classes keep their
    places; otherwise they meet by label, whatever its case, and what is new comes at the end. A class that
    is a thing to one and stuff to the other is what the left says.

    >>> joined, places = join(Vocabulary(["sky", "car"], [1]), Vocabulary(["Car", "dog"], [0, 1]))
    >>> joined.labels, places
    (('sky', 'car', 'dog'), (1, 2))
    """
    shared = min(len(left), len(right))
    if left.labels[:shared] == right.labels[:shared]:
        return max(left, right, key=len), tuple(range(len(right)))
    labels, things = list(left.labels), set(left.things)
    place_of: dict[str, int] = {}
    for place, label in enumerate(left.labels):
        place_of.setdefault(_plain(label), place)
    for class_id, label in enumerate(right.labels):
        if _plain(label) not in place_of:
            place_of[_plain(label)] = len(labels)
            if right.is_thing(class_id):
                things.add(len(labels))
            labels.append(label)
    return Vocabulary(labels, things), tuple(place_of[_plain(label)] for label in right.labels)


def _plain(label: str) -> str:
    return label.strip().casefold()

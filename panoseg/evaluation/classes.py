"""Which class of a model is which category of an annotation."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from panoseg.errors import InvalidValueError
from panoseg.evaluation.annotations import AnnotatedClass
from panoseg.vocabulary import Vocabulary

NOT_ANNOTATED = -1


@dataclass(frozen=True, slots=True, eq=False)
class ClassMatch:
    """How two lists of classes meet.

    Attributes:
        annotated: (C + 1,) int64: for each class of the model its place in the annotation's list, or −1; the
            last entry, "no object", is −1.
        only_model: labels of the model that the annotation lacks.
        only_annotation: categories that the model lacks.
        renamed: (label, category) of those that meet by number under different names.
    """

    annotated: NDArray[np.int64]
    only_model: tuple[str, ...]
    only_annotation: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()


def match_classes(
    vocabulary: Vocabulary,
    classes: Sequence[AnnotatedClass],
    mapping: str | os.PathLike[str] | None = None,
) -> ClassMatch:
    """Classes meet by the data set's number and name, then by name, then by number alone.

    By number alone only where most numbers that both have stand for one name, so that two data sets that
    number their categories differently are not taken for one.

    Args:
        vocabulary: the model's.
        classes: the annotation's.
        mapping: a JSON file {"label of the model": "category", …}, which alone counts then; a category by its
            name or number. Several labels may lead to one category, and those that are not listed to none.

    Raises:
        InvalidValueError: nothing meets, or the mapping names what neither has.
    """
    pairs = _by_file(vocabulary, classes, Path(mapping)) if mapping else _by_itself(vocabulary, classes)
    if not pairs:
        labels, names = ", ".join(vocabulary.labels[:4]), ", ".join(each.name for each in classes[:4])
        raise InvalidValueError(
            f"The model's classes ({labels} …) and the annotation's ({names} …) have nothing in common; "
            "--mapping FILE says which is which."
        )
    annotated = np.full(len(vocabulary) + 1, NOT_ANNOTATED, np.int64)
    for model_class, place in pairs.items():
        annotated[model_class] = place
    found = set(pairs.values())
    return ClassMatch(
        annotated,
        tuple(label for c, label in enumerate(vocabulary.labels) if c not in pairs),
        tuple(each.name for place, each in enumerate(classes) if place not in found),
        ()
        if mapping
        else tuple(
            (vocabulary.labels[c], classes[place].name)
            for c, place in sorted(pairs.items())
            if _plain(vocabulary.labels[c]) != _plain(classes[place].name)
        ),
    )


def _by_itself(vocabulary: Vocabulary, classes: Sequence[AnnotatedClass]) -> dict[int, int]:
    place_of_id = {each.id: place for place, each in enumerate(classes)}
    names = Counter(_plain(each.name) for each in classes)
    place_of_name = {
        _plain(each.name): place for place, each in enumerate(classes) if names[_plain(each.name)] == 1
    }
    labels = Counter(_plain(label) for label in vocabulary.labels)
    by_id = {
        c: place_of_id[number] for c, number in enumerate(vocabulary.dataset_ids) if number in place_of_id
    }
    pairs = {
        c: place for c, place in by_id.items() if _plain(vocabulary.labels[c]) == _plain(classes[place].name)
    }
    same_numbers = not by_id or 2 * len(pairs) >= len(by_id) or all(map(_is_generic, vocabulary.labels))
    taken = set(pairs.values())
    for c, label in enumerate(vocabulary.labels):
        place = place_of_name.get(_plain(label))
        if c not in pairs and place is not None and place not in taken and labels[_plain(label)] == 1:
            pairs[c] = place
            taken.add(place)
    if same_numbers:
        for c, place in by_id.items():
            if c not in pairs and place not in taken:
                pairs[c] = place
                taken.add(place)
    return pairs


def _by_file(vocabulary: Vocabulary, classes: Sequence[AnnotatedClass], path: Path) -> dict[int, int]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidValueError(f"--mapping: {path.name!r} cannot be read ({error.strerror}).") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"--mapping: {path.name!r} is no JSON.") from error
    if not isinstance(content, dict) or not all(isinstance(each, str | int) for each in content.values()):
        raise InvalidValueError(
            f'--mapping: wanted {{"label of the model": "category", …}} in {path.name!r}.'
        )
    labels = {label: c for c, label in enumerate(vocabulary.labels)}
    places: dict[str | int, int] = {each.id: place for place, each in enumerate(classes)}
    places |= {each.name: place for place, each in enumerate(classes)}
    for label, category in content.items():
        if label not in labels:
            raise InvalidValueError(f"--mapping: the model has no label {label[:100]!r}.")
        if category not in places:
            raise InvalidValueError(f"--mapping: the annotation has no category {str(category)[:100]!r}.")
    return {labels[label]: places[category] for label, category in content.items()}


def _plain(name: str) -> str:
    """A name without case and without what stands between its words."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _is_generic(label: str) -> bool:
    """Whether it is what a checkpoint without names has: LABEL_7."""
    head, _, number = label.rpartition("_")
    return head.upper() == "LABEL" and number.isdigit()

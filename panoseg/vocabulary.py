"""What a model can name: its labels, which of them are things, and the data set's own ids."""

from collections.abc import Iterable
from dataclasses import dataclass

from panoseg.errors import InvalidValueError


@dataclass(frozen=True, slots=True, init=False)
class Vocabulary:
    """The classes of a model, by contiguous class id 0 … C − 1.

    Attributes:
        labels: C names; the class id is the position.
        things: class ids that are countable objects; every other class is stuff
            (Kirillov et al., "Panoptic Segmentation", CVPR 2019).
        dataset_ids: the data set's own category id of each class (COCO's have gaps), C long.
            The class ids themselves where the data set numbers its categories that way.

    Raises:
        InvalidValueError: no label, an empty label, one with half a character (a lone surrogate, which JSON
            can hold and no file), a thing that is no class id, or a wrong number of data-set ids.

    >>> Vocabulary(["sky", "person"], things=[1]).is_thing(1)
    True
    """

    labels: tuple[str, ...]
    things: frozenset[int]
    dataset_ids: tuple[int, ...]

    def __init__(
        self,
        labels: Iterable[str],
        things: Iterable[int],
        dataset_ids: Iterable[int] | None = None,
    ) -> None:
        names = tuple(labels)
        if not names or not all(isinstance(name, str) and name for name in names):
            raise InvalidValueError("A vocabulary needs at least one label, and no empty ones.")
        try:
            "".join(names).encode()
        except UnicodeEncodeError as error:
            raise InvalidValueError(
                "A label holds half a character, so that no file could hold it."
            ) from error
        countable = frozenset(int(thing) for thing in things)
        strays = sorted(thing for thing in countable if not 0 <= thing < len(names))
        if strays:
            raise InvalidValueError(f"Things are class ids from 0 to {len(names) - 1}, got {strays[0]}.")
        ids = tuple(range(len(names))) if dataset_ids is None else tuple(map(int, dataset_ids))
        if len(ids) != len(names) or len(set(ids)) != len(ids):
            raise InvalidValueError(
                f"Wanted {len(names)} different data-set ids, one per label, got {len(set(ids))}."
            )
        object.__setattr__(self, "labels", names)
        object.__setattr__(self, "things", countable)
        object.__setattr__(self, "dataset_ids", ids)

    def __len__(self) -> int:
        """Number of classes C, without "no object"."""
        return len(self.labels)

    def is_thing(self, class_id: int) -> bool:
        """Whether the class is a countable thing (else it is stuff)."""
        return class_id in self.things

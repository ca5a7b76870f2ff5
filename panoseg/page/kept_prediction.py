"""A picture of a run on the page of pictures: what the run says of it stands in for a forward pass."""

from __future__ import annotations

from dataclasses import dataclass, field

from panoseg.collection.opened import OpenedRun
from panoseg.collection.shelf import Shelved
from panoseg.errors import RunError
from panoseg.hosting.numbers import number
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page.collection.desk import desk
from panoseg.page.model_offers import Offer, offer
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.vocabulary import Vocabulary

PREFIX = "run:"
"""What names of a run's pictures begin with in the address: run:<id>:<position>."""


@dataclass(eq=False)
class KeptPrediction:
    """What a run says of one picture.

    Attributes:
        run, title: its id and what people call it.
        position: of the picture.
        photo: digest of the picture.
        model: what made it, as an offer.
        revision: of that model's weights when it made it, as of `Origin`.
        vocabulary: of the run.
        input_size: how large the network saw the picture.
        prediction: where the run holds logits; otherwise `segmentation`.
        choice: model and input size as they were chosen when it was opened; another choice ends it.
    """

    run: str
    title: str
    position: int
    photo: str
    model: Offer
    revision: str | None
    vocabulary: Vocabulary
    input_size: SizeChoice
    prediction: Prediction | None
    segmentation: Segmentation | None
    choice: tuple[str, SizeChoice] | None = field(default=None)

    def stays(self, photo: Photo, model: str, size: SizeChoice) -> bool:
        """Whether it is still what is looked at: the same picture, and no other model was chosen."""
        if self.choice is None:
            self.choice = model, size
        return photo.digest == self.photo and self.choice == (model, size)


def name_of(run: str, position: int) -> str:
    """The name of a run's picture in the address."""
    return f"{PREFIX}{run}:{position}"


def run_of(name: str) -> str | None:
    """The run of a picture's name; None where it is no run's picture.

    >>> run_of(name_of("beach", 3)), run_of("scene-3")
    ('beach', None)
    """
    return name.removeprefix(PREFIX).rpartition(":")[0] if name.startswith(PREFIX) else None


def open_kept(name: str) -> tuple[Photo, KeptPrediction]:
    """A run's picture, and what the run says of it.

    Args:
        name: as of `name_of`.

    Raises:
        RunError: there is no such run or picture, or its record is damaged.
        PhotoError: the picture is not there any more.
    """
    run, _, place = name.removeprefix(PREFIX).rpartition(":")
    position = number(place)
    if position is None:
        raise RunError("This link names no picture of a collection.")
    shelved, opened = desk().open(run)
    photo = opened.photo(position)
    return photo, read_kept(shelved, opened, position, photo.digest)


def read_kept(shelved: Shelved, opened: OpenedRun, position: int, photo: str) -> KeptPrediction:
    """What a run says of one picture.

    Args:
        shelved, opened: the run.
        position: of the picture.
        photo: its digest.

    Raises:
        RunError: there is no such picture, or its record is damaged.
    """
    item = opened.item(position)
    header = opened.run.header
    prediction = item.prediction() if opened.has_thresholds else None
    return KeptPrediction(
        run=shelved.id,
        title=shelved.title,
        position=position,
        photo=photo,
        model=offer(header.model),
        revision=header.exact_revision,
        vocabulary=header.vocabulary,
        input_size=header.input_size,
        prediction=prediction,
        segmentation=None if prediction is not None else item.segmentation(),
    )

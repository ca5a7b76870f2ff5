"""What the page is about: a photo as one model sees it, at one input size, for one task."""

from dataclasses import dataclass

from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.page.model_offers import Offer, offer
from panoseg.photo import Photo
from panoseg.prediction import Prediction
from panoseg.segmentation import Segmentation
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds
from panoseg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Subject:
    """Names everything but thresholds that decides what is found; as a string, a name for the browser.

    Attributes:
        photo: the photo's digest.
        model: the model's name.
        input_size: how large the network sees the photo.
        task: what is looked for.
        things: what a visitor said of the model's things, where nothing else tells them from stuff; or
            the run that the prediction was kept in.
    """

    photo: str
    model: str
    input_size: SizeChoice
    task: Task
    things: str = ""

    def __str__(self) -> str:
        return f"{self.photo} {offer(self.model).public_name} {self.input_size} {self.task} {self.things}"


@dataclass(frozen=True, slots=True)
class Scene:
    """What there is to threshold."""

    photo: Photo
    subject: Subject
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class FinishedScene:
    """What a run of finished maps says of a picture: there is nothing to threshold."""

    photo: Photo
    subject: Subject
    segmentation: Segmentation
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class Shown:
    """The picture at the left: a scene, the model in use and the thresholds."""

    scene: Scene
    model: Offer
    thresholds: Thresholds

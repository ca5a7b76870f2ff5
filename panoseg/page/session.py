"""What the page remembers of one visitor between two runs: one typed object, in one place.

Streamlit forgets a session some time after its browser has gone; the requests of one are given up at once.
Widgets keep their own values, under the keys below. All else that is kept is kept here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex
from typing import NamedTuple, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from panoseg import events
from panoseg.comparison import Comparison, Side
from panoseg.evaluation.one_picture import AnnotatedPrediction, PictureReasons
from panoseg.merging import Landscape
from panoseg.page.address import OTHER_MODEL
from panoseg.page.annotation_files import AnnotationFiles
from panoseg.page.collection.visitors import CollectionVisitor
from panoseg.page.departures import departures
from panoseg.page.export_files import Files
from panoseg.page.filmstrip import Filmstrip
from panoseg.page.kept_prediction import KeptPrediction
from panoseg.page.latest import Latest
from panoseg.page.look import Look
from panoseg.page.model_offers import Offer
from panoseg.page.model_service import model_service
from panoseg.page.pictures_of_all import picture_store
from panoseg.page.shown_pictures import ShownPictures
from panoseg.photo import Photo
from panoseg.serving.model_load import ModelLoad
from panoseg.serving.requests import Requests
from panoseg.serving.undecided_things import Things
from panoseg.tasks import Findings, Task

PICTURE, REFERENCE = "picture", "reference"
"""What predictions and models are wanted for: the picture, and what it is compared with."""

_KEY = "panoseg"

T = TypeVar("T")


class Widgets:
    """Keys of widgets whose value is set by something else than the visitor's hand.

    Most are also the names of the address's parameters.
    """

    MODEL = "model"
    TASK = "task"
    INPUT = "input"
    EDGE = "edge"
    COMPARE = "compare"


def set_widget(key: str, value: object) -> None:
    """Give a widget of this run another value, before it is drawn."""
    st.session_state[key] = value


def widget_value(key: str, otherwise: T) -> T:
    """A widget's value, in a callback or before it is drawn in this run; `otherwise` if it never was."""
    value: T = st.session_state.get(key, otherwise)
    return value


def end_if_replaced() -> None:
    """End this run if a newer one has begun: what a callback asked for meanwhile is for that one to do.

    Streamlit begins the newer run, callbacks first, while the older one still computes, and ends the older
    one where it next reads the state. A run that does what is asked once asks this before it says that it is
    done.
    """
    st.session_state.get(_KEY)


class Picker(NamedTuple):
    """A picker whose choice the page may take back, and what it shows.

    A browser that has not seen yet that a choice was taken back goes on sending what its picker shows. So
    there is a new picker then, of which it cannot know: a click meanwhile does not choose the same again.

    Attributes:
        name: of all pickers in this place, one after the other.
        number: of this one.
        shown: what was chosen in it when it was drawn last, or is to be shown first.
    """

    name: str
    number: int = 0
    shown: str | None = None

    @property
    def key(self) -> str:
        """Of the widget."""
        return f"{self.name}-{self.number}" if self.number else self.name

    @property
    def is_drawn(self) -> bool:
        """Whether it was on the page before; what it shows is then Streamlit's to say."""
        return self.key in st.session_state

    @property
    def value(self) -> str | None:
        """What it shows before it is drawn in this run; None if it never was."""
        return widget_value(self.key, self.shown)

    def showing(self, choice: str | None) -> Picker:
        """The same with another choice, before it is drawn."""
        if self.is_drawn:
            set_widget(self.key, choice)
        return self._replace(shown=choice)

    def instead(self, choice: str | None) -> Picker:
        """The next picker, which shows this, where the one that the browser sees shows something else."""
        if self.is_drawn and self.value != choice:
            return Picker(self.name, self.number + 1, choice)
        return self._replace(shown=choice)


class InputChoice(NamedTuple):
    """How large a model sees pictures: a way of `input_size_picker`, and the custom edge in pixels."""

    way: str
    edge: int


@dataclass(eq=False)
class Session:
    """One visitor's state.

    Attributes:
        photo: the picture, until another is taken.
        filmstrip: the pictures to go to, and which of them that is.
        filmstrip_heard: number of the filmstrip's last report.
        batch: how often files were taken.
        picture_error, model_error: why what was asked for last is not shown; empty if it is.
        annotation_files: the last that were given; why those given later are none, and whether they are new.
        begins_settings: whether a comparison with other settings begins at this run.
        address: picture, model and task as the page found or wrote them in the address.
        last_address: the same as a link has it, while another page is looked at.
        id: a random word for the log; nothing else knows it.
        requests: what is asked of the models; given up when the browser goes.
        shown_pictures: what the browser may ask for of all that is shown; nothing once it has gone.
        collections: what the browser may ask of collections; nothing once it has gone.
        kept: the run's prediction of the picture, where it was opened from a collection.
        collection: the run that was looked at last, to go back to.
        selects: keys of segments to select in the picture that comes next.
        collection_heard: number of the Collection page's last report.
        failures: by model, why it cannot be had; until the visitor tries again.
        working: the last model that worked, to go back to.
        refused: the model that was asked for last, where it could not be had and the picker went back.
        is_advice_closed: whether the visitor has read what the demo model is for.
        explained_run: the run of which the visitor has read why its thresholds are off.
        chosen_model, chosen_task: to choose at the next run, whichever part of the page asked for it.
        picker, other_picker: of models, and of the one that a comparison is made with.
        other_names: the other models that the address named last, as found and as the page wrote it.
        cancelled: the other model that was cancelled, until it is chosen again.
        loads: models on their way, by purpose: the same until its end was seen.
        things: by model, what the visitor said of its things; for the visit.
        things_error: why the last such answer could not be kept, until it is shown.
        input_choices: by model, the input size that it had last.
        look, reference_look: of the picture and of the second one; None until there is one.
        findings, landscape, comparison, reference, annotation, runs_with_it, other_run: the last results.
        annotated, reasons: the last results of a comparison with an annotation.
        logits: what the browser was last sent to merge by itself.
        colors_from_link: whether the address asked for colours that a comparison would change.
        is_page_stale: whether a click below the bar has changed what the bar and the notices say.
        wants_export: whether the next run opens the export sheet; `files` that it made last.
        awaits_thumbnails: whether uploads were being read at the last run.
    """

    photo: Photo
    filmstrip: Filmstrip = field(init=False)
    filmstrip_heard: int = 0
    batch: int = 0
    picture_error: str = ""
    model_error: str = ""
    annotation_files: AnnotationFiles | None = None
    annotation_error: str = ""
    has_new_annotation: bool = False
    begins_settings: bool = False
    address: dict[str, str | None] = field(default_factory=dict)
    last_address: dict[str, str] = field(default_factory=dict)

    id: str = field(default_factory=lambda: token_hex(4))
    requests: Requests = field(init=False)
    shown_pictures: ShownPictures = field(default_factory=ShownPictures)
    collections: CollectionVisitor = field(default_factory=CollectionVisitor)
    kept: KeptPrediction | None = None
    collection: str = ""
    selects: tuple[str, ...] = ()
    collection_heard: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    working: Offer | None = None
    refused: Offer | None = None
    is_advice_closed: bool = False
    explained_run: str = ""
    chosen_model: str | None = None
    chosen_task: Task | None = None
    picker: Picker = field(default_factory=lambda: Picker(Widgets.MODEL))
    other_picker: Picker = field(default_factory=lambda: Picker(OTHER_MODEL))
    other_names: tuple[str | None, str | None] = (None, None)
    cancelled: str | None = None
    loads: dict[str, ModelLoad] = field(default_factory=dict)
    things: dict[str, Things] = field(default_factory=dict)
    things_error: str = ""
    input_choices: dict[str, InputChoice] = field(default_factory=dict)

    look: Look | None = None
    reference_look: Look = field(default_factory=Look)

    findings: Latest[Findings] = field(default_factory=Latest)
    landscape: Latest[Landscape] = field(default_factory=Latest)
    logits: Latest[bytes] = field(default_factory=Latest)
    comparison: Latest[Comparison] = field(default_factory=Latest)
    reference: Latest[Findings] = field(default_factory=Latest)
    annotation: Latest[Side] = field(default_factory=Latest)
    runs_with_it: Latest[tuple[tuple[str, str, int], ...]] = field(default_factory=Latest)
    other_run: Latest[KeptPrediction] = field(default_factory=Latest)
    annotated: Latest[AnnotatedPrediction] = field(default_factory=Latest)
    reasons: Latest[PictureReasons] = field(default_factory=Latest)

    colors_from_link: bool = False
    is_page_stale: bool = False
    wants_export: bool = False
    awaits_thumbnails: bool = False
    files: Files = field(default_factory=Files)

    def __post_init__(self) -> None:
        self.filmstrip = Filmstrip(picture_store(), self.id)
        self.requests = Requests(model_service().models, self.id)

    def leave(self) -> None:
        """The browser has gone: want no predictions, and keep nothing that can be made again."""
        self.requests.give_up()
        self.shown_pictures.close()
        self.collections.close()
        for value in vars(self).values():
            if isinstance(value, Latest):
                value.forget()
        self.files.close()
        self.files = Files()


def begin_session(photo: Callable[[], Photo]) -> Session:
    """This visitor's session, begun with a photo if this is the visitor's first run."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session(photo())
        events.note("session", session=current_session().id)
    session = current_session()
    session.shown_pictures.open()
    session.collections.open()
    if (context := get_script_run_ctx()) is not None:
        departures.watch(context.session_id, session)
    return session


def current_session() -> Session:
    """This visitor's session, in a run that has begun it and in callbacks."""
    session: Session = st.session_state[_KEY]
    return session

"""The annotation that a picture is compared with, out of the files that a visitor gave."""

import streamlit as st

from panoseg.comparison import Side
from panoseg.errors import GroundTruthError, PanosegError
from panoseg.ground_truth import GroundTruth
from panoseg.page import runs
from panoseg.page.decoders import decoders, opening_notice
from panoseg.page.markdown import plain
from panoseg.page.picture_picker import annotation_box, take_annotation
from panoseg.page.reference import Places, Reference, wait
from panoseg.page.session import Session
from panoseg.page.widget_keys import stable_key
from panoseg.photo import Photo
from panoseg.vocabulary import Vocabulary

MOST_SEGMENTS = 10_000
"""Of an annotation that is shown: each run of the page tells the browser half a kilobyte of each of them."""


def annotation_beside(
    session: Session, places: Places, photo: Photo, vocabulary: Vocabulary
) -> Reference | None:
    """The annotation in the files that were given last.

    None where there is none, and the place says why.

    Args:
        session: the visitor's.
        places: where things stand.
        photo: that is annotated.
        vocabulary: of the model, in whose words the annotation is read.
    """
    with places.asked or places.right:
        _choose_files(session)
    with places.right:
        return _read(session, photo, vocabulary)


def _read(session: Session, photo: Photo, vocabulary: Vocabulary) -> Reference | None:
    files = session.annotation_files
    if session.annotation_error:
        st.error(plain(session.annotation_error), icon=":material/broken_image:")
    if files is None:
        wait(
            "Drop the picture's annotation anywhere, or open it like a photo: a ZIP, or a PNG of ids and its "
            "JSON together, in the COCO panoptic format."
        )
        return None

    def read() -> Side:
        with runs.waiting():
            annotation = decoders().read_annotation(
                files.png,
                files.description,
                files.name,
                size=photo.size,
                waiting=opening_notice(place, "Reading the annotation…"),
            )
        if (count := len(annotation.segments)) > MOST_SEGMENTS:
            raise GroundTruthError(
                f"The annotation has {count:,} segments; at most {MOST_SEGMENTS:,} are shown."
            )
        return GroundTruth.of(annotation, vocabulary).to_side()

    place = st.empty()
    source = photo.digest, files.digest
    try:
        side = session.annotation.get((source, vocabulary), read)
    except PanosegError as error:
        place.error(plain(str(error)), icon=":material/broken_image:")
        return None
    place.empty()
    labels = stable_key("labels", vocabulary)
    return Reference(side, " ".join((*source, labels)), "", f"**Annotation** :gray[{plain(files.name)}]")


def _choose_files(session: Session) -> None:
    st.file_uploader(
        "Annotation",
        accept_multiple_files=True,
        label_visibility="collapsed",
        key=annotation_box(session),
        on_change=take_annotation,
    )

"""What another run says of a picture, beside what this one says."""

from dataclasses import replace

import numpy as np

from panoseg.comparison import Side
from panoseg.page.markdown import plain
from panoseg.page.other_runs import choose_other_run
from panoseg.page.reference import Places, Reference, predicted, wait
from panoseg.page.scene import Scene, Subject
from panoseg.page.session import Session
from panoseg.photo import Photo
from panoseg.segmentation import Segmentation
from panoseg.thresholds import Thresholds


def run_beside(
    session: Session, places: Places, photo: Photo, subject: Subject, thresholds: Thresholds
) -> Reference | None:
    """The same picture in another run; None where there is none, and the place says why.

    Args:
        session: the visitor's.
        places: where things stand.
        photo: the picture.
        subject: of what stands at the left.
        thresholds: for a run that holds logits.
    """
    with places.asked or places.right:
        kept = choose_other_run(session, photo)
    if isinstance(kept, str):
        with places.right:
            wait(kept)
        return None
    its = replace(subject, model=kept.model.name, input_size=kept.input_size, things=kept.run)
    if kept.prediction is not None:
        return predicted(session, Scene(photo, its, kept.prediction), kept.model, thresholds)
    found = kept.segmentation or Segmentation(np.zeros(photo.size, np.int32), ())
    return Reference(Side(found, kept.vocabulary), str(its), "", f"**{plain(kept.model.title)}**")

"""A finished map of a run beside a second segmentation."""

from panoseg.page.annotation_reference import annotation_beside
from panoseg.page.reference import Places, Reference, wait
from panoseg.page.rivals import Rival
from panoseg.page.run_reference import run_beside
from panoseg.page.scene import FinishedScene
from panoseg.page.session import Session
from panoseg.thresholds import Thresholds


def find_map_reference(
    session: Session, rival: Rival, places: Places, scene: FinishedScene, thresholds: Thresholds
) -> Reference | None:
    """What stands at the right; None where there is nothing, and the place says why."""
    match rival:
        case Rival.NOTHING:
            return None
        case Rival.RUN:
            return run_beside(session, places, scene.photo, scene.subject, thresholds)
        case Rival.ANNOTATION:
            return annotation_beside(session, places, scene.photo, scene.vocabulary)
    with places.right:
        wait("This collection holds finished maps, no logits: there is no model to ask again.")
    return None

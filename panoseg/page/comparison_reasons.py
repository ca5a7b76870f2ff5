"""Why segments of the picture lack a match in its annotation."""

from panoseg.evaluation.one_picture import AnnotatedPrediction, PictureReasons, reasons_of_map
from panoseg.page.reference import Reference
from panoseg.page.rivals import Rival
from panoseg.page.scene import FinishedScene, Shown
from panoseg.page.session import Session


def find_reasons(session: Session, rival: Rival, reference: Reference, shown: Shown) -> PictureReasons | None:
    """A line for each such segment; None where the picture is not compared with an annotation.

    Of two predictions neither is the truth, and no step of one took anything away from the other.
    """
    if rival is not Rival.ANNOTATION:
        return None
    scene, thresholds = shown.scene, shown.thresholds
    compared = session.annotated.get(
        (scene.subject, reference.source), lambda: AnnotatedPrediction(scene.prediction, reference.side)
    )
    key = scene.subject, reference.source, thresholds
    return session.reasons.get(key, lambda: compared.reasons(thresholds))


def find_map_reasons(
    session: Session, rival: Rival, reference: Reference, scene: FinishedScene
) -> PictureReasons | None:
    """The same for a finished map, which knows no queries."""
    if rival is not Rival.ANNOTATION:
        return None
    key = scene.subject, reference.source
    return session.reasons.get(
        key, lambda: reasons_of_map(scene.segmentation, scene.vocabulary, reference.side)
    )

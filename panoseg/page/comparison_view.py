"""The second picture of a comparison. What was found stands in the first viewer's inspector."""

from panoseg.comparison import Comparison
from panoseg.evaluation.one_picture import PictureReasons
from panoseg.page import viewer
from panoseg.page.reference import Reference
from panoseg.page.rivals import Rival
from panoseg.page.session_look import look_at_reference
from panoseg.photo import Photo
from panoseg.tasks import Task


def show_beside(
    photo: Photo,
    reference: Reference,
    comparison: Comparison,
    rival: Rival,
    reasons: PictureReasons | None,
) -> None:
    """The second picture, which moves with the first, and what is hidden and selected there."""
    look = look_at_reference(reference.source, viewer.show_photo(photo, key="beside", beside="viewer").look)
    side = reference.side
    viewer.show_map(
        photo,
        reference.source,
        Task.PANOPTIC,
        side.segmentation,
        reference.stamp,
        key="beside",
        scored=not side.annotated,
        nothing=reference.nothing,
    )
    viewer.show_outcomes(comparison, "right", rival.words, photo, reasons, key="beside")
    viewer.show_look(look, key="beside", styled=False)

"""Under the score slider: what every position of it would show."""

from streamlit.delta_generator import DeltaGenerator

from panoseg.charts import landscape_svg
from panoseg.merging import landscape
from panoseg.page.session import Session
from panoseg.page.subject import Scene
from panoseg.segmentation import Thresholds


def show_landscape(session: Session, scene: Scene, thresholds: Thresholds, place: DeltaGenerator) -> None:
    """Draw the landscape of a panoptic scene, with the slider's position in it."""
    key = (scene.subject, thresholds.mask, thresholds.overlap)
    found = session.landscape.get(
        key, lambda: landscape(scene.prediction, thresholds.mask, thresholds.overlap)
    )
    now = found.at(thresholds.score)
    place.image(
        landscape_svg(found, thresholds.score),
        caption=f"{now.things} things · {now.stuff} stuff · {100 * now.coverage:.0f} % covered",
        width="stretch",
    )

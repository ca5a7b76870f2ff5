"""What a picture can be compared with."""

from collections.abc import Mapping
from enum import StrEnum

from panoseg.comparison import Outcome


class Rival(StrEnum):
    """What the picture is compared with."""

    NOTHING = "Nothing"
    SETTINGS = "Other settings"
    MODEL = "Other model"
    RUN = "Other collection"
    ANNOTATION = "Annotation"

    @property
    def words(self) -> Mapping[Outcome, str]:
        """What each outcome is called; of two predictions neither is the truth."""
        if self is Rival.ANNOTATION:
            return {"match": "match", "left": "extra", "right": "missing", "uncounted": "not counted"}
        return {"match": "match", "left": "only left", "right": "only right"}


ASKED = {Rival.SETTINGS: "Settings", Rival.ANNOTATION: "Files"}
"""What a visitor is asked about the second picture, behind a button."""

EXPLAINED = {
    Rival.SETTINGS: "The same model twice. These settings are those of the picture at the right.",
    Rival.ANNOTATION: "The picture's annotation in the COCO panoptic format: an RGB PNG of ids, and the JSON "
    "that names them.",
}
"""What stands over it."""

"""The architectures that panoseg runs, one entry per `model_type` of a config.json.

They are mask classifiers: each of their queries answers with logits over the classes and "no object", and
with one mask over the whole input, which is what a `Prediction` holds. They differ in what they are asked
and in the inputs they take; all that is known of that stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from panoseg.errors import ModelError

_THE_TASK_IS_PANOPTIC = (49406, 518, 10549, 533, 1072, 24755, 49407)
"""OneFormer's question (Jain et al., CVPR 2023, arXiv 2211.06220) in the tokens of CLIP's vocabulary.

They are <start>, "the", "task", "is", "pan", "optic" and <end>.
"""


@dataclass(frozen=True, slots=True)
class Family:
    """What sets an architecture apart.

    Attributes:
        name: as its authors write it.
        network: the name of transformers' class.
        settings: of the configuration, laid down here whatever a checkpoint says: training leaves some
            behind with which the network cannot predict.
        training_only: how the names of weights begin that only training uses.
        question: token ids that the network reads beside the picture.
        side: of the square that is the only input the network takes, in pixels, where the configuration
            does not say; None: it takes any size.
    """

    name: str
    network: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    training_only: tuple[str, ...] = ()
    question: tuple[int, ...] = ()
    side: int | None = None


FAMILIES = {
    "mask2former": Family("Mask2Former", "Mask2FormerForUniversalSegmentation"),
    "maskformer": Family(
        "MaskFormer", "MaskFormerForInstanceSegmentation", settings={"use_auxiliary_loss": False}
    ),
    "oneformer": Family(
        "OneFormer",
        "OneFormerForUniversalSegmentation",
        settings={"is_training": False},
        training_only=("model.text_mapper.",),
        question=_THE_TASK_IS_PANOPTIC,
    ),
    "eomt": Family("EoMT", "EomtForUniversalSegmentation", side=640),
    "eomt_dinov3": Family("EoMT (DINOv3)", "EomtDinov3ForUniversalSegmentation", side=640),
}


def family_of(name: str, config: Mapping[str, Any]) -> Family:
    """The family of a checkpoint, by the `model_type` in its config.json.

    Raises:
        ModelError: panoseg does not run it.
    """
    model_type = config.get("model_type")
    family = FAMILIES.get(model_type) if isinstance(model_type, str) else None
    if family is None:
        kind = str(model_type or "unknown")[:40]
        *others, last = (family.name for family in FAMILIES.values())
        raise ModelError(
            f"{name} is of the model type {kind}, which panoseg does not run; it runs {', '.join(others)} "
            f"and {last}."
        )
    return family

"""Which models the page offers: visitors choose only what the operator allows."""

import os
from dataclasses import dataclass

DEMO = "demo"
COCO = "facebook/mask2former-swin-tiny-coco-panoptic"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model in the picker: its name for `load_segmenter`, a title, and one line about it."""

    name: str
    title: str
    about: str


_KNOWN = {
    offer.name: offer
    for offer in (
        Offer(
            DEMO, "Demo · drawn world", "Ships with panoseg, works offline, and knows only its drawn world."
        ),
        *(
            Offer(
                f"facebook/mask2former-swin-{size}-coco-panoptic",
                f"COCO · Swin-{size[0].upper()}",
                f"133 classes of everyday photos, {parameters} M parameters. Weights CC BY-NC 4.0, "
                "downloaded once from the Hugging Face hub.",
            )
            for size, parameters in (("tiny", 47), ("small", 69), ("base", 107), ("large", 216))
        ),
    )
}


def offers() -> tuple[Offer, ...]:
    """What the operator allows: PANOSEG_MODELS, names or folders separated by commas, or the default."""
    names = [name.strip() for name in os.environ.get("PANOSEG_MODELS", "").split(",") if name.strip()]
    if not names:
        return tuple(_KNOWN.values())
    return tuple(
        _KNOWN.get(name)
        or Offer(name, name.rstrip("/").rsplit("/", 1)[-1], "Offered by this server's operator.")
        for name in names
    )

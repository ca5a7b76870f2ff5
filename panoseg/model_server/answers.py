"""What the parts of the server hand to one another: what is asked, and what comes of it."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import Precision


class Asked(NamedTuple):
    """What is asked of a model. Who asks for the same shares the answer.

    Attributes:
        sha256: of the picture's file, in hexadecimal.
        input_size: how large the network sees the picture.
        precision: of the mask logits in the answer.
    """

    sha256: str
    input_size: SizeChoice
    precision: Precision


class Refusal(NamedTuple):
    """Why there is no prediction.

    Attributes:
        status: of HTTP: 4xx where it is the picture or what was asked, 5xx where it is the server.
        sentence: fit to show.
    """

    status: int
    sentence: str


Answer = bytes | Refusal
"""A prediction as a document (`panoseg.protocol.prediction_bytes`), or why there is none."""


class Replicas(Protocol):
    """What runs the models; the door knows no more of it."""

    @property
    def facts(self) -> list[ModelFacts]:
        """The models that are ready, in the order in which they were named; empty before the first is."""
        ...

    @property
    def why_not(self) -> str:
        """Why nobody should be sent here, in a sentence; empty where they should."""
        ...

    async def predict(self, model: str, asked: Asked, picture: bytes) -> Answer:
        """One forward pass. Cancelled, it stops the network as soon as it can be stopped."""
        ...

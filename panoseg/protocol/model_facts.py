"""What a server says of a model that it serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from panoseg.errors import InvalidValueError
from panoseg.protocol.prediction_bytes import read_vocabulary, vocabulary_json
from panoseg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One model, as a server describes it.

    Attributes:
        name: "demo", a hub id, or a folder's last part.
        revision: the commit it was loaded at, where it came from the hub.
        device: where it runs.
        vocabulary: what it can name.
        decided: whether it is known which of its labels are things; otherwise all are stuff.
        largest_edge: the largest shorter edge at which the server looks at a picture, in pixels.
        lanes: how many pictures are looked at or made ready at the same time.
        weights_sha256: of the weights, in hexadecimal.
        engine, precision: what runs the network, and what it computes in.
    """

    name: str
    revision: str | None
    device: str
    vocabulary: Vocabulary
    decided: bool
    largest_edge: int
    lanes: int
    weights_sha256: str = ""
    engine: str = ""
    precision: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the server hands it out."""
        return {
            "name": self.name,
            "revision": self.revision,
            "device": self.device,
            "vocabulary": vocabulary_json(self.vocabulary),
            "decided": self.decided,
            "largest_edge": self.largest_edge,
            "lanes": self.lanes,
            "weights_sha256": self.weights_sha256,
            "engine": self.engine,
            "precision": self.precision,
        }

    @classmethod
    def from_json(cls, found: Any) -> ModelFacts:
        """The reverse, of what may come from anybody.

        Raises:
            InvalidValueError: it makes no sense.
        """
        try:
            revision = found["revision"]
            return cls(
                str(found["name"])[:200],
                None if revision is None else str(revision)[:200],
                str(found["device"])[:40],
                read_vocabulary(found["vocabulary"]),
                bool(found["decided"]),
                int(found["largest_edge"]),
                max(1, int(found["lanes"])),
                str(found["weights_sha256"])[:64],
                str(found["engine"])[:40],
                str(found["precision"])[:40],
            )
        except (TypeError, ValueError, LookupError, OverflowError) as error:
            raise InvalidValueError("A server describes a model in a way that makes no sense.") from error

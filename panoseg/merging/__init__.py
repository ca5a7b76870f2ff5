"""A prediction and thresholds become segments; pure functions, no model, no global state."""

from panoseg.merging.candidates import Candidate, Fate
from panoseg.merging.panoptic import merge, panoptic

__all__ = ["Candidate", "Fate", "merge", "panoptic"]

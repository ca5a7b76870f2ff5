"""A prediction and thresholds become segments; pure functions, no model, no global state but caches."""

from panoseg.merging.candidates import Candidate, Fate
from panoseg.merging.panoptic import candidates, merge, panoptic

__all__ = ["Candidate", "Fate", "candidates", "merge", "panoptic"]

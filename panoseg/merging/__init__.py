"""A prediction and thresholds become segments; pure functions, no model, no global state but caches."""

from panoseg.merging.at_pixel import Rival, classes_at, rivals_at, why_no_instance, why_void
from panoseg.merging.candidates import LEAST_NEAR_MISS, Candidate, Fate
from panoseg.merging.explanations import reason, rounded_down, why_empty
from panoseg.merging.instances import Instances, instances
from panoseg.merging.landscape import Landscape, landscape
from panoseg.merging.margin import margin
from panoseg.merging.panoptic import candidates, merge, panoptic
from panoseg.merging.query_masks import query_mask
from panoseg.merging.query_probabilities import probabilities_at, probability_map
from panoseg.merging.semantic import semantic
from panoseg.merging.sketches import Sketch, merge_sketches, sketch
from panoseg.merging.warmup import warm_up

__all__ = [
    "LEAST_NEAR_MISS",
    "Candidate",
    "Fate",
    "Instances",
    "Landscape",
    "Rival",
    "Sketch",
    "candidates",
    "classes_at",
    "instances",
    "landscape",
    "margin",
    "merge",
    "merge_sketches",
    "panoptic",
    "probabilities_at",
    "probability_map",
    "query_mask",
    "reason",
    "rivals_at",
    "rounded_down",
    "semantic",
    "sketch",
    "warm_up",
    "why_empty",
    "why_no_instance",
    "why_void",
]

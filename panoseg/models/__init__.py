"""Checkpoint name → Segmenter.

Importing this package costs next to nothing: torch, transformers and huggingface_hub are imported
when a checkpoint is loaded.
"""

from panoseg.models.downloads.progress import Step
from panoseg.models.loading import load_segmenter, look_up, pull, remember_things
from panoseg.models.segmenter import Segmenter

__all__ = ["Segmenter", "Step", "load_segmenter", "look_up", "pull", "remember_things"]

"""Where panoptic quality is lost: a run held against an annotation (docs/evaluation.md)."""

from panoseg.evaluation.annotations import AnnotatedClass, Annotations, read_annotations
from panoseg.evaluation.evaluating import evaluate_run
from panoseg.evaluation.evaluation import EvaluatedPicture, Evaluation
from panoseg.evaluation.reasons import MISSED_WORDS, SURPLUS_WORDS, Missed, Outcome, Surplus

__all__ = [
    "MISSED_WORDS",
    "SURPLUS_WORDS",
    "AnnotatedClass",
    "Annotations",
    "EvaluatedPicture",
    "Evaluation",
    "Missed",
    "Outcome",
    "Surplus",
    "evaluate_run",
    "read_annotations",
]

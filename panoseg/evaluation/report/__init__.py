"""An evaluation as files: a page that needs no network, figures, and a row per segment."""

from panoseg.evaluation.report.files import write_report

__all__ = ["write_report"]

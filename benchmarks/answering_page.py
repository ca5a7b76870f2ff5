"""The page, with a model that answers photos of some sizes with predictions as benchmarks draw them.

Any other photo goes through the demo model.
"""

import runpy
import sys
from pathlib import Path
from typing import Any

import streamlit as st

if str(ROOT := Path(__file__).resolve().parents[1]) not in sys.path:
    sys.path.insert(0, str(ROOT))

import panoseg
from benchmarks.scenes import prediction_of
from panoseg.models import load_segmenter
from panoseg.page import viewer
from panoseg.page.app import SCRIPT


class Answering:
    """A segmenter that knows some answers beforehand."""

    def __init__(self, segmenter: Any) -> None:
        self._segmenter = segmenter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._segmenter, name)

    def predict_many(self, photos: Any, **options: Any) -> list[panoseg.Prediction]:
        """One prediction of each photo, in their order."""
        known = [prediction_of(tuple(photo.size)) for photo in photos]
        return [
            found or self._segmenter.predict_many([photo], **options)[0]
            for photo, found in zip(photos, known, strict=True)
        ]


def _load(name: str, **options: Any) -> Answering:
    return Answering(load_segmenter(name, **options))


if __name__ == "__main__":
    panoseg.load_segmenter = _load  # type: ignore[assignment]
    runpy.run_path(str(SCRIPT), run_name="__main__")
else:
    app = st.App(__file__, routes=viewer.routes())

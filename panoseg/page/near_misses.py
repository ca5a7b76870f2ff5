"""Near misses: what the model saw but a threshold filtered away, and what brings it back."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from panoseg.merging import Candidate, Fate, reason, rounded_down
from panoseg.page.markdown import plain
from panoseg.page.scene import Subject
from panoseg.page.widget_keys import stable_key
from panoseg.thresholds import Thresholds

MOST_NEAR_MISSES = 20
LEAST_SCORE = 0.05


def near_misses(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Queries that could be segments at other thresholds, the likeliest first."""
    missing = [
        candidate
        for candidate in candidates
        if candidate.fate in (Fate.LOW_SCORE, Fate.OCCLUDED, Fate.EMPTY)
        and candidate.score >= LEAST_SCORE
        and candidate.original
    ]
    return sorted(missing, key=lambda candidate: -candidate.score)[:MOST_NEAR_MISSES]


def remedy(candidate: Candidate) -> str:
    """The threshold to move, and by how much, for a near miss to come back."""
    match candidate.fate:
        case Fate.LOW_SCORE:
            return f"score at {rounded_down(candidate.score)}"
        case Fate.OCCLUDED:
            return f"overlap at {rounded_down(candidate.overlap or 0)}"
        case _:
            return "nothing left to it"


def choose_near_miss(
    candidates: Sequence[Candidate], thresholds: Thresholds, subject: Subject
) -> Candidate | None:
    """List what was seen but filtered away; the selected one is returned, to be shown in the picture."""
    missing = near_misses(candidates)
    st.markdown("##### Near misses")
    if not missing:
        st.caption("Nothing that the model saw was filtered away.")
        return None
    event = st.dataframe(
        pd.DataFrame(
            {
                "label": [candidate.label for candidate in missing],
                "score": [rounded_down(candidate.score) for candidate in missing],
                "remedy": [remedy(candidate) for candidate in missing],
            }
        ),
        key=stable_key("near-misses", subject, *(candidate.query for candidate in missing)),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "label": st.column_config.TextColumn("Label"),
            "score": st.column_config.TextColumn("Score", width=70),
            "remedy": st.column_config.TextColumn("Comes back with"),
        },
        height=38 + 35 * min(5, len(missing)),
    )
    rows = event["selection"]["rows"]
    if not rows:
        st.caption("Select one to see its mask in the picture.")
        return None
    chosen = missing[rows[0]]
    st.caption(f"**{plain(chosen.label)}**, striped in the picture. {plain(reason(chosen, thresholds))}")
    return chosen

"""Random predictions for hypothesis: any geometry, any vocabulary, ties on purpose."""

import numpy as np
from hypothesis import strategies as st

from panoseg import Prediction, Vocabulary


@st.composite
def predictions(draw, max_queries=6, max_classes=4):
    """Photos of up to 40×40; some have twin queries, so that ties occur."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    queries = draw(st.integers(1, max_queries))
    classes = draw(st.integers(1, max_classes))
    mask_size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    input_size = draw(st.tuples(st.integers(1, 32), st.integers(1, 32)))
    content_size = tuple(draw(st.integers(1, side)) for side in input_size)
    image_size = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    class_logits = rng.normal(0, 3, (queries, classes + 1))
    mask_logits = rng.normal(0, draw(st.sampled_from([0.5, 4, 20])), (queries, *mask_size))
    if queries > 1 and draw(st.booleans()):
        class_logits[-1], mask_logits[-1] = class_logits[0], mask_logits[0]
    things = draw(st.sets(st.integers(0, classes - 1)))
    return Prediction(
        class_logits,
        mask_logits,
        input_size,
        content_size,
        image_size,
        Vocabulary([f"class {c}" for c in range(classes)], things),
    )


fractions = st.one_of(st.sampled_from([0.0, 0.5, 0.8, 1.0]), st.floats(0, 1))

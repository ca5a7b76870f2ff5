"""Random predictions for hypothesis: any geometry, any vocabulary, ties on purpose."""

import numpy as np
from hypothesis import strategies as st

from panoseg import Prediction, Vocabulary

# Sides of (mask, padded input, photo): tiny, beyond a tile, photo smaller than the grid, and very long.
_SIDES = (
    (st.integers(1, 9), st.integers(1, 32), st.integers(1, 40)),
    (st.integers(1, 24), st.integers(8, 96), st.integers(1, 80)),
    (st.integers(8, 24), st.integers(32, 96), st.integers(1, 12)),
    (st.integers(1, 9), st.integers(1, 12), st.integers(60, 240)),
)


@st.composite
def predictions(draw, max_queries=6, max_classes=4):
    """Photos of up to 240×240; some have twin queries or flat masks, so that ties occur."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    queries = draw(st.integers(1, max_queries))
    classes = draw(st.integers(1, max_classes))
    mask_size, input_size, image_size = zip(
        *(tuple(draw(side) for side in draw(st.sampled_from(_SIDES))) for _ in "yx"), strict=True
    )
    content_size = tuple(draw(st.integers(1, side)) for side in input_size)
    class_logits = rng.normal(0, 3, (queries, classes + 1))
    mask_logits = rng.normal(0, draw(st.sampled_from([0.5, 4, 20, 1000])), (queries, *mask_size))
    match draw(st.sampled_from(["noise", "smooth", "flat", "steps"])):
        case "smooth":
            mask_logits = mask_logits.cumsum(1).cumsum(2) / sum(mask_size)
        case "flat":
            mask_logits[:] = mask_logits[:, :1, :1]
        case "steps":
            mask_logits = np.sign(mask_logits) * 5
    if queries > 1 and draw(st.booleans()):
        class_logits[-1], mask_logits[-1] = class_logits[0], mask_logits[0]
    things = draw(
        st.one_of(st.just(set()), st.just(set(range(classes))), st.sets(st.integers(0, classes - 1)))
    )
    return Prediction(
        class_logits,
        mask_logits,
        input_size,
        content_size,
        image_size,
        Vocabulary([f"class {c}" for c in range(classes)], things),
    )


fractions = st.one_of(st.sampled_from([0.0, 0.5, 0.8, 1.0]), st.floats(0, 1))

"""The panoptic rules once more, naively: every query at every pixel, float64, no cleverness.

Written from docs/semantics.md, apart from panoseg's own code; the merging must agree with it.
"""

import numpy as np


def resize(image, height, width):
    """Bilinear, corners not aligned, one axis after the other."""
    for axis, target in ((0, height), (1, width)):
        source = image.shape[axis]
        at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
        low = np.floor(at).astype(int)
        high = np.minimum(low + 1, source - 1)
        part = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        image = np.take(image, low, axis) * (1 - part) + np.take(image, high, axis) * part
    return image


def mask_probabilities(prediction):
    """(Q, H, W) float64: logits to the padded input, cropped, to the photo, then the sigmoid."""
    content_height, content_width = prediction.content_size
    logits = [
        resize(
            resize(mask.astype(np.float64), *prediction.input_size)[:content_height, :content_width],
            *prediction.image_size,
        )
        for mask in prediction.mask_logits
    ]
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.array(logits)))


def panoptic(prediction, score, mask, overlap):
    """(id map, segments as dicts, margin): margin is by how little the closest decision was made."""
    logits = prediction.class_logits.astype(np.float64)
    classes = np.exp(logits - logits.max(axis=1, keepdims=True))
    classes /= classes.sum(axis=1, keepdims=True)
    kept = [
        q
        for q in range(len(classes))
        if classes[q].argmax() != len(prediction.vocabulary) and classes[q].max() > score
    ]
    id_map = np.zeros(prediction.image_size, dtype=int)
    if not kept:
        return id_map, [], np.inf
    probability = mask_probabilities(prediction)[kept]
    weighted = probability * classes[kept].max(axis=1)[:, None, None]
    owner = weighted.argmax(axis=0)
    margin = np.abs(probability - mask).min()
    for k in range(len(kept)):
        for other in range(k):
            if not np.array_equal(weighted[k], weighted[other]):  # twins tie exactly, and the first wins
                best = np.maximum(weighted[k], weighted[other]) >= weighted.max(axis=0)
                margin = min(margin, np.abs(weighted[k] - weighted[other])[best].min(initial=np.inf))

    segments = []
    for k, q in enumerate(kept):
        original = probability[k] >= mask
        owned = owner == k
        final = owned & original
        if not (original.any() and owned.any() and final.any()):
            continue
        if owned.sum() / original.sum() < overlap:
            continue
        label = int(classes[q].argmax())
        shared = [s for s in segments if s["class_id"] == label and label not in prediction.vocabulary.things]
        if not shared:
            segments.append({"id": len(segments) + 1, "class_id": label, "parts": []})
            shared = segments[-1:]
        shared[0]["parts"].append((classes[q].max(), final.sum()))
        id_map[final] = shared[0]["id"]
    return id_map, segments, margin

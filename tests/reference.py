"""The rules once more, naively: every query at every pixel, float64, no cleverness.

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


def class_probabilities(prediction):
    """(Q, C + 1) softmax."""
    logits = prediction.class_logits.astype(np.float64)
    classes = np.exp(logits - logits.max(axis=1, keepdims=True))
    return classes / classes.sum(axis=1, keepdims=True)


def kept_queries(prediction, score):
    classes = class_probabilities(prediction)
    return [
        q
        for q in range(len(classes))
        if classes[q].argmax() != len(prediction.vocabulary) and classes[q].max() > score
    ]


def are_twins(prediction, one, other):
    """Whether two queries say the same: then they tie exactly, and the first wins."""
    return all(
        np.array_equal(logits[one], logits[other])
        for logits in (prediction.class_logits, prediction.mask_logits)
    )


def panoptic(prediction, score, mask, overlap):
    """(id map, segments as dicts, margin, counts).

    The margin is by how little the closest decision was made; counts are owned, original and final pixels of
    each kept query.
    """
    classes = class_probabilities(prediction)
    kept = kept_queries(prediction, score)
    id_map = np.zeros(prediction.image_size, dtype=int)
    if not kept:
        return id_map, [], np.inf, {}
    probability = mask_probabilities(prediction)[kept]
    weighted = probability * classes[kept].max(axis=1)[:, None, None]
    owner = weighted.argmax(axis=0)
    margin = np.abs(probability - mask).min() if 0 < mask < 1 else np.inf
    for k in range(len(kept)):
        for other in range(k):
            if not are_twins(prediction, kept[k], kept[other]):
                best = np.maximum(weighted[k], weighted[other]) >= weighted.max(axis=0)
                margin = min(margin, np.abs(weighted[k] - weighted[other])[best].min(initial=np.inf))

    segments, counts = [], {}
    for k, q in enumerate(kept):
        original = probability[k] >= mask
        owned = owner == k
        final = owned & original
        counts[q] = owned.sum(), original.sum(), final.sum()
        if not (original.any() and owned.any() and final.any()):
            continue
        if owned.sum() / original.sum() < overlap:
            continue
        label = int(classes[q].argmax())
        shared = [s for s in segments if s["class_id"] == label and label not in prediction.vocabulary.things]
        if not shared:
            segments.append({"id": len(segments) + 1, "class_id": label, "parts": []})
            shared = segments[-1:]
        shared[0]["parts"].append((classes[q].max(), final.sum(), probability[k][final].sum()))
        id_map[final] = shared[0]["id"]
    return id_map, segments, margin, counts


def semantic(prediction):
    """(C, H, W) float64 scores of the classes; the map is where the largest is."""
    content_height, content_width = prediction.content_size
    with np.errstate(over="ignore"):
        at_input = [
            1 / (1 + np.exp(-resize(mask.astype(np.float64), *prediction.input_size)))
            for mask in prediction.mask_logits
        ]
    cropped = np.array(at_input)[:, :content_height, :content_width]
    classes = class_probabilities(prediction)[:, :-1]
    return np.array(
        [
            resize(sum(classes[q, c] * cropped[q] for q in range(len(classes))), *prediction.image_size)
            for c in range(classes.shape[1])
        ]
    )


def instances(prediction, score, limit):
    """Instances as dicts with class_id, query, score, quality and mask, by descending score."""
    classes = class_probabilities(prediction)[:, :-1]
    probability = mask_probabilities(prediction)
    pairs = [(q, c) for q in range(classes.shape[0]) for c in range(classes.shape[1])]
    pairs = sorted(pairs, key=lambda pair: -classes[pair])[:limit]
    found = []
    for q, c in pairs:
        mask = probability[q] > 0.5
        if c in prediction.vocabulary.things and mask.any():
            quality = probability[q][mask].mean()
            found.append(
                {
                    "class_id": c,
                    "query": q,
                    "score": classes[q, c] * quality,
                    "quality": quality,
                    "mask": mask,
                }
            )
    return sorted((one for one in found if one["score"] > score), key=lambda one: -one["score"])


def margin(prediction, score):
    """(H, W) best minus second-best score × probability."""
    kept = kept_queries(prediction, score)
    if not kept:
        return np.zeros(prediction.image_size)
    weighted = (
        mask_probabilities(prediction)[kept] * class_probabilities(prediction)[kept].max(1)[:, None, None]
    )
    weighted = np.sort(np.concatenate([np.zeros((1, *prediction.image_size)), weighted]), axis=0)
    return weighted[-1] - weighted[-2]


def landscape(prediction, score, mask, overlap):
    """(segments, things, stuff, coverage) at one score threshold."""
    id_map, segments, _, _ = panoptic(prediction, score, mask, overlap)
    things = sum(s["class_id"] in prediction.vocabulary.things for s in segments)
    return len(segments), things, len(segments) - things, (id_map > 0).mean()

"""Predictions as a network makes them, without a network: blobs that tile the photo, seen through noisy
logits.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import panoseg

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "coco-sample"
SAMPLE_PHOTO = (360, 640)
PAPERS_PHOTO = (1118, 1878)  # the most pixels that the page shows
PAPERS_GRID = (200, 336)  # a quarter of the input, at the paper's size
CLASSES = 133  # as in COCO panoptic: 80 things, 53 stuff
THINGS = 80
VOCABULARY = panoseg.Vocabulary([f"class {c}" for c in range(CLASSES)], things=range(THINGS))


def blobs(
    image_size: tuple[int, int],
    kept: int,
    queries: int = 100,
    grid: tuple[int, int] = (96, 96),
    wiggle: float = 0.06,
    seed: int = 0,
) -> panoseg.Prediction:
    """A photo in `kept` regions with curved borders, each the mask of one query with a score above 0.8.

    The other queries are mostly "no object", a few of them near misses; their masks are faint copies of
    kept ones. A mask's logits rise from −12 outside to 8 inside over a few samples of the grid, with noise.

    Args:
        wiggle: how far borders are bent, in sides of the photo; more makes them longer.
    """
    rng = np.random.default_rng(seed)
    height, width = grid
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
    bent_y, bent_x = y + wiggle * _waves(rng, y, x), x + wiggle * _waves(rng, y, x)
    seeds = rng.random((kept, 2))
    distance = np.hypot(bent_y - seeds[:, 0, None, None], bent_x - seeds[:, 1, None, None])
    nearest = np.sort(distance, axis=0)
    others = (
        np.where(distance == nearest[0], nearest[min(1, kept - 1)], nearest[0]) if kept > 1 else distance + 1
    )
    slope = 0.5 * max(grid) * 6
    logits = np.empty((queries, height, width), np.float32)
    logits[:kept] = np.clip((others - distance) * slope, -12, 8)
    for query in range(kept, queries):
        logits[query] = logits[rng.integers(kept)] - 4
    logits += rng.normal(0, 0.4, logits.shape)

    scores = np.concatenate([rng.uniform(0.82, 0.999, kept), rng.uniform(0.4, 0.99, queries - kept)])
    labels = rng.integers(0, CLASSES, queries)
    labels[kept:] = np.where(rng.random(queries - kept) < 0.1, labels[kept:], CLASSES)
    scores[kept:] = np.where(labels[kept:] == CLASSES, scores[kept:], rng.uniform(0.2, 0.78, queries - kept))
    order = rng.permutation(queries)
    side = (4 * height, 4 * width)
    return panoseg.Prediction(
        _class_logits(rng, labels, scores)[order], logits[order], side, side, image_size, VOCABULARY
    )


def _waves(rng: np.random.Generator, y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.zeros_like(y)
    for frequency in (2, 3, 5, 8, 13):
        a, b, phase = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0, 2 * np.pi)
        total += np.sin(2 * np.pi * frequency * (a * y + b * x) + phase) / frequency
    return total


def _class_logits(
    rng: np.random.Generator, labels: NDArray[np.int64], scores: NDArray[np.float64]
) -> NDArray[np.float32]:
    rest = rng.dirichlet(np.full(CLASSES, 0.05), len(labels)) + 1e-7
    probabilities = np.empty((len(labels), CLASSES + 1))
    for query, (label, score) in enumerate(zip(labels, scores, strict=True)):
        others = np.delete(np.arange(CLASSES + 1), label)
        probabilities[query, label] = score
        probabilities[query, others] = (1 - score) * rest[query] / rest[query].sum()
    return np.log(probabilities).astype(np.float32)


def annotated(input_size: tuple[int, int]) -> panoseg.Prediction:
    """An annotated photograph as the logits of a network that sees it well, but not surely."""
    data = json.loads((SAMPLE / "panoptic.json").read_text(encoding="utf-8"))
    (entry,) = data["annotations"]
    rgb = np.asarray(Image.open(SAMPLE / entry["file_name"]).convert("RGB")).astype(np.int64)
    id_map = rgb @ np.array([1, 256, 65536])
    categories = [category["id"] for category in data["categories"]]
    rng = np.random.default_rng(0)
    masks, class_logits = [], []
    for segment in entry["segments_info"]:
        mask = Image.fromarray(np.float32(id_map == segment["id"]))
        at_input = np.asarray(mask.resize(input_size[::-1], Image.Resampling.BILINEAR))
        share = at_input.reshape(input_size[0] // 4, 4, input_size[1] // 4, 4).mean(axis=(1, 3))
        share = np.clip(share, 1e-3, 1 - 1e-3)
        masks.append(np.log(share / (1 - share)) + rng.normal(0, 0.2, share.shape))
        sure = rng.uniform(4, 10)
        class_logits.append(
            sure * (np.arange(len(categories) + 1) == categories.index(segment["category_id"]))
        )
    vocabulary = panoseg.Vocabulary(
        [c["name"] for c in data["categories"]], [i for i, c in enumerate(data["categories"]) if c["isthing"]]
    )
    height, width = id_map.shape
    return panoseg.Prediction(
        np.array(class_logits), np.array(masks), input_size, input_size, (height, width), vocabulary
    )


@cache
def prediction_of(size: tuple[int, int]) -> panoseg.Prediction | None:
    """What is answered to photos of a (height, width); None leaves it to the demo model."""
    if size == PAPERS_PHOTO:
        return blobs(size, 100, grid=PAPERS_GRID)
    if size == SAMPLE_PHOTO and SAMPLE.is_dir():
        return annotated((384, 384))
    return None

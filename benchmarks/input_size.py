"""What a larger input is worth: the same pictures, seen at several sizes; prints markdown tables.

    python benchmarks/input_size.py
    python benchmarks/input_size.py --annotation FOLDER

Masks come at a quarter of the input's size. "The grid" is what any network could reach at best: the truth
itself, brought to that grid and merged back. "The model" is what the demo model makes of it, which was
trained at its shipped size alone. The edge is the share of the pixels within two pixels of a true boundary
that get their true class; the seconds are those of all cores together, so that other work does not count.

A folder with one annotated photograph in the COCO panoptic format (a JSON file and a PNG) adds the grid's
row for it; none is part of panoseg.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import panoseg
from benchmarks.demo_quality import HELD_OUT
from panoseg.demo.world import WORLD_VOCABULARY, draw_scene
from panoseg.models.checkpoints.catalog import CATALOG
from panoseg.models.checkpoints.preprocess import FitEdges, InputPolicy, Squash
from panoseg.models.checkpoints.size_choice import SizeChoice
from panoseg.photo import Photo
from panoseg.quality import ClassQuality, LabelMap, panoptic_quality

SIZE = (640, 960)
SIZES: tuple[SizeChoice, ...] = ("shipped", 288, 320, 384, 512)
SURE = 10.0


def seen(
    photo: Photo, truth: LabelMap, segmenter: panoseg.Segmenter, input_size: SizeChoice
) -> panoseg.Prediction:
    """What a model says, which knows nothing of the truth."""
    return segmenter.predict(photo, input_size=input_size)


def ideal(
    photo: Photo, truth: LabelMap, vocabulary: panoseg.Vocabulary, policy: InputPolicy
) -> panoseg.Prediction:
    """The truth as a network would say it that makes no mistake but sees the photo at the policy's size."""
    height, width = truth.id_map.shape
    content, size = policy.geometry((height, width))
    masks, classes = [], []
    for segment_id, class_id in truth.classes.items():
        mask = Image.fromarray(np.float32(truth.id_map == segment_id))
        seen = np.zeros(size, np.float32)
        seen[: content[0], : content[1]] = np.asarray(
            mask.resize(content[::-1], Image.Resampling.BILINEAR)  # which averages where it shrinks
        )
        share = seen.reshape(size[0] // 4, 4, size[1] // 4, 4).mean(axis=(1, 3)).clip(1e-4, 1 - 1e-4)
        masks.append(np.log(share / (1 - share)))
        classes.append(SURE * (np.arange(len(vocabulary) + 1) == class_id))
    return panoseg.Prediction(np.array(classes), np.array(masks), size, content, (height, width), vocabulary)


def edge_accuracy(truth: LabelMap, guess: LabelMap) -> tuple[int, int]:
    """(right, all): pixels within two pixels of a boundary of the truth, and those of the true class."""
    ids = truth.id_map
    boundary = np.zeros(ids.shape, bool)
    boundary[:, 1:] |= ids[:, 1:] != ids[:, :-1]
    boundary[1:] |= ids[1:] != ids[:-1]
    band = np.zeros_like(boundary)
    for dy in range(-2, 2):  # a boundary lies between its pixel and the one before
        for dx in range(-2, 2):
            band |= np.roll(boundary, (dy, dx), (0, 1))
    band &= ids != 0
    return int((_classes(truth) == _classes(guess))[band].sum()), int(band.sum())


def _classes(labels: LabelMap) -> NDArray[np.int64]:
    lookup = np.full(int(labels.id_map.max()) + 1, -1)
    for segment_id, class_id in labels.classes.items():
        lookup[segment_id] = class_id
    return lookup[labels.id_map]


def measure(
    truths: Iterable[tuple[Photo, LabelMap]],
    vocabulary: panoseg.Vocabulary,
    predict: Callable[[Photo, LabelMap], panoseg.Prediction],
) -> tuple[float, float, float, float]:
    """(PQ, PQ over all segments, edge, processor seconds per picture); qualities from 0 to 1."""
    pairs, right, wanted, seconds = [], 0, 0, []
    for photo, truth in truths:
        start = time.process_time()
        prediction = predict(photo, truth)
        seconds.append(time.process_time() - start)
        guess = LabelMap.of(panoseg.panoptic(prediction))
        pairs.append((truth, guess))
        good, count = edge_accuracy(truth, guess)
        right, wanted = right + good, wanted + count
    quality = panoptic_quality(pairs, vocabulary)
    assert quality.all is not None
    together = sum(quality.classes, ClassQuality())
    return quality.all.pq, together.pq, right / wanted, float(np.median(seconds))


def scenes(count: int) -> list[tuple[Photo, LabelMap]]:
    """Held-out scenes with their truth."""
    drawn = ((seed, draw_scene(seed, SIZE)) for seed in HELD_OUT[:count])
    return [(Photo.from_pixels(scene.pixels, f"scene {seed}"), LabelMap.of(scene)) for seed, scene in drawn]


def annotated(folder: Path) -> tuple[LabelMap, panoseg.Vocabulary]:
    """The truth of the one photograph that the folder's JSON file describes."""
    (file,) = folder.glob("*.json")
    data = json.loads(file.read_text(encoding="utf-8"))
    (entry,) = data["annotations"]
    rgb = np.asarray(Image.open(folder / entry["file_name"]).convert("RGB")).astype(np.int64)
    class_ids = {category["id"]: class_id for class_id, category in enumerate(data["categories"])}
    vocabulary = panoseg.Vocabulary(
        [category["name"] for category in data["categories"]],
        [class_ids[category["id"]] for category in data["categories"] if category["isthing"]],
    )
    segments = entry["segments_info"]
    classes = {segment["id"]: class_ids[segment["category_id"]] for segment in segments}
    crowd = frozenset(segment["id"] for segment in segments if segment["iscrowd"])
    return LabelMap(rgb @ np.array([1, 256, 65536]), classes, crowd), vocabulary


def _grid(policy: InputPolicy, image_size: tuple[int, int]) -> str:
    _, (height, width) = policy.geometry(image_size)
    return f"{width} × {height} | {width // 4} × {height // 4}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scenes", type=int, default=30)
    parser.add_argument("--annotation", type=Path, metavar="FOLDER")
    options = parser.parse_args()

    segmenter, demo = panoseg.load_segmenter("demo"), CATALOG["demo"].policy
    truths = scenes(options.scenes)
    segmenter.predict(truths[0][0])  # the first pass is slower
    print(f"{options.scenes} held-out scenes of {SIZE[1]} × {SIZE[0]} pixels, the demo model\n")
    print("| input | masks | the grid: PQ | edge | the model: PQ | edge | processor, s |")
    print("|---|---|---|---|---|---|---|")
    for size in SIZES:
        policy = demo.at(size)
        best, _, best_edge, _ = measure(
            truths, WORLD_VOCABULARY, partial(ideal, vocabulary=WORLD_VOCABULARY, policy=policy)
        )
        pq, _, edge, seconds = measure(
            truths, WORLD_VOCABULARY, partial(seen, segmenter=segmenter, input_size=size)
        )
        print(
            f"| {_grid(policy, SIZE)} | {100 * best:.1f} | {100 * best_edge:.1f} | {100 * pq:.1f} | "
            f"{100 * edge:.1f} | {seconds:.2f} |"
        )
    if options.annotation:
        truth, vocabulary = annotated(options.annotation)
        photo = Photo.from_pixels(np.zeros((*truth.id_map.shape, 3), np.uint8), "annotated")
        print("\n| input | masks | the grid: PQ over all segments | edge |\n|---|---|---|---|")
        for policy in (InputPolicy(Squash(384, 384)), InputPolicy(FitEdges(800, 1333))):
            _, together, edge, _ = measure(
                [(photo, truth)], vocabulary, partial(ideal, vocabulary=vocabulary, policy=policy)
            )
            height, width = truth.id_map.shape
            print(f"| {_grid(policy, (height, width))} | {100 * together:.1f} | {100 * edge:.1f} |")


if __name__ == "__main__":
    main()

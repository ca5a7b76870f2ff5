"""Panoptic quality of the demo model on scenes it was never trained on; prints a markdown table.

    python benchmarks/demo_quality.py
    python benchmarks/demo_quality.py --model build/demo/weights --scenes 50

Scenes are merged at their own size with the default thresholds. Their seeds lie below those that
tools/train_demo.py draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import panoseg
from panoseg.demo.world import WORLD_VOCABULARY, draw_scene
from panoseg.photo import Photo
from panoseg.quality import LabelMap, MeanQuality, PanopticQuality, panoptic_quality

HELD_OUT = range(500_000, 600_000)
SIZE = (320, 480)


def pairs(segmenter: panoseg.Segmenter, count: int) -> Iterator[tuple[LabelMap, LabelMap]]:
    """(truth, guess) for the first `count` held-out scenes."""
    for seed in HELD_OUT[:count]:
        scene = draw_scene(seed, SIZE)
        prediction = segmenter.predict(Photo.from_pixels(scene.pixels, f"scene {seed}"))
        yield LabelMap.of(scene), LabelMap.of(panoseg.panoptic(prediction))


def table(quality: PanopticQuality) -> str:
    """Markdown, in per cent: the three means, then each class."""

    def row(name: str, pq: float, sq: float, rq: float, counts: str) -> str:
        return f"| {name} | {100 * pq:.1f} | {100 * sq:.1f} | {100 * rq:.1f} | {counts} |"

    def mean(name: str, group: MeanQuality | None) -> str:
        if group is None:
            return f"| **{name}** | n/a | n/a | n/a | |"
        return row(f"**{name}**", group.pq, group.sq, group.rq, f"{group.count} classes")

    lines = ["| | PQ | SQ | RQ | found / missed / false |", "|---|---|---|---|---|"]
    lines += [mean("all", quality.all), mean("things", quality.things), mean("stuff", quality.stuff)]
    for label, found in zip(quality.vocabulary.labels, quality.classes, strict=True):
        counts = f"{found.true_positives} / {found.false_negatives} / {found.false_positives}"
        lines.append(row(label, found.pq, found.sq, found.rq, counts))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="demo", help='"demo" or a folder')
    parser.add_argument("--scenes", type=int, default=200)
    options = parser.parse_args()
    segmenter = panoseg.load_segmenter(options.model)
    quality = panoptic_quality(pairs(segmenter, options.scenes), WORLD_VOCABULARY)
    print(f"{options.scenes} held-out scenes of {SIZE[1]} × {SIZE[0]} pixels\n\n{table(quality)}")


if __name__ == "__main__":
    main()

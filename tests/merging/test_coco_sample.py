"""An annotated photograph turned into logits and merged back: what a mask grid can hold, and what not."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import panoseg
from panoseg.quality import ClassQuality, LabelMap, panoptic_quality

SAMPLE = Path(__file__).parents[2].parent / "shared" / "data" / "coco-sample"
pytestmark = pytest.mark.skipif(not SAMPLE.is_dir(), reason=f"no annotated photo at {SAMPLE}")


def annotation():
    """(id map, segments as dicts, vocabulary)."""
    data = json.loads((SAMPLE / "panoptic.json").read_text(encoding="utf-8"))
    (entry,) = data["annotations"]
    rgb = np.asarray(Image.open(SAMPLE / entry["file_name"]).convert("RGB")).astype(np.int64)
    categories = data["categories"]
    vocabulary = panoseg.Vocabulary(
        [c["name"] for c in categories],
        [i for i, c in enumerate(categories) if c["isthing"]],
        [c["id"] for c in categories],
    )
    contiguous = {c["id"]: i for i, c in enumerate(categories)}
    segments = [{**s, "class_id": contiguous[s["category_id"]]} for s in entry["segments_info"]]
    return rgb @ [1, 256, 65536], segments, vocabulary


@pytest.mark.parametrize(
    ("input_size", "least"), [((384, 384), 0.85), ((800, 1424), 0.97)], ids=["96×96", "200×356"]
)
def test_the_grid_of_the_masks_bounds_the_quality(input_size, least, record_property):
    id_map, segments, vocabulary = annotation()
    masks, class_logits = [], []
    for segment in segments:
        mask = Image.fromarray(np.float32(id_map == segment["id"]))
        at_input = np.asarray(mask.resize(input_size[::-1], Image.Resampling.BILINEAR))  # antialiased
        share = at_input.reshape(input_size[0] // 4, 4, input_size[1] // 4, 4).mean(axis=(1, 3))
        share = np.clip(share, 1e-4, 1 - 1e-4)
        masks.append(np.log(share / (1 - share)))
        class_logits.append(10.0 * (np.arange(len(vocabulary) + 1) == segment["class_id"]))
    prediction = panoseg.Prediction(
        np.array(class_logits), np.array(masks), input_size, input_size, id_map.shape, vocabulary
    )
    truth = LabelMap(
        id_map,
        {s["id"]: s["class_id"] for s in segments},
        frozenset(s["id"] for s in segments if s["iscrowd"]),
    )
    quality = panoptic_quality([(truth, LabelMap.of(panoseg.panoptic(prediction)))], vocabulary)
    together = sum(quality.classes, ClassQuality())
    record_property("pq", together.pq)
    print(f"PQ {together.pq:.3f} at {input_size[1] // 4} × {input_size[0] // 4}")
    assert together.pq >= least

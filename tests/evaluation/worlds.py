"""Annotated data sets on disk and runs of given predictions, made up for tests."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from panoseg import Prediction, Vocabulary
from panoseg.runs import open_run
from panoseg.runs.header import Header
from panoseg.runs.ledger import Ledger
from panoseg.runs.listing import list_pictures
from panoseg.runs.records import encode_prediction
from panoseg.runs.sources import Source
from panoseg.runs.writer_lock import WriterLock
from panoseg.runs.writing import RunWriter, make_run_folder

LABELS = ("sky", "grass", "person", "ball")
VOCABULARY = Vocabulary(LABELS, things=[2, 3], dataset_ids=[11, 12, 1, 2])
CATEGORIES = tuple(
    {"id": number, "name": label, "isthing": int(c in VOCABULARY.things)}
    for c, (number, label) in enumerate(zip(VOCABULARY.dataset_ids, LABELS, strict=True))
)


def write_annotation(folder: Path, pictures: dict, categories=CATEGORIES, name="truth") -> Path:
    """`pictures`: name → (id map, [(id, category id, crowd), …]). Returns the JSON's path."""
    masks = folder / name
    masks.mkdir(parents=True, exist_ok=True)
    images, annotations = [], []
    for number, (picture, (id_map, segments)) in enumerate(pictures.items(), 1):
        png = f"{Path(picture).stem}.png"
        ids = np.asarray(id_map, np.int64)
        digits = np.stack([ids & 255, ids >> 8 & 255, ids >> 16 & 255], axis=-1).astype(np.uint8)
        Image.fromarray(digits).save(masks / png)
        height, width = ids.shape
        images.append({"id": number, "file_name": picture, "height": height, "width": width})
        annotations.append(
            {
                "image_id": number,
                "file_name": png,
                "segments_info": [
                    {
                        "id": int(own),
                        "category_id": int(category),
                        "iscrowd": int(crowd),
                        "area": int((ids == own).sum()),
                    }
                    for own, category, crowd in segments
                ],
            }
        )
    path = folder / f"{name}.json"
    content = {"images": images, "annotations": annotations, "categories": list(categories)}
    path.write_text(json.dumps(content))
    return path


def write_run(folder: Path, predictions: dict[str, Prediction], vocabulary=VOCABULARY):
    """A run of these predictions, as a network would have made it."""
    header = Header("made up", vocabulary, weights_sha256="0" * 64)
    make_run_folder(folder)
    with WriterLock(folder):
        header.write(folder)
        ledger = Ledger(folder, write=True)
        list_pictures(ledger, (Source(name, f"/nowhere/{name}") for name in predictions))
        with RunWriter(folder, ledger, header, lambda _: None) as writer:
            for row in ledger.rows("waiting"):
                prediction = predictions[row.name]
                height, width = prediction.image_size
                row = replace(row, height=height, width=width)
                writer.settle([(row, encode_prediction(prediction), None)])
        ledger.close()
    return open_run(folder)


def prediction_of(masks, classes, vocabulary=VOCABULARY, size=None) -> Prediction:
    """A network that says exactly this: Q masks (H, W) bool (or logits), each with {class: probability}; what
    is left is "no object".
    """
    masks = np.array([np.where(m, 9.0, -9.0) if m.dtype == bool else m for m in map(np.asarray, masks)])
    probabilities = np.full((len(masks), len(vocabulary) + 1), 1e-6)
    for row, each in zip(probabilities, classes, strict=True):
        for class_id, probability in each.items():
            row[class_id] = probability
        row[-1] = max(1e-6, 1 - row[:-1].sum())
    height, width = masks.shape[1:]
    return Prediction(
        np.log(probabilities), masks, (height, width), (height, width), size or (height, width), vocabulary
    )


def random_truth(rng, size=(24, 32), segments=6, vocabulary=VOCABULARY, void=0.1, crowd=0.2):
    """(id map, segments): blobs of random classes, each stuff class at most once, some void, some crowds."""
    height, width = size
    seeds = rng.random((segments, 2)) * [height, width]
    yy, xx = np.mgrid[:height, :width]
    nearest = ((yy[..., None] - seeds[:, 0]) ** 2 + (xx[..., None] - seeds[:, 1]) ** 2).argmin(axis=-1)
    ids = rng.permutation(np.arange(1, 70_000, 997))[:segments]
    id_map = ids[nearest]
    id_map[rng.random(size) < void * rng.random()] = 0
    found, used = [], set()
    for own in ids.tolist():
        class_id = int(rng.integers(len(vocabulary)))
        if not (id_map == own).any():
            continue
        if class_id not in vocabulary.things and class_id in used:
            class_id = min(vocabulary.things)
        used.add(class_id)
        is_crowd = class_id in vocabulary.things and rng.random() < crowd
        found.append((own, vocabulary.dataset_ids[class_id], is_crowd))
    return id_map, found


def random_prediction(rng, truth, queries=10, vocabulary=VOCABULARY, noise=3.0) -> Prediction:
    """Queries that have something to do with a truth: shifted, torn, doubled, misnamed and unsure ones."""
    id_map, segments = truth
    class_of = {number: c for c, number in enumerate(vocabulary.dataset_ids)}
    masks, classes = [], []
    for n in range(queries):
        # Each segment once, then some of them again.
        own, category, _ = segments[n if n < len(segments) else int(rng.integers(len(segments)))]
        logits = np.where(id_map == own, 4.0, -4.0)
        logits = np.roll(logits, rng.integers(-2, 3, 2), (0, 1)) + rng.normal(
            0, noise * rng.random(), id_map.shape
        )
        if rng.random() < 0.2:
            logits[:, : id_map.shape[1] // 2] = -4
        class_id = class_of[category] if rng.random() < 0.8 else int(rng.integers(len(vocabulary)))
        score = float(rng.choice([0.03, 0.3, 0.6, 0.85, 0.95, 0.99]) - 0.005 * rng.random())
        masks.append(logits)
        # Unsure of the class, rather than of there being something.
        classes.append({c: (1 - score) / (len(vocabulary) + 1) for c in range(len(vocabulary))})
        classes[-1][class_id] = score
    return prediction_of(masks, classes, vocabulary)

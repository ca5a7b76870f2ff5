"""A collection: numbers of a thousand pictures at other thresholds, beside merging each; prints markdown.

    python benchmarks/collection.py                a minute on two cores
    python benchmarks/collection.py --pictures 50  a few, to see that everything runs

Predictions are the demo model's, of scenes that it was not trained on, each used several times over.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.merging import table
from panoseg.collection.opened import OpenedRun
from panoseg.collection.overview import overview
from panoseg.collection.questions import read_question
from panoseg.collection.segment_table import SegmentTable
from panoseg.collection.survey import Survey
from panoseg.demo.annotated import write_scenes
from panoseg.merging import merge_sketches, sketch
from panoseg.tasks import Task

SCENES = 24
QUESTION = "sheep >= 2, area > 1 %"


def seconds(do: Callable[[], object], rounds: int = 5) -> float:
    """The median of a few rounds, after one that does not count."""
    do()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return median(taken)


def measure(folder: Path, pictures: int) -> None:
    """Print what it costs to look at so many pictures at other thresholds."""
    write_scenes(folder / "scenes", SCENES, annotations=False)
    panoseg.make_run(folder / "scenes", store=folder / "run", model="demo", engine="torch").close()
    opened = OpenedRun(folder / "run", lambda content, name: panoseg.open_photo(content, name=name))
    predictions = [opened.item(position).prediction() for position in opened.positions]
    things = frozenset(opened.run.header.vocabulary.things)
    sketches = [sketch(each) for each in predictions]
    many = [sketches[at % SCENES] for at in range(pictures)]
    names = [f"scene-{at:05d}.png" for at in range(pictures)]
    moved = panoseg.Thresholds(score=0.6, mask=0.45)
    each_exact = seconds(lambda: [panoseg.panoptic(p, moved) for p in predictions]) / SCENES
    about = seconds(lambda: merge_sketches(many, moved, things))
    make = seconds(lambda: [sketch(each) for each in predictions]) / SCENES
    survey = Survey(opened, moved, Task.PANOPTIC)
    for position in opened.positions:
        survey.add(position)
    parts = [survey._exact[opened.positions[at % SCENES]] for at in range(pictures)]
    whole = SegmentTable.of(parts)
    question = read_question(QUESTION, opened.labels)
    asked = seconds(lambda: overview(whole, names, opened.labels, question, "rarest"))
    first = opened.positions[0]
    opened.map(first, moved, Task.PANOPTIC)
    tile = seconds(lambda: opened.map(first, panoseg.Thresholds(), Task.PANOPTIC))
    exact = each_exact * pictures
    print(
        table(
            ["", "seconds", "against merging each"],
            [
                [f"{pictures:,} pictures, each merged at 480 × 320", f"{exact:.2f}", "1"],
                ["the same from their sketches (“about”)", f"{about:.3f}", f"{exact / about:.0f} ×"],
                ["a question, an order, three histograms", f"{asked:.3f}", ""],
                ["making a sketch", f"{make:.5f}", ""],
                ["a tile's map at other thresholds", f"{tile:.4f}", ""],
            ],
        )
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), parser.parse_args().pictures)


if __name__ == "__main__":
    main()

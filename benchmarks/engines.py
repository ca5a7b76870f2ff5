"""Seconds and memory from a photo's file to its segments, beside transformers' pipeline; prints markdown.

    python benchmarks/engines.py                       all of it: some 12 minutes on two cores, 8 GB
    python benchmarks/engines.py --quick               one small round, to see that everything runs
    python benchmarks/engines.py --annotation FOLDER   with an annotated COCO photo's segments
    python benchmarks/engines.py --device cuda         on a GPU, without OpenVINO

Contestants are `transformers.pipeline("image-segmentation")`, panoseg on torch and panoseg on OpenVINO. Each
reads the file, runs the network and merges in a process of its own; they take turns, so that whatever else
the machine does slows all of them. Memory is the most that the process ever held, loading included.

The networks are Mask2Former's in full size with random weights. Their answers would leave nothing to merge,
so they are computed and then replaced, for all contestants alike, by the logits of a photo with 30 kept
queries. It is drawn (benchmarks/scenes.py) or annotated: a folder with a panoptic.json in COCO's format and
the PNG that it names.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import panoseg
from benchmarks.demo_quality import HELD_OUT
from benchmarks.merging import megabytes, table
from benchmarks.scenes import CLASSES, THINGS, blobs
from panoseg.cores import usable_cores
from panoseg.demo.world import draw_scene
from panoseg.models.checkpoints.preprocess import NetworkInput
from panoseg.models.engines.engine import Cancelled, Engine, Logits
from panoseg.photo import Photo
from panoseg.setting_values import EngineName

PIPELINE: Final = "pipeline"
TORCH: Final = "torch"
OPENVINO: Final = "openvino"
NAMES = {PIPELINE: "transformers' pipeline", TORCH: "panoseg, torch", OPENVINO: "panoseg, OpenVINO"}
BACKBONES: dict[str, dict[str, Any]] = {
    "Swin-T": {"embed_dim": 96, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24], "window_size": 7},
    "Swin-B": {"embed_dim": 128, "depths": [2, 2, 18, 2], "num_heads": [4, 8, 16, 32], "window_size": 12},
}
SIZES = {"384×384": (384, 384), "800×1088": (800, 1088)}  # the second is 800/1333 for a 4:3 photo
PHOTO_SIZE = (3000, 4000)
KEPT, QUERIES = 30, 100
SCORE, MASK, OVERLAP = 0.8, 0.5, 0.8
TARGETS = {TORCH: "4×", OPENVINO: "7×"}
SCENES = 20

Answer = tuple[NDArray[np.float32], NDArray[np.float32]]


def write_checkpoint(backbone: str, folder: Path) -> None:
    """A Mask2Former in full size with random weights, and the preprocessor of the official ones."""
    import torch
    from transformers import Mask2FormerConfig, Mask2FormerForUniversalSegmentation, SwinConfig

    stages = ["stage1", "stage2", "stage3", "stage4"]
    # Both classes take more than they declare.
    swin_config: Any = SwinConfig
    config: Any = Mask2FormerConfig
    swin = swin_config(image_size=384, out_features=stages, **BACKBONES[backbone])
    labels = {index: f"class {index}" for index in range(CLASSES)}
    torch.manual_seed(0)
    network = Mask2FormerForUniversalSegmentation(
        config(
            backbone_config=swin,
            num_queries=QUERIES,
            id2label=labels,
            label2id={label: index for index, label in labels.items()},
            panoseg_things=list(range(THINGS)),
        )
    )
    network.save_pretrained(folder)
    height, width = SIZES["384×384"]
    settings = {
        "image_processor_type": "Mask2FormerImageProcessor",
        "size": {"height": height, "width": width},
        "size_divisor": 32,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")


def write_photo(path: Path) -> None:
    """A 12-megapixel JPEG of a drawn scene."""
    height, width = PHOTO_SIZE
    small = draw_scene(HELD_OUT[0], (height // 4, width // 4)).pixels
    Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(path, quality=90)


def write_answer(path: Path, input_size: tuple[int, int], annotation: Path | None) -> None:
    """Class logits (Q, C + 1) and mask logits (Q, h, w) with some 30 queries to keep."""
    grid = (input_size[0] // 4, input_size[1] // 4)
    if annotation is None:
        drawn = blobs(PHOTO_SIZE, KEPT, QUERIES, grid)
        np.savez(path, classes=drawn.class_logits, masks=drawn.mask_logits)
        return
    data = json.loads((annotation / "panoptic.json").read_text(encoding="utf-8"))
    entry = data["annotations"][0]
    rgb = np.asarray(Image.open(annotation / entry["file_name"]).convert("RGB"), dtype=np.int64)
    class_of = {category["id"]: index for index, category in enumerate(data["categories"])}
    classes = np.zeros((QUERIES, CLASSES + 1), np.float32)
    classes[:, CLASSES] = 10.0  # no object, but for …
    masks = np.full((QUERIES, *grid), -12.0, np.float32)
    for query, segment in enumerate(entry["segments_info"][:QUERIES]):
        mask = Image.fromarray(np.float32(rgb @ [1, 256, 65536] == segment["id"]))
        share = np.asarray(mask.resize(grid[::-1], Image.Resampling.BILINEAR)).clip(1e-4, 1 - 1e-4)
        masks[query] = np.log(share / (1 - share))
        classes[query, CLASSES] = 0.0
        classes[query, class_of[segment["category_id"]]] = 10.0
    np.savez(path, classes=classes, masks=masks)


class Answering:
    """An engine that does its work and then answers something else."""

    def __init__(self, engine: Engine, answer: Answer) -> None:
        self._engine = engine
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def run(self, inputs: Sequence[NetworkInput], cancelled: Cancelled) -> list[Logits]:
        classes, masks = self._answer
        computed = self._engine.run(inputs, cancelled)
        for logits in computed:
            assert logits.masks.shape == masks.shape
        return [Logits(classes, masks) for _ in computed]


@dataclass(frozen=True)
class Job:
    """What one contestant's process does.

    Attributes:
        input_size: "384×384" or "800×1088".
        answer: file of the logits that replace the network's.
        device: "cpu", "cuda" …
    """

    contestant: str
    checkpoint: str
    input_size: str
    photo: str
    answer: str
    device: str

    def ready(self) -> Callable[[], int]:
        """Everything loaded; call it to go from the file to the segments, of which it gives the number."""
        with np.load(self.answer) as file:
            answer: Answer = file["classes"], file["masks"]
        return self._pipeline(answer) if self.contestant == PIPELINE else self._panoseg(answer)

    def _pipeline(self, answer: Answer) -> Callable[[], int]:
        import torch
        import transformers

        library: Any = transformers
        processor = library.Mask2FormerImageProcessorPil.from_pretrained(self.checkpoint)
        if self.input_size != "384×384":
            processor.size = {"shortest_edge": 800, "longest_edge": 1333}
        segment = library.pipeline(
            "image-segmentation", model=self.checkpoint, image_processor=processor, device=self.device
        )
        forward = segment.model.forward
        classes, masks = (torch.from_numpy(array)[None] for array in answer)

        def answering(*args: Any, **options: Any) -> Any:
            output = forward(*args, **options)
            assert output.masks_queries_logits.shape == masks.shape
            output.class_queries_logits = classes.to(self.device)
            output.masks_queries_logits = masks.to(self.device)
            return output

        segment.model.forward = answering
        thresholds = {
            "threshold": SCORE, "mask_threshold": MASK, "overlap_mask_area_threshold": OVERLAP
        }  # fmt: skip
        return lambda: len(segment(self.photo, subtask="panoptic", **thresholds))

    def _panoseg(self, answer: Answer) -> Callable[[], int]:
        engine: EngineName = OPENVINO if self.contestant == OPENVINO else TORCH
        segmenter: Any = panoseg.load_segmenter(Path(self.checkpoint), device=self.device, engine=engine)
        segmenter._engine = Answering(segmenter._engine, answer)
        size = "shipped" if self.input_size == "384×384" else 800

        def segment() -> int:
            prediction = segmenter.predict(panoseg.open_photo(self.photo), input_size=size)
            return len(panoseg.panoptic(prediction, panoseg.Thresholds(SCORE, MASK, OVERLAP)).segments)

        return segment


def work(job: Job) -> None:
    """A contestant's process: one round for each line on standard input, told in a line of JSON."""
    segment = job.ready()
    for _ in sys.stdin:
        start = time.perf_counter()
        segments = segment()
        print(json.dumps([time.perf_counter() - start, segments, _peak()]), flush=True)


def _peak() -> int:
    """The most bytes that this process ever held, as Linux tells."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


class Contestant:
    """Such a process, from outside."""

    def __init__(self, job: Job, log: Any) -> None:
        self.seconds: list[float] = []
        self.segments = self.peak = 0
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--work", json.dumps(vars(job))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            process.kill()

    def round(self) -> float:
        """Seconds from the file to the segments."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        seconds, self.segments, self.peak = json.loads(self._process.stdout.readline())
        return float(seconds)


def compare(jobs: Sequence[Job], rounds: int, log: Any) -> list[Contestant]:
    """All of them in turn, after a round each that does not count."""
    with ExitStack() as stack:
        contestants = [stack.enter_context(Contestant(job, log)) for job in jobs]
        for contestant in contestants:
            contestant.round()
        for _ in range(rounds):
            for contestant in contestants:
                contestant.seconds.append(contestant.round())
    return contestants


def rows(backbone: str, size: str, measured: dict[str, Contestant]) -> list[list[str]]:
    """One row for each contestant, beside the pipeline."""
    pipeline = measured[PIPELINE]
    cells = []
    for name, contestant in measured.items():
        seconds = median(contestant.seconds)
        ratio = median(pipeline.seconds) / seconds
        aimed = (backbone, size) == ("Swin-T", "384×384")
        cells.append(
            [
                backbone, size, NAMES[name], f"{seconds:.2f} s", f"{ratio:.1f}×",
                TARGETS.get(name, "") if aimed else "", megabytes(contestant.peak),
                f"{contestant.peak / pipeline.peak:.2f}", str(contestant.segments),
            ]
        )  # fmt: skip
    return cells


def speed(options: argparse.Namespace, folder: Path, log: Any) -> None:
    """The table of seconds and memory, and what conversions took."""
    write_photo(photo := folder / "photo.jpg")
    contestants = [name for name in NAMES if name != OPENVINO or options.device == "cpu"]
    lines, conversions = [], []
    for backbone in ("Swin-T",) if options.quick else BACKBONES:
        write_checkpoint(backbone, checkpoint := folder / backbone)
        for size in ("384×384",) if options.quick else SIZES:
            write_answer(answer := folder / f"{size}.npz", SIZES[size], options.annotation)
            jobs = [
                Job(name, str(checkpoint), size, str(photo), str(answer), options.device)
                for name in contestants
            ]
            if OPENVINO in contestants:
                # In a process of its own: what is measured later finds the network on disk.
                with Contestant(jobs[-1], log) as converting:
                    conversions.append([backbone, size, f"{converting.round():.0f} s"])
            measured = dict(zip(contestants, compare(jobs, options.rounds, log), strict=True))
            lines += rows(backbone, size, measured)
            print(*lines[-len(measured) :], sep="\n", file=sys.stderr)
    print(f"Medians of {options.rounds} rounds.\n")
    header = ["network", "input", "", "time", "ratio", "wanted", "memory", "share", "segments"]
    print(table(header, lines))
    if conversions:
        print("The first photo of a size, conversion included, where photos wait for it:\n")
        print(table(["network", "input", "time"], conversions))


def label_map(prediction: panoseg.Prediction) -> NDArray[np.int64]:
    """The photo's size: a number for each segment that tells its class, its place among its like, or 0."""
    segmentation = panoseg.panoptic(prediction)
    numbers, seen = [0], Counter[int]()
    for segment in segmentation.segments:
        seen[segment.class_id] += 1
        numbers.append(1 + segment.class_id + 1000 * seen[segment.class_id])
    return np.array(numbers)[segmentation.id_map]


def agreement(scenes: int) -> None:
    """How many pixels of held-out scenes get the same segment from both engines."""
    print(f"### Agreement\n\nPanoptic maps of the demo model, {scenes} held-out scenes.\n")
    torch, openvino = (
        panoseg.load_segmenter("demo", device="cpu", engine=engine) for engine in (TORCH, OPENVINO)
    )
    lines = []
    for title, size, input_size in (
        ("480×320, squashed to 256×256", (320, 480), "shipped"),
        ("480×320, input size 256: padded alike", (320, 480), 256),
        ("500×320, input size 256: padded further for OpenVINO", (320, 500), 256),
    ):
        equal, difference = [], 0.0
        for seed in HELD_OUT[:scenes]:
            photo = Photo.from_pixels(draw_scene(seed, size).pixels, f"scene {seed}")
            one, other = (
                segmenter.predict(photo, input_size=input_size)  # type: ignore[arg-type]
                for segmenter in (torch, openvino)
            )
            equal.append(np.mean(label_map(one) == label_map(other)))
            difference = max(difference, float(np.abs(one.class_logits - other.class_logits).max()))
        lines.append([title, f"{np.mean(equal):.3%}", f"{min(equal):.2%}", f"{difference:.1e}"])
    print(table(["scenes", "equal pixels", "least in a scene", "class logits differ by up to"], lines))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="Swin-T at 384×384, one round, two scenes")
    parser.add_argument("--annotation", type=Path, metavar="FOLDER")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(Job(**json.loads(options.work)))
        return
    if options.quick:
        options.rounds = 1
    libraries = ", ".join(f"{name} {version(name)}" for name in ("torch", "transformers", "openvino"))
    print(f"{usable_cores()} cores, {platform.machine()}, Python {platform.python_version()}, {libraries}.\n")
    with tempfile.TemporaryDirectory() as name, (Path(name) / "log").open("w+") as log:
        os.environ["PANOSEG_CACHE"] = name
        try:
            speed(options, Path(name), log)
        except json.JSONDecodeError:  # a contestant ended before its answer
            log.seek(0)
            sys.exit(log.read())
        if options.device == "cpu":
            agreement(2 if options.quick else SCENES)


if __name__ == "__main__":
    main()

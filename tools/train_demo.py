"""Train the demo model: a small Mask2Former that knows the drawn world of `panoseg.demo.world`.

    python tools/train_demo.py --minutes 100          # by the clock
    python tools/train_demo.py --steps 4000           # the same shares, counted in steps
    python tools/train_demo.py --steps 4000 --resume  # go on after an interruption

Scenes are drawn once into `--work`; a checkpoint is kept there. At every checkpoint the averaged
weights are written to `--output`, in the layout of `save_pretrained`. A worker is one process with
one thread: for a network this small two of them are twice as fast as one process with two threads.
Needs the development requirements (scipy matches queries to objects). docs/demo-model.md has the
numbers that came out.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import Pool, get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from PIL import Image
from transformers import (
    Mask2FormerConfig,
    Mask2FormerForUniversalSegmentation,
    Mask2FormerImageProcessorPil,
    ResNetConfig,
)

from panoseg.demo.world import WORLD_VOCABULARY, draw_scene

ROOT = Path(__file__).resolve().parents[1]
FIRST_SEED = 1_000_000  # the benchmark's held-out scenes lie far below
STORED = 256
MOST_SEGMENTS = 24
SHAPES = ((240, 360), (240, 360), (240, 360), (252, 336), (224, 398), (280, 280), (320, 240))
Bytes = NDArray[np.uint8]
MEAN, STD = (0.55, 0.58, 0.52), (0.22, 0.2, 0.24)
# (until this share of the training, input sizes in pixels): coarse first, as it costs least.
STAGES = ((0.32, (128, 128, 128, 160)), (0.62, (192, 192, 160, 224)), (1.0, (256, 256, 192, 256)))


def configuration() -> Mask2FormerConfig:
    """A ResNet with a thin decoder, below two million parameters."""
    backbone: dict[str, Any] = {
        "embedding_size": 32,
        "hidden_sizes": [32, 64, 96, 152],
        "depths": [2, 2, 2, 2],
        "layer_type": "basic",
        "out_features": ["stage1", "stage2", "stage3", "stage4"],
    }
    labels = WORLD_VOCABULARY.labels
    config = Mask2FormerConfig(
        backbone_config=ResNetConfig(**backbone),
        feature_size=64,
        mask_feature_size=64,
        hidden_dim=64,
        encoder_feedforward_dim=256,
        dim_feedforward=256,
        encoder_layers=2,
        decoder_layers=7,
        num_attention_heads=4,
        num_queries=24,
        dropout=0.0,
        train_num_points=1600,
        oversample_ratio=2.0,
        id2label=dict(enumerate(labels)),
        label2id={label: index for index, label in enumerate(labels)},
    )
    config.update({"panoseg_things": sorted(WORLD_VOCABULARY.things)})
    return config


def preprocessor() -> Mask2FormerImageProcessorPil:
    """Squash to the square that the last stage trains on."""
    return Mask2FormerImageProcessorPil(
        size={"height": STORED, "width": STORED},
        do_resize=True,
        resample=Image.Resampling.BILINEAR,
        do_rescale=True,
        rescale_factor=1 / 255,
        do_normalize=True,
        image_mean=list(MEAN),
        image_std=list(STD),
    )


def squashed_scene(seed: int) -> tuple[Bytes, Bytes, NDArray[np.int8]]:
    """A scene as a square of S = `STORED` pixels.

    Returns:
        pixels (S, S, 3), ids (S, S), and the classes of ids 1, 2, …, filled up with −1.
    """
    scene = draw_scene(seed, SHAPES[seed % len(SHAPES)])
    square = (STORED, STORED)
    pixels = Image.fromarray(scene.pixels).resize(square, Image.Resampling.BILINEAR)
    ids = Image.fromarray(scene.id_map.astype(np.uint8)).resize(square, Image.Resampling.NEAREST)
    classes = np.full(MOST_SEGMENTS, -1, np.int8)
    classes[: len(scene.segments)] = [segment.class_id for segment in scene.segments]
    return np.asarray(pixels), np.asarray(ids), classes


def draw_scenes(folder: Path, count: int) -> None:
    """Draw the training scenes into `folder`, unless they are there."""
    done = folder / f"scenes-{count}"
    if done.exists():
        return
    shapes = {"pixels": (STORED, STORED, 3), "ids": (STORED, STORED), "classes": (MOST_SEGMENTS,)}
    arrays = [
        np.lib.format.open_memmap(
            folder / f"{name}.npy", "w+", np.int8 if name == "classes" else np.uint8, (count, *shape)
        )
        for name, shape in shapes.items()
    ]
    seeds = range(FIRST_SEED, FIRST_SEED + count)
    with Pool() as pool:
        for row, parts in enumerate(pool.imap(squashed_scene, seeds, chunksize=16)):
            for array, part in zip(arrays, parts, strict=True):
                array[row] = part
            if row % 1000 == 0:
                print(f"{row} of {count} scenes drawn", flush=True)
    done.touch()


@dataclass(frozen=True, slots=True)
class Scenes:
    """The drawn scenes, mapped from disk."""

    pixels: Bytes
    ids: Bytes
    classes: NDArray[np.int8]

    @classmethod
    def load(cls, folder: Path) -> Scenes:
        return cls(*(np.load(folder / f"{n}.npy", mmap_mode="r") for n in ("pixels", "ids", "classes")))

    def batch(self, rng: np.random.Generator, count: int, side: int) -> dict[str, Any]:
        """Random scenes at `side` pixels: mirrored and recoloured at random, truth at half that."""
        images, masks, labels = [], [], []
        for row in rng.integers(len(self.pixels), size=count):
            pixels, ids = np.asarray(self.pixels[row]), np.asarray(self.ids[row])
            if side != STORED:
                square = Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR)
                pixels = np.asarray(square)
            step = np.arange(side // 2) * 2 * STORED // side + STORED // side
            ids = ids[np.ix_(step, step)]
            if rng.random() < 0.5:
                pixels, ids = pixels[:, ::-1], ids[:, ::-1]
            found = np.unique(ids)
            images.append(_recoloured(rng, pixels))
            masks.append(torch.from_numpy((ids == found[:, None, None]).astype(np.float32)))
            labels.append(torch.from_numpy(self.classes[row][found - 1].astype(np.int64)))
        return {
            "pixel_values": torch.from_numpy(np.stack(images)),
            "mask_labels": masks,
            "class_labels": labels,
        }


def _recoloured(rng: np.random.Generator, pixels: Bytes) -> NDArray[np.float32]:
    """Normalised (3, H, W) float32 with a random exposure, contrast and tint."""
    gain = rng.uniform(0.85, 1.15) * rng.uniform(0.94, 1.06, 3)
    scale = (gain / (255 * np.array(STD))).astype(np.float32)
    shift = ((rng.uniform(-0.05, 0.05) - np.array(MEAN)) / np.array(STD)).astype(np.float32)
    return np.ascontiguousarray((pixels * scale + shift).transpose(2, 0, 1))


def learning_rate(progress: float, peak: float) -> float:
    """Short warm-up, then half a cosine; `progress` runs from 0 to 1."""
    warm = min(1.0, progress / 0.01 + 0.02)
    return peak * warm * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * progress)))


def sizes(progress: float) -> tuple[int, ...]:
    """Input sizes of the stage that the training is in, in pixels."""
    return next((sides for until, sides in STAGES if progress < until), STAGES[-1][1])


def average_gradients(parameters: list[torch.nn.Parameter]) -> None:
    """Mean of all workers' gradients, in one message."""
    grads = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
    flat = torch.cat([g.reshape(-1) for g in grads])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for parameter, part in zip(parameters, torch.split(flat, [g.numel() for g in grads]), strict=True):
        parameter.grad = part.view_as(parameter)


class Run:
    """One worker's share of the training; worker 0 also averages, logs and saves."""

    def __init__(self, rank: int, options: argparse.Namespace) -> None:
        self.rank, self.options = rank, options
        torch.manual_seed(options.seed)
        self.model = Mask2FormerForUniversalSegmentation(configuration())
        self.parameters = list(self.model.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=options.rate, weight_decay=0.05)
        self.average = copy.deepcopy(self.model)
        self.step, self.seconds = 0, 0.0
        self.last = options.work / "last.pt"
        if options.resume and self.last.exists():
            state = torch.load(self.last, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.average.load_state_dict(state["average"])
            self.step, self.seconds = state["step"], state["seconds"]
        self.rng = np.random.default_rng((options.seed, rank, self.step))
        torch.manual_seed(options.seed * 1000 + rank + self.step)

    def progress(self) -> float:
        """Share of the training that is done, the same for all workers."""
        share = (
            self.step / self.options.steps
            if self.options.steps
            else self.seconds / (60 * self.options.minutes)
        )
        agreed = torch.tensor([share], dtype=torch.float64)
        dist.broadcast(agreed, 0)
        return float(agreed)

    def train(self) -> None:
        scenes = Scenes.load(self.options.work)
        self.model.train()
        losses: list[float] = []
        started, saved = time.monotonic() - self.seconds, time.monotonic()
        while (progress := self.progress()) < 1:
            side = sizes(progress)[self.step % 4]
            for group in self.optimizer.param_groups:
                group["lr"] = learning_rate(progress, self.options.rate)
            # No more points than the coarse masks can tell apart.
            points = side * side // 24
            self.model.criterion.num_points = self.model.criterion.matcher.num_points = points
            loss = self.model(**scenes.batch(self.rng, self.options.batch, side)).loss
            self.optimizer.zero_grad()
            loss.backward()
            average_gradients(self.parameters)
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimizer.step()
            self.step += 1
            self.seconds = time.monotonic() - started
            if self.rank == 0:
                losses.append(loss.item())
                self._update_average()
                if self.step % 100 == 0:
                    mean, losses = sum(losses) / len(losses), []
                    minutes = self.seconds / 60
                    print(
                        f"{progress:6.1%}  step {self.step}  {minutes:.1f} min  loss {mean:.2f}", flush=True
                    )
                if time.monotonic() - saved > 180:
                    self.save()
                    saved = time.monotonic()
        if self.rank == 0:
            self.save()

    def _update_average(self) -> None:
        decay = min(self.options.decay, (1 + self.step) / (20 + self.step))
        values = self.model.state_dict().values()
        for mean, value in zip(self.average.state_dict().values(), values, strict=True):
            if value.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    def save(self) -> None:
        """Keep the state to resume from, and the averaged weights to use."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        fresh = self.last.with_suffix(".new")
        torch.save(state, fresh)
        os.replace(fresh, self.last)
        self.average.save_pretrained(self.options.output)
        preprocessor().save_pretrained(self.options.output)


def worker(rank: int, options: argparse.Namespace) -> None:
    """One process of the training."""
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"file://{options.work}/meeting", rank=rank, world_size=options.workers
    )
    Run(rank, options).train()
    dist.destroy_process_group()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=float, help="length of the schedule by the clock")
    length.add_argument("--steps", type=int, help="length of the schedule in steps")
    parser.add_argument("--scenes", type=int, default=12_000)
    parser.add_argument("--batch", type=int, default=8, help="scenes per worker and step")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--decay", type=float, default=0.998, help="of the weights' moving average")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("build/demo"), help="scenes and checkpoint")
    parser.add_argument("--output", type=Path, default=ROOT / "panoseg" / "demo" / "weights")
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    draw_scenes(options.work, options.scenes)
    (options.work / "meeting").unlink(missing_ok=True)
    ranks = range(options.workers)
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        list(pool.map(worker, ranks, [options] * options.workers))
    benchmark = ROOT / "benchmarks" / "demo_quality.py"
    subprocess.run([sys.executable, benchmark, "--model", options.output], check=True)


if __name__ == "__main__":
    main()

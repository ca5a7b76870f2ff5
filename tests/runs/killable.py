"""A program that makes a run with the fake segmenter, slowly enough to be killed in its midst.

python -m tests.runs.killable PICTURES STORE

A store on object storage is written as on Ray, by this process alone; its ledger is put back at every step.
"""

import sys
import time
from contextlib import contextmanager

from panoseg.runs import make_run, on_ray, remote
from panoseg.runs.stores import is_url
from tests.fakes import FakeSegmenter
from tests.runs.ray_in_place import RayInPlace


class SlowSegmenter(FakeSegmenter):
    """The fake, a few milliseconds a picture."""

    def predict_many(self, photos, **options):
        time.sleep(0.005)
        return super().predict_many(photos, **options)


def slow(name, side_by_side):
    """Loads it."""
    return SlowSegmenter()


@contextmanager
def in_place(options):
    """This process in place of a cluster."""
    yield RayInPlace()


if __name__ == "__main__":
    pictures, store = sys.argv[1:]
    way = {"model": SlowSegmenter()}
    if is_url(store):
        on_ray.cluster, remote.PUT_BACK_SECONDS = in_place, 0.0
        sys.modules["ray"] = RayInPlace()
        way = {"load": slow, "ray": on_ray.RayOptions()}
    make_run(pictures, store=store, progress=lambda p: print(p.done, flush=True), **way)

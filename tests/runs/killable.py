"""A program that makes a run with the fake segmenter, slowly enough to be killed in its midst.

python -m tests.runs.killable PICTURES STORE
"""

import sys
import time

from panoseg.runs import make_run
from tests.fakes import FakeSegmenter


class SlowSegmenter(FakeSegmenter):
    """The fake, a few milliseconds a picture."""

    def predict_many(self, photos, **options):
        time.sleep(0.01)
        return super().predict_many(photos, **options)


if __name__ == "__main__":
    make_run(
        sys.argv[1], store=sys.argv[2], model=SlowSegmenter(), progress=lambda p: print(p.done, flush=True)
    )

import pytest

from panoseg.models.downloads import progress
from panoseg.models.downloads.progress import Meter, Step


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Step("Loading the network"), "Loading the network …"),
        (Step("Getting x", 0, 190_000_000), "Getting x: 0 of 190 MB"),
        (Step("Getting x", 83_000_000, 190_000_000, 12e6), "Getting x: 83 of 190 MB, 12 MB/s, 9 s left"),
        (Step("Getting x", 83_000_000, 190_000_000, 0.5e6), "Getting x: 83 of 190 MB, 0.5 MB/s, 4 min left"),
        (Step("Getting x", 0, 864_000_000, 5e4), "Getting x: 0 of 864 MB, 0.1 MB/s, 5 h left"),
        (Step("Getting x", 100_000, 434_000, 0.0), "Getting x: 0.1 of 0.4 MB"),
    ],
)
def test_one_sentence(step: Step, sentence: str) -> None:
    assert str(step) == sentence


def test_fractions_are_fit_for_a_bar() -> None:
    assert Step("x").fraction is None
    assert Step("x", 0, 0).fraction is None
    assert Step("x", 1, 4).fraction == 0.25
    assert Step("x", 5, 4).fraction == 1.0


def test_the_speed_is_that_of_the_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    steps: list[Step] = []
    meter = Meter("x", 500, 10_000, steps.append)
    for seconds, count in ((0.1, 100), (0.9, 100), *((1.0, 100),) * 9, *((1.0, 400),) * 7):
        now += seconds
        meter.add(count)
    speeds = [step.speed for step in steps]
    assert speeds[0] is None, "too short to tell"
    assert speeds[1] == pytest.approx(200), "what was there before is not counted"
    assert speeds[10] == pytest.approx(100)
    assert speeds[-1] == pytest.approx(400)
    assert (steps[-1].done, steps[-1].total) == (4400, 10_000)
    assert steps[-1].seconds_left == pytest.approx(14)


def test_bytes_that_come_again_are_no_negative_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    steps: list[Step] = []
    meter = Meter("x", 800, 1000, steps.append)
    for count in (-800, 100, 100):
        now += 1.0
        meter.add(count)
    assert [step.done for step in steps] == [0, 100, 200]
    assert [step.speed for step in steps] == [None, 100, 100]

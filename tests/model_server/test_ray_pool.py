"""Where replicas run, as far as it can be seen without Ray."""

import asyncio
import subprocess
import sys

import pytest

pytest.importorskip("ray", reason="Ray is an extra")

from ray.exceptions import RayActorError

from panoseg.model_server import ray_pool
from panoseg.model_server.answers import Asked, Refusal
from panoseg.model_server.ray_internals import end_leftovers
from panoseg.model_server.ray_pool import ClusterOptions, RayPool
from tests.event_loop import run

ASKED = Asked("0" * 64, "shipped", "full")


class Response:
    """As of a handle's call: what it ends in, and whether it was given up."""

    def __init__(self, outcome):
        self.outcome, self.cancelled = outcome, False

    def __await__(self):
        return self.wait().__await__()

    async def wait(self):
        if self.outcome is None:
            await asyncio.sleep(60)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def cancel(self):
        self.cancelled = True


class Handle:
    """As of `serve.run`; `predict` gives one of these outcomes after the other."""

    def __init__(self, *outcomes):
        self.responses = [Response(outcome) for outcome in outcomes]
        self.asked = []
        self.predict = self

    def remote(self, *arguments):
        self.asked.append(arguments)
        return self.responses[len(self.asked) - 1]


def pool_of(handle):
    pool = RayPool(ClusterOptions([]))
    pool._handles["demo"] = handle
    return pool


def test_another_replica_answers_for_one_that_died():
    handle = Handle(RayActorError(), RayActorError(), b"document")
    assert run(pool_of(handle).predict("demo", ASKED, b"picture")) == b"document"
    assert handle.asked == [(tuple(ASKED), b"picture")] * 3


def test_a_picture_over_which_all_die_is_refused():
    answer = run(pool_of(Handle(*[RayActorError() for _ in range(3)])).predict("demo", ASKED, b"picture"))
    assert isinstance(answer, Refusal) and answer.status == 500


def test_a_refusal_comes_back_as_one():
    assert run(pool_of(Handle((422, "No picture."))).predict("demo", ASKED, b"x")) == Refusal(
        422, "No picture."
    )


def test_a_replica_that_does_not_answer_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(ray_pool, "ANSWER_SECONDS", 0.05)
    handle = Handle(None)
    answer = run(pool_of(handle).predict("demo", ASKED, b"x"))
    assert isinstance(answer, Refusal) and answer.status == 503


def test_what_is_given_up_is_given_up_over_there():
    async def scene():
        handle = Handle(None)
        asking = asyncio.create_task(pool_of(handle).predict("demo", ASKED, b"x"))
        await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        while not handle.responses[0].cancelled:
            await asyncio.sleep(0.01)

    run(scene())


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux shows them")
def test_what_ray_leaves_behind_is_ended_and_nothing_else():
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    rays, other = subprocess.Popen([*sleep, "/somewhere/ray/gcs"]), subprocess.Popen([*sleep, "/array/x"])
    try:
        end_leftovers()
        assert rays.wait(20) < 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
